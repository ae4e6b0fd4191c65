package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// site is a sandbox that a witness talks to.
type site struct {
	URL      string `json:"url"`
	ClientID string `json:"client_id"`
	Secret   string `json:"secret"`
}

// buildDir is where programs are built; TestMain makes and removes it.
var buildDir string

// program builds the command, once.
var program = sync.OnceValues(func() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	path := filepath.Join(buildDir, "plaidlink")
	out, err := exec.CommandContext(ctx, "go", "build", "-C", "../..", "-o", path, "./cmd/plaidlink").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build plaidlink: %w: %s", err, out)
	}
	return path, nil
})

var sandboxReady = regexp.MustCompile(`base URL +(\S+)\n +client id +(\S+)\n +secret +(\S+)\n`)

// startSandbox runs "plaidlink sandbox" until the end of the test. Then an interrupt must make it exit with 0.
func startSandbox(t *testing.T) site {
	t.Helper()
	path, err := program()
	require.NoError(t, err)
	var process *exec.Cmd
	t.Cleanup(func() { // after that of start, which waits for the end
		if process != nil {
			require.Zero(t, process.ProcessState.ExitCode(), "the exit code of plaidlink sandbox")
		}
	})
	match, process := start(t, sandboxReady, path, "sandbox", "--listen", "127.0.0.1:0", "--strict")
	return site{URL: match[1], ClientID: match[2], Secret: match[3]}
}

// finished is the response of /_sandbox/link/finish.
type finished struct {
	LinkSessionID string   `json:"link_session_id"`
	PublicTokens  []string `json:"public_tokens"`
	RequestID     string   `json:"request_id"`
}

// finish ends the Link session of a token as a user does, with success or exit.
func (s site) finish(t *testing.T, linkToken, outcome string) (end finished) {
	t.Helper()
	body := fmt.Sprintf(`{"link_token":%q,"outcome":%q}`, linkToken, outcome)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/_sandbox/link/finish", strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	response, err := newHTTPClient(t).Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.NoError(t, json.NewDecoder(response.Body).Decode(&end))
	require.NotEmpty(t, end.RequestID)
	return end
}

// newHTTPClient returns a client that bounds each call and leaves no connection open after the test.
func newHTTPClient(t *testing.T) *http.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

// prepared is a sandbox in this process with what takes time to get: tokens that have expired, and ids from webhooks and
// redirects.
type prepared struct {
	site
	KeyID              string `json:"key_id"`
	CorrelationID      string `json:"correlation_id"`
	ExpiredLinkToken   string `json:"expired_link_token"`
	ExpiredPublicToken string `json:"expired_public_token"`
}

// prepare starts a sandbox whose next sandboxPublicTokenCreate meets a rate limit and whose next linkTokenCreate fails.
func prepare(t *testing.T) prepared {
	t.Helper()
	server := sandbox.NewServer()
	t.Cleanup(server.Close)
	client, err := server.Client()
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	create := func(product gen.Products, redirect string) string {
		created, err := client.LinkTokenCreate(t.Context(), gen.LinkTokenCreateRequest{
			ClientName:   "Example App",
			Language:     "en",
			CountryCodes: []gen.CountryCode{gen.CountryCodeGB},
			User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
			Products:     []gen.Products{product},
			RedirectURI:  redirect,
		})
		require.NoError(t, err)
		return created.LinkToken
	}
	made, err := client.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{
		InstitutionID:   "ins_109508",
		InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	require.NoError(t, err)
	expired := create(gen.ProductsAuth, "")
	server.Advance(5 * time.Hour)
	correlationID, err := server.CorrelationID(create(gen.ProductsPaymentInitiation, "https://example.com/back"))
	require.NoError(t, err)
	limited := sandbox.PlaidError(http.StatusTooManyRequests, plaidlink.TypeRateLimitExceeded, "SANDBOX_LIMIT",
		"too many requests")
	require.NoError(t, server.Fail("sandboxPublicTokenCreate", limited))
	failed := sandbox.PlaidError(http.StatusInternalServerError, plaidlink.TypeAPIError, "INTERNAL_SERVER_ERROR", "unexpected")
	require.NoError(t, server.Fail("linkTokenCreate", failed))
	credentials := server.Credentials()
	return prepared{
		site:               site{URL: server.URL, ClientID: credentials.ClientID, Secret: string(credentials.Secret)},
		KeyID:              server.WebhookKeyID(),
		CorrelationID:      correlationID,
		ExpiredLinkToken:   expired,
		ExpiredPublicToken: made.PublicToken,
	}
}
