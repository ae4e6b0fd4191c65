package plaidlink_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// The text of an error has status, code, message and request id, in this order; Temporary reports whether the same call may
// succeed later.
func TestErrorTextIsInOneOrder(t *testing.T) {
	for name, test := range map[string]struct {
		status    int
		body      string
		text      string
		temporary bool
	}{
		"refused": {400, `{"error_type":"INVALID_REQUEST","error_code":"MISSING_FIELDS","error_message":"link_token is missing","request_id":"r1"}`,
			"plaidlink: linkTokenGet: 400 INVALID_REQUEST/MISSING_FIELDS: link_token is missing (request_id r1)", false},
		"Plaid's fault": {500, `{"error_type":"API_ERROR","error_code":"INTERNAL_SERVER_ERROR","error_message":"oops","request_id":"r1"}`,
			"plaidlink: linkTokenGet: 500 API_ERROR/INTERNAL_SERVER_ERROR: oops (request_id r1, perhaps carried out)", true},
		"the bank's fault": {400, `{"error_type":"INSTITUTION_ERROR","error_code":"INSTITUTION_DOWN","error_message":"down","request_id":"r1"}`,
			"plaidlink: linkTokenGet: 400 INSTITUTION_ERROR/INSTITUTION_DOWN: down (request_id r1)", true},
		"no credits": {429, `{"error_type":"RATE_LIMIT_EXCEEDED","error_code":"CREDITS_EXHAUSTED","error_message":"none left"}`,
			"plaidlink: linkTokenGet: 429 RATE_LIMIT_EXCEEDED/CREDITS_EXHAUSTED: none left", false},
		"too many calls": {429, `{"error_type":"RATE_LIMIT_EXCEEDED","error_code":"LINK_LIMIT","error_message":"slow down"}`,
			"plaidlink: linkTokenGet: 429 RATE_LIMIT_EXCEEDED/LINK_LIMIT: slow down", true},
		"a proxy's page": {502, `<html>`, "plaidlink: linkTokenGet: 502 Bad Gateway: the response is not from Plaid (perhaps carried out)", true},
		"no such status": {499, ``, "plaidlink: linkTokenGet: 499 the response is not from Plaid", false},
		"no token":       {200, `{"link_token":null,"request_id":"r1"}`, "plaidlink: linkTokenGet: 200 " + plaidlink.ErrIncomplete.Error() + ": link_token is missing (request_id r1, perhaps carried out)", false},
		"not JSON":       {200, `{`, "plaidlink: linkTokenGet: 200 " + plaidlink.ErrDecode.Error() + `: at "", byte 1: not valid JSON; found content type "application/json" (perhaps carried out)`, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.body)
			}))
			defer server.Close()
			_, err := wiretest.GetToken(t, wiretest.NewClient(t, server.URL), plaidlink.WithMaxAttempts(1))
			var perr *plaidlink.Error
			require.ErrorAs(t, fmt.Errorf("wrapped: %w", err), &perr)
			require.Equal(t, test.text, err.Error())
			require.Equal(t, test.temporary, perr.Temporary())
			require.Equal(t, test.body, string(perr.Raw))
		})
	}
}

// Without a response, a call may succeed later if the network failed; it will not if it failed before the first attempt.
func TestErrorsOfTheNetworkAreTemporary(t *testing.T) {
	client := wiretest.NewClient(t, "http://127.0.0.1:1")
	var perr *plaidlink.Error

	_, err := wiretest.GetToken(t, client, plaidlink.WithMaxAttempts(1))
	require.ErrorAs(t, err, &perr)
	require.True(t, perr.Temporary(), "refused connections may be accepted later")
	require.False(t, perr.MaybeCarriedOut)

	require.ErrorAs(t, noDate(client, t.Context()), &perr)
	require.False(t, perr.Temporary(), "the request cannot be encoded, now or later")

	ended, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the user left"))
	require.ErrorAs(t, notJSON(client, ended), &perr)
	require.False(t, perr.Temporary())
	require.Equal(t, "plaidlink: linkTokenGet: context canceled: the user left", perr.Error())
}

func TestNeedsUpdateMode(t *testing.T) {
	for code, want := range map[plaidlink.ErrorCode]bool{
		plaidlink.CodeItemLoginRequired:         true,
		plaidlink.CodeNoAccounts:                true,  // with account selection
		plaidlink.CodeItemLocked:                true,  // once the user has been at the bank
		plaidlink.CodeAdditionalConsentRequired: true,  // with the products to consent to
		plaidlink.CodeUserPermissionRevoked:     true,  // until Plaid refuses the link token
		plaidlink.CodeItemNotFound:              false, // there is nothing to update
		plaidlink.CodeInvalidAccessToken:        false, // nor here
		plaidlink.CodeInvalidCredentials:        false, // a step of Link that is still open
		plaidlink.CodeInstitutionDown:           false, // the bank's fault
		plaidlink.CodeProductNotReady:           false, // it passes by itself
		"TELEPORT_REQUIRED":                     false, // unknown
		"":                                      false,
	} {
		require.Equal(t, want, code.NeedsUpdateMode(), code)
	}
}

func TestItemGone(t *testing.T) {
	for code, want := range map[plaidlink.ErrorCode]bool{
		plaidlink.CodeItemNotFound:            true,
		plaidlink.CodeItemConcurrentlyDeleted: true,
		plaidlink.CodeInvalidAccessToken:      true,
		plaidlink.CodeItemLoginRequired:       false,
		plaidlink.CodeUserPermissionRevoked:   false, // update mode may bring it back
	} {
		require.Equal(t, want, plaidlink.ItemGone(fmt.Errorf("wrapped: %w", &plaidlink.Error{Code: code})), code)
	}
	require.False(t, plaidlink.ItemGone(nil))
	require.False(t, plaidlink.ItemGone(errors.New("ITEM_NOT_FOUND")))
}

// A response without what its operation is for is an error that names it.
func TestIncompleteResponsesOfItemsAndUsers(t *testing.T) {
	for missing, call := range map[string]func(context.Context, *plaidlink.Client) error{
		"itemGet: 200 incomplete response: item.item_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.ItemGet(ctx, gen.ItemGetRequest{})
			return err
		},
		"itemRemove: 200 incomplete response: request_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.ItemRemove(ctx, gen.ItemRemoveRequest{})
			return err
		},
		"itemAccessTokenInvalidate: 200 incomplete response: new_access_token": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.ItemAccessTokenInvalidate(ctx, gen.ItemAccessTokenInvalidateRequest{})
			return err
		},
		"itemWebhookUpdate: 200 incomplete response: item.item_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.ItemWebhookUpdate(ctx, gen.ItemWebhookUpdateRequest{})
			return err
		},
		"accountsGet: 200 incomplete response: item.item_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.AccountsGet(ctx, gen.AccountsGetRequest{})
			return err
		},
		"institutionsGetById: 200 incomplete response: institution.institution_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.InstitutionsGetByID(ctx, gen.InstitutionsGetByIDRequest{InstitutionID: "ins_1"})
			return err
		},
		"userCreate: 200 incomplete response: user_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.UserCreate(ctx, gen.UserCreateRequest{ClientUserID: "user-123"})
			return err
		},
		"userGet: 200 incomplete response: user_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.UserGet(ctx, gen.UserGetRequest{})
			return err
		},
		"userUpdate: 200 incomplete response: request_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.UserUpdate(ctx, gen.UserUpdateRequest{})
			return err
		},
		"userRemove: 200 incomplete response: request_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.UserRemove(ctx, gen.UserRemoveRequest{})
			return err
		},
		"sandboxItemResetLogin: 200 incomplete response: request_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.SandboxItemResetLogin(ctx, gen.SandboxItemResetLoginRequest{})
			return err
		},
		"sandboxItemFireWebhook: 200 incomplete response: request_id": func(ctx context.Context, c *plaidlink.Client) error {
			_, err := c.SandboxItemFireWebhook(ctx, gen.SandboxItemFireWebhookRequest{WebhookCode: "ERROR"})
			return err
		},
	} {
		m := wiretest.InMemory(wiretest.Reply(200, `{}`))
		err := call(t.Context(), m.Client(t))
		require.ErrorIs(t, err, plaidlink.ErrIncomplete)
		require.ErrorContains(t, err, "plaidlink: "+missing+" is missing")
	}
}
