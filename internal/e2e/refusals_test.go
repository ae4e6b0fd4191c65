package e2e_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// refusal is an error of the sandbox that every official client must read in the same way.
type refusal struct {
	name       string // what is wrong with the request
	status     int
	kind, code string
	message    string // part of the error_message
}

// refusals have every code that the sandbox returns. Each official client provokes all of them, in this order.
var refusals = []refusal{
	{"another client id", 400, "INVALID_INPUT", "INVALID_API_KEYS", "client_id"},
	{"another secret", 400, "INVALID_INPUT", "INVALID_API_KEYS", "secret"},
	{"another secret in the body", 400, "INVALID_INPUT", "INVALID_API_KEYS", "secret"},
	{"no credentials", 400, "INVALID_INPUT", "INVALID_API_KEYS", "PLAID-CLIENT-ID"},

	{"a later version", 400, "INVALID_REQUEST", "INVALID_HEADERS", "Plaid-Version"},
	{"a body over 1 MiB", 400, "INVALID_REQUEST", "INVALID_BODY", "1048576"},
	{"an operation that the sandbox lacks", 404, "INVALID_REQUEST", "NOT_FOUND", ""},

	{"a filter without its subtypes", 400, "INVALID_REQUEST", "MISSING_FIELDS", "account_filters.depository.account_subtypes"},
	{"an empty name", 400, "INVALID_REQUEST", "INVALID_FIELD", "client_name"},
	{"a country that does not exist", 400, "INVALID_REQUEST", "INVALID_FIELD", "country_codes.0"},
	{"no country", 400, "INVALID_REQUEST", "INVALID_FIELD", "country_codes"},
	{"more days than there are", 400, "INVALID_REQUEST", "INVALID_FIELD", "transactions.days_requested"},
	{"a hosted URL for more than 21 days", 400, "INVALID_REQUEST", "INVALID_FIELD", "hosted_link.url_lifetime_seconds"},
	{"an SMS to nobody", 400, "INVALID_REQUEST", "INVALID_FIELD", "user.phone_number"},
	{"an unknown correlation id", 400, "INVALID_REQUEST", "INVALID_FIELD", "link_correlation_id"},

	{"an unknown link token", 400, "INVALID_INPUT", "INVALID_LINK_TOKEN", "link_token"},
	{"a link token of production", 400, "INVALID_INPUT", "INVALID_LINK_TOKEN", "production"},
	{"a link token of development", 400, "INVALID_INPUT", "INVALID_LINK_TOKEN", "development"},
	{"an expired link token", 400, "INVALID_INPUT", "INVALID_LINK_TOKEN", "expired"},

	{"an unknown public token", 400, "INVALID_INPUT", "INVALID_PUBLIC_TOKEN", "public_token"},
	{"a public token of production", 400, "INVALID_INPUT", "INVALID_PUBLIC_TOKEN", "production"},
	{"a public token for the second time", 400, "INVALID_INPUT", "INVALID_PUBLIC_TOKEN", "exchanged before"},
	{"an expired public token", 400, "INVALID_INPUT", "INVALID_PUBLIC_TOKEN", "expired"},

	{"an unknown access token", 400, "INVALID_INPUT", "INVALID_ACCESS_TOKEN", "access_token"},
	{"an access token of production", 400, "INVALID_INPUT", "INVALID_ACCESS_TOKEN", "production"},
	{"an unknown access token in the list", 400, "INVALID_INPUT", "INVALID_ACCESS_TOKEN", "access_token"},

	{"a replaced access token", 400, "INVALID_INPUT", "INVALID_ACCESS_TOKEN", "replaced"},
	{"a removed Item", 400, "ITEM_ERROR", "ITEM_NOT_FOUND", "removed"},
	{"an Item that needs a new login", 400, "ITEM_ERROR", "ITEM_LOGIN_REQUIRED", "sign in again"},
	{"an account of another Item", 400, "INVALID_INPUT", "INVALID_ACCOUNT_ID", "account_ids"},
	{"a webhook to nowhere", 400, "SANDBOX_ERROR", "SANDBOX_WEBHOOK_INVALID", "/item/webhook/update"},
	{"a webhook of another product", 400, "SANDBOX_ERROR", "SANDBOX_PRODUCT_NOT_ENABLED", "assets"},
	{"a webhook that cannot be fired", 400, "INVALID_REQUEST", "INVALID_FIELD", "webhook_code"},
	{"an unknown user token", 400, "INVALID_INPUT", "INVALID_USER_TOKEN", "user_token"},

	{"balance, which is not a product of Link", 400, "INVALID_INPUT", "INVALID_PRODUCT", "balance"},
	{"an institution of another form", 400, "INVALID_INPUT", "INVALID_INSTITUTION", "institution_id"},
	{"an unknown key of webhooks", 400, "INVALID_INPUT", "INVALID_WEBHOOK_VERIFICATION_KEY_ID", "key_id"},

	{"a rate limit", 429, "RATE_LIMIT_EXCEEDED", "SANDBOX_LIMIT", "too many requests"},
	{"a failure of the server", 500, "API_ERROR", "INTERNAL_SERVER_ERROR", "unexpected"},
}

// clientError is an error as a client reads it.
type clientError struct {
	Status            int    `json:"status"`
	Type              string `json:"error_type"`
	Code              string `json:"error_code"`
	Message           string `json:"error_message"`
	RequestID         string `json:"request_id"`
	NothingToShow     bool   `json:"nothing_to_show"` // display_message is null
	Documentation     string `json:"documentation_url"`
	UnknownProperties int    `json:"unknown_properties"` // that the type of the client lacks
}

func requireRefused(t *testing.T, want refusal, got clientError) {
	t.Helper()
	require.Equal(t, want.status, got.Status)
	require.Equal(t, want.kind, got.Type)
	require.Equal(t, want.code, got.Code)
	require.NotEmpty(t, got.Message)
	require.Contains(t, got.Message, want.message)
	require.Regexp(t, `^[A-Za-z0-9]+$`, got.RequestID)
	require.True(t, got.NothingToShow)
	require.NotEmpty(t, got.Documentation)
	require.Zero(t, got.UnknownProperties)
}
