package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestRequests(t *testing.T) {
	server := newServer(t, sandbox.WithTime(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)))
	client := newClient(t, server)
	require.Empty(t, server.Requests())
	create(t, client, createRequest())
	send(t, server, "PUT", "/elsewhere?secret=x", `{"a": [1e400, {"b":null}]}`, nil)

	requests := server.Requests()
	require.Len(t, requests, 2)
	first := requests[0]
	require.Equal(t, []string{"linkTokenCreate", "POST", "/link/token/create"}, []string{first.Operation, first.Method, first.Path})
	require.Equal(t, "application/json", first.Header.Get("Content-Type"))
	require.WithinDuration(t, time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC), first.Time, time.Minute)
	var sent gen.LinkTokenCreateRequest
	require.NoError(t, json.Unmarshal([]byte(first.Body), &sent))
	require.Equal(t, "Example App", sent.ClientName)
	second := requests[1]
	require.Equal(t, []string{"", "PUT", "/elsewhere"}, []string{second.Operation, second.Method, second.Path})
	require.Equal(t, `{"a":[1e400,{"b":null}]}`, second.Body, "what is not a secret stays as it was sent")

	first.Header.Set("Content-Type", "changed")
	require.Equal(t, "application/json", server.Requests()[0].Header.Get("Content-Type"), "the caller has a copy")
}

func TestRequestsHideSecrets(t *testing.T) {
	server, client := start(t)
	access := string(exchange(t, client, newPublicToken(t, client)).AccessToken)
	secret, id := string(server.Credentials().Secret), server.Credentials().ClientID
	req := createRequest()
	req.AccessToken = gen.AccessToken(access)
	req.UserToken, req.UserID = "user-token-1", "user-sandbox-2"
	req.IncomeVerification = &gen.LinkTokenCreateRequestIncomeVerification{AccessTokens: []gen.AccessToken{gen.AccessToken(access)}}
	_, err := client.LinkTokenCreate(t.Context(), req)
	requireRefused(t, err, plaidlink.CodeInvalidField, "user_id and user_token")
	req.AccessToken, req.AccessTokens, req.UserToken, req.UserID = "", []gen.AccessToken{gen.AccessToken(access)}, "", ""
	create(t, client, req)
	for _, body := range []string{
		fmt.Sprintf(`{"client_id":%q,"secret":%q,"deep":[{"access_token":{"x":%q},"\u0073ecret":%q}]}`, id, secret, access, secret),
		fmt.Sprintf(`{"secret":"a","secret":%q}`, secret), // a duplicate
		fmt.Sprintf(`{"secret":%q} {"secret":%q}`, secret, secret),
		fmt.Sprintf(`{"secret":%q`, secret), // no JSON, so it is not kept
		fmt.Sprintf(`secret=%s`, secret),
		fmt.Sprintf(`{"x":"%s","secret":%q}`, strings.Repeat("x", 64<<10), secret), // too large to keep
	} {
		send(t, server, "POST", "/link/token/create", body, func(h http.Header) { h.Set("Authorization", "Bearer "+secret) })
	}
	requests := server.Requests()
	printed := fmt.Sprintf("%+v", requests)
	for _, hidden := range []string{secret, id, access, "user-token-1", "user-sandbox-2"} {
		require.NotContains(t, printed, hidden)
	}
	require.Equal(t, "[redacted]", requests[0].Header.Get("PLAID-SECRET"))
	require.Contains(t, printed, `"access_tokens":"[redacted]"`)
	for _, dropped := range requests[len(requests)-3:] {
		require.Empty(t, dropped.Body)
	}
}

func TestRequestsKeepsTheLastThousand(t *testing.T) {
	handler := sandbox.New()
	for i := range 1005 {
		handler.ServeHTTP(nowhere{http.Header{}}, newRequest(t, fmt.Sprintf("/%d", i)))
	}
	requests := handler.Requests()
	require.Len(t, requests, 1000)
	require.Equal(t, "/5", requests[0].Path)
	require.Equal(t, "/1004", requests[999].Path)
}

func newRequest(t testing.TB, path string) *http.Request {
	r, err := http.NewRequestWithContext(t.Context(), "POST", "http://localhost"+path, http.NoBody)
	require.NoError(t, err)
	return r
}

// nowhere is a ResponseWriter without a client.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}
