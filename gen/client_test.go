package gen_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

// A request goes to the operation's path below the server's URL, and can be sent again.
func TestClientRequests(t *testing.T) {
	for server, want := range map[string]string{
		"https://plaid.test":           "https://plaid.test/link/token/get",
		"https://plaid.test/":          "https://plaid.test/link/token/get",
		"https://proxy.test:8443/p/":   "https://proxy.test:8443/p/link/token/get",
		"https://proxy.test/a%2Fb":     "https://proxy.test/a%2Fb/link/token/get", // as it is written, not as it is read
		"http://127.0.0.1:8080/a%20b/": "http://127.0.0.1:8080/a%20b/link/token/get",
	} {
		type key struct{}
		ctx := context.WithValue(t.Context(), key{}, "mine")
		client, err := gen.NewClient(server, doer(func(req *http.Request) (*http.Response, error) {
			require.Equal(t, want, req.URL.String())
			require.Equal(t, req.URL.Host, req.Host)
			require.Equal(t, http.MethodPost, req.Method)
			require.Equal(t, http.Header{"Content-Type": {"application/json"}}, req.Header)
			require.Equal(t, "mine", req.Context().Value(key{}))
			for range 2 {
				body, err := io.ReadAll(req.Body)
				require.NoError(t, err)
				require.JSONEq(t, `{"link_token":"a"}`, string(body))
				require.EqualValues(t, len(body), req.ContentLength)
				require.NoError(t, req.Body.Close())
				req.Body, err = req.GetBody()
				require.NoError(t, err)
			}
			return nil, io.EOF
		}))
		require.NoError(t, err)
		for range 2 { // a client is not changed by a call
			_, err = client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: "a"})
			require.ErrorIs(t, err, io.EOF)
		}
	}
}

func TestClientRefuses(t *testing.T) {
	for _, server := range []string{"", "plaid.test", "/path", "https://", "http://user:hunter2@%zz"} {
		_, err := gen.NewClient(server, http.DefaultClient)
		require.ErrorContains(t, err, "expected an absolute URL", server)
		require.NotContains(t, err.Error(), "hunter2")
	}
	_, err := gen.NewClient("https://plaid.test", nil)
	require.ErrorContains(t, err, "found nil")

	client, err := gen.NewClient("https://plaid.test", http.DefaultClient)
	require.NoError(t, err)
	_, err = client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: "a\xff"})
	require.ErrorContains(t, err, "wire: /link/token/get: ", "a text that JSON cannot carry is not sent")
}
