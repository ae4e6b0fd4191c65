package e2e_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/plaid/plaid-go/v20/plaid"
	"github.com/stretchr/testify/require"
)

func withoutCredentials(c *plaid.Configuration) {
	delete(c.DefaultHeader, "PLAID-CLIENT-ID")
	delete(c.DefaultHeader, "PLAID-SECRET")
}

// withHeader replaces a header that the client sends with every request.
func withHeader(name, value string) func(*plaid.Configuration) {
	return func(c *plaid.Configuration) { c.AddDefaultHeader(name, value) }
}

// provocations returns a call for each of the refusals, which it meets.
func provocations(t *testing.T) map[string]func(context.Context) error {
	running, ready := startSandbox(t), prepare(t)
	client, late := newPlaidGo(t, running), newPlaidGo(t, ready.site)

	creates := func(edit editCreate) func(context.Context) error {
		return func(ctx context.Context) error { _, err := createLinkToken(ctx, client, edit); return err }
	}
	createsBy := func(edit func(*plaid.Configuration)) func(context.Context) error {
		other := newPlaidGo(t, running, edit)
		return func(ctx context.Context) error { _, err := createLinkToken(ctx, other); return err }
	}
	gets := func(by plaidAPI, token string) func(context.Context) error {
		return func(ctx context.Context) error { _, err := getLinkToken(ctx, by, token); return err }
	}
	exchanges := func(by plaidAPI, token string) func(context.Context) error {
		return func(ctx context.Context) error { _, err := exchangeToken(ctx, by, token); return err }
	}
	makes := func(by plaidAPI, institution string) func(context.Context) error {
		return func(ctx context.Context) error { _, err := createPublicToken(ctx, by, institution); return err }
	}
	return map[string]func(context.Context) error{
		"another client id":          createsBy(withHeader("PLAID-CLIENT-ID", "other")),
		"another secret":             createsBy(withHeader("PLAID-SECRET", "other")),
		"another secret in the body": creates(func(r *plaid.LinkTokenCreateRequest) { r.SetSecret("other") }),
		"no credentials":             createsBy(withoutCredentials),

		"a later version":   createsBy(withHeader("Plaid-Version", "2026-01-01")),
		"a body over 1 MiB": creates(func(r *plaid.LinkTokenCreateRequest) { r.ClientName = strings.Repeat("x", 1<<20) }),
		"an operation that the sandbox lacks": func(ctx context.Context) error {
			_, _, err := client.TransactionsSync(ctx).TransactionsSyncRequest(*plaid.NewTransactionsSyncRequest("access-sandbox-1")).Execute()
			return err
		},

		"a filter without its subtypes": creates(func(r *plaid.LinkTokenCreateRequest) {
			untyped := map[string]any{"depository": map[string]any{}} // the type of the client always sends them
			r.SetAccountFilters(plaid.LinkTokenAccountFilters{AdditionalProperties: untyped})
		}),
		"an empty name":                 creates(func(r *plaid.LinkTokenCreateRequest) { r.ClientName = "" }),
		"a country that does not exist": creates(func(r *plaid.LinkTokenCreateRequest) { r.CountryCodes[0] = "XX" }),
		"no country": creates(func(r *plaid.LinkTokenCreateRequest) {
			r.CountryCodes = []plaid.CountryCode{}
		}),
		"more days than there are": creates(func(r *plaid.LinkTokenCreateRequest) {
			r.SetTransactions(plaid.LinkTokenTransactions{DaysRequested: plaid.PtrInt32(731)})
		}),
		"a hosted URL for more than 21 days": creates(func(r *plaid.LinkTokenCreateRequest) {
			r.SetHostedLink(plaid.LinkTokenCreateHostedLink{UrlLifetimeSeconds: plaid.PtrInt32(21*24*60*60 + 1)})
		}),
		"an SMS to nobody": creates(func(r *plaid.LinkTokenCreateRequest) {
			r.SetHostedLink(plaid.LinkTokenCreateHostedLink{DeliveryMethod: plaid.HOSTEDLINKDELIVERYMETHOD_SMS.Ptr()})
		}),
		"an unknown correlation id": func(ctx context.Context) error {
			_, err := exchangeCorrelationID(ctx, client, "147dda43")
			return err
		},

		"an unknown link token":       gets(client, "link-sandbox-1"),
		"a link token of production":  gets(client, "link-production-1"),
		"a link token of development": gets(client, "link-development-1"),
		"an expired link token":       gets(late, ready.ExpiredLinkToken),

		"an unknown public token":      exchanges(client, "public-sandbox-1"),
		"a public token of production": exchanges(client, "public-production-1"),
		"a public token for the second time": func(ctx context.Context) error {
			created, err := createPublicToken(ctx, client, "ins_109508")
			require.NoError(t, err)
			_, err = exchangeToken(ctx, client, created.PublicToken)
			require.NoError(t, err)
			_, err = exchangeToken(ctx, client, created.PublicToken)
			return err
		},
		"an expired public token": exchanges(late, ready.ExpiredPublicToken),

		"an unknown access token": creates(func(r *plaid.LinkTokenCreateRequest) { r.SetAccessToken("access-sandbox-1") }),
		"an access token of production": creates(func(r *plaid.LinkTokenCreateRequest) {
			r.SetAccessToken("access-production-1")
		}),
		"an unknown access token in the list": creates(func(r *plaid.LinkTokenCreateRequest) {
			r.SetAccessTokens([]string{"access-sandbox-1"})
		}),

		"a replaced access token": func(ctx context.Context) error {
			item := newItem(ctx, t, client, "")
			_, err := invalidateToken(ctx, client, item.AccessToken)
			require.NoError(t, err)
			_, err = getItem(ctx, client, item.AccessToken)
			return err
		},
		"a removed Item": func(ctx context.Context) error {
			item := newItem(ctx, t, client, "")
			require.NoError(t, removeItem(ctx, client, item.AccessToken))
			return removeItem(ctx, client, item.AccessToken)
		},
		"an Item that needs a new login": func(ctx context.Context) error {
			item := newItem(ctx, t, client, "")
			require.NoError(t, resetLogin(ctx, client, item.AccessToken))
			_, err := getAccounts(ctx, client, item.AccessToken)
			return err
		},
		"an account of another Item": func(ctx context.Context) error {
			_, err := getAccounts(ctx, client, newItem(ctx, t, client, "").AccessToken, "account-1")
			return err
		},
		"a webhook to nowhere": func(ctx context.Context) error {
			return fireWebhook(ctx, client, newItem(ctx, t, client, "").AccessToken, "LOGIN_REPAIRED")
		},
		"a webhook of another product": func(ctx context.Context) error {
			return fireWebhook(ctx, client, newItem(ctx, t, client, "http://127.0.0.1:1").AccessToken, "PRODUCT_READY")
		},
		"a webhook that cannot be fired": func(ctx context.Context) error {
			return fireWebhook(ctx, client, newItem(ctx, t, client, "http://127.0.0.1:1").AccessToken, "PENDING_EXPIRATION")
		},
		"an unknown user token": func(ctx context.Context) error {
			_, _, err := client.UserUpdate(ctx).UserUpdateRequest(*plaid.NewUserUpdateRequest("user-sandbox-1")).Execute()
			return err
		},

		"balance, which is not a product of Link": creates(func(r *plaid.LinkTokenCreateRequest) {
			r.Products = append(r.Products, plaid.PRODUCTS_BALANCE)
		}),
		"an institution of another form": makes(client, "109508"),
		"an unknown key of webhooks":     func(ctx context.Context) error { _, err := getWebhookKey(ctx, client, "1"); return err },

		"a rate limit":            makes(late, "ins_109508"),
		"a failure of the server": func(ctx context.Context) error { _, err := createLinkToken(ctx, late); return err },
	}
}

// Plaid's client for Go returns its typed error for each refusal.
func TestPlaidGoReadsRefusals(t *testing.T) {
	provoke := provocations(t)
	require.Len(t, provoke, len(refusals))
	for _, want := range refusals {
		plaidGo.check(t, want.name, func(t *testing.T) {
			require.Contains(t, provoke, want.name)
			err := provoke[want.name](t.Context())
			require.Error(t, err)
			status, statusErr := strconv.Atoi(err.Error()[:3]) // the client has it nowhere else
			require.NoError(t, statusErr)
			got, parseErr := plaid.ToPlaidError(err)
			require.NoError(t, parseErr)
			// Version 20 of the client lacks this type, which Plaid documents.
			require.Equal(t, want.kind != "SANDBOX_ERROR", got.ErrorType.IsValid(), "a type that the client lists")
			var properties map[string]any // the type of the client does not distinguish null from absent
			require.NoError(t, json.Unmarshal(err.(plaid.GenericOpenAPIError).Body(), &properties))
			require.Contains(t, properties, "display_message")
			requireRefused(t, want, clientError{
				Status:            status,
				Type:              string(got.ErrorType),
				Code:              got.ErrorCode,
				Message:           got.ErrorMessage,
				RequestID:         got.GetRequestId(),
				NothingToShow:     got.DisplayMessage.Get() == nil,
				Documentation:     got.GetDocumentationUrl(),
				UnknownProperties: len(got.AdditionalProperties),
			})
		})
	}
}
