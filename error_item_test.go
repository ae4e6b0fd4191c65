package plaidlink_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

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
