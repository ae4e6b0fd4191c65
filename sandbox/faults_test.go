package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

const exchangeOperation = "itemPublicTokenExchange"

func TestFailPlaidError(t *testing.T) {
	server, client := start(t)
	token := create(t, client, createRequest()).LinkToken
	require.NoError(t, server.Fail("linkTokenGet",
		sandbox.PlaidError(429, plaidlink.TypeRateLimitExceeded, plaidlink.CodeRateLimit, "slow down").RetryAfter("7"),
		sandbox.PlaidError(503, plaidlink.TypeAPIError, plaidlink.CodePlannedMaintenance, "later"),
	))
	for _, want := range []plaidlink.Error{
		{StatusCode: 429, Type: plaidlink.TypeRateLimitExceeded, Code: plaidlink.CodeRateLimit, Message: "slow down", RetryAfter: 7 * time.Second},
		{StatusCode: 503, Type: plaidlink.TypeAPIError, Code: plaidlink.CodePlannedMaintenance, Message: "later"},
	} {
		create(t, client, createRequest()) // another operation is not affected
		_, err := client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: token})
		var got *plaidlink.Error
		require.ErrorAs(t, err, &got)
		require.Equal(t, want.StatusCode, got.StatusCode)
		require.Equal(t, want.Type, got.Type)
		require.Equal(t, want.Code, got.Code)
		require.Equal(t, want.Message, got.Message)
		require.Equal(t, want.RetryAfter, got.RetryAfter)
	}
	get(t, client, token) // no fault is left
}

func TestFailHTML(t *testing.T) {
	server, client := start(t)
	require.NoError(t, server.Fail("linkTokenCreate", sandbox.HTML(502)))
	_, err := client.LinkTokenCreate(t.Context(), createRequest())
	var got *plaidlink.Error
	require.ErrorAs(t, err, &got)
	require.Equal(t, 502, got.StatusCode)
	require.Empty(t, got.Code)
	require.Contains(t, string(got.Raw), "<title>502 Bad Gateway</title>")
}

func TestFailDrop(t *testing.T) {
	for name, test := range map[string]struct {
		fault     sandbox.Fault
		exchanged bool
	}{
		"before it is carried out": {sandbox.Drop(), false},
		"after it is carried out":  {sandbox.DropResponse(), true},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := start(t)
			req := gen.ItemPublicTokenExchangeRequest{PublicToken: newPublicToken(t, client)}
			require.NoError(t, server.Fail(exchangeOperation, test.fault))
			_, err := client.ItemPublicTokenExchange(t.Context(), req)
			var got *plaidlink.Error
			require.ErrorAs(t, err, &got)
			require.Zero(t, got.StatusCode, "there was no response")
			require.True(t, got.MaybeCarriedOut)

			_, err = client.ItemPublicTokenExchange(t.Context(), req)
			if !test.exchanged {
				require.NoError(t, err)
				return
			}
			requireRefused(t, err, plaidlink.CodeInvalidPublicToken, "was exchanged before")
		})
	}
}

func TestFailSlow(t *testing.T) {
	server, client := start(t)
	require.NoError(t, server.Fail("linkTokenCreate", sandbox.Slow(20*time.Millisecond)))
	began := time.Now()
	create(t, client, createRequest())
	require.GreaterOrEqual(t, time.Since(began), 20*time.Millisecond)
}

// watched is a fault that signals when a request has come to it and when it has left.
func watched(fault sandbox.Fault) (watched sandbox.Fault, came, left chan struct{}) {
	came, left = make(chan struct{}), make(chan struct{})
	return func(next http.Handler) http.Handler {
		handler := fault(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(came)
			defer close(left)
			handler.ServeHTTP(w, r)
		})
	}, came, left
}

func TestSlowResponseEnds(t *testing.T) {
	for name, end := range map[string]func(cancel func(), server *sandbox.Server){
		"when the client goes":      func(cancel func(), _ *sandbox.Server) { cancel() },
		"when the server is closed": func(_ func(), server *sandbox.Server) { server.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			server, client := start(t)
			slow, came, left := watched(sandbox.Slow(time.Hour))
			require.NoError(t, server.Fail("linkTokenCreate", slow))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			failed := make(chan error)
			go func() {
				_, err := client.LinkTokenCreate(ctx, createRequest())
				failed <- err
			}()
			<-came
			end(cancel, server)
			require.Error(t, <-failed)
			select {
			case <-left:
			case <-time.After(10 * time.Second):
				require.Fail(t, "the response is still under way")
			}
		})
	}
}

func TestFailWithAFaultOfYourOwn(t *testing.T) {
	server, client := start(t)
	var body string
	require.NoError(t, server.Fail("linkTokenCreate", func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			data, _ := io.ReadAll(r.Body)
			body = string(data)
			next.ServeHTTP(w, r)
		})
	}))
	create(t, client, createRequest())
	require.Contains(t, body, `"client_name":"Example App"`)
}

func TestFaultsComeBeforeEveryCheck(t *testing.T) {
	server := newServer(t)
	require.NoError(t, server.Fail("linkTokenGet", sandbox.PlaidError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, "broken")))
	got := send(t, server, "POST", "/link/token/get", "no JSON", func(h http.Header) { h.Del("PLAID-SECRET") })
	require.Equal(t, 500, got.status)
	require.Equal(t, "broken", got.message)
}

func TestPlaidErrorWithoutJSONForm(t *testing.T) {
	server := newServer(t)
	require.NoError(t, server.Fail("linkTokenGet", sandbox.PlaidError(400, plaidlink.TypeInvalidInput, plaidlink.CodeInvalidLinkToken, "\xff")))
	got := send(t, server, "POST", "/link/token/get", `{"link_token":"x"}`, nil)
	require.Equal(t, 500, got.status)
	require.Equal(t, "the response cannot be encoded", got.message)
}

func TestFailErrors(t *testing.T) {
	server, client := start(t)
	require.EqualError(t, server.Fail("LinkTokenGet", sandbox.Drop()),
		`sandbox: Fail: "LinkTokenGet" is not an operationId; expected one such as linkTokenCreate, or a path with a handler`)
	for name, fault := range map[string]sandbox.Fault{
		"nil":               nil,
		"a status too low":  sandbox.HTML(199),
		"a status too high": sandbox.PlaidError(600, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, ""),
		"nil with a header": sandbox.HTML(0).RetryAfter("1"),
	} {
		require.EqualError(t, server.Fail("linkTokenCreate", sandbox.Drop(), fault),
			"sandbox: Fail: fault 2 is nil; a status must be 200 to 599", name)
	}
	create(t, client, createRequest()) // nothing was queued
}
