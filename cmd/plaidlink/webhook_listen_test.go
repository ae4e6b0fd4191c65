package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// listen runs the command until the test ends, and gives its URL and the lines it prints.
func listen(t *testing.T, args ...string) (url string, printed *bufio.Scanner) {
	t.Helper()
	cmd := program(t, nil, append([]string{"webhook", "listen", "--listen", "127.0.0.1:0"}, args...)...)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		rest, _ := io.ReadAll(stderr)
		require.NoError(t, cmd.Wait(), "Ctrl-C is how it ends")
		require.NotContains(t, string(rest), "public-sandbox-")
	})
	line, err := bufio.NewReaderSize(stderr, 16).ReadString('\n')
	require.NoError(t, err)
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "Listening on ")
	require.True(t, ok, line)
	return url, bufio.NewScanner(stdout)
}

// finished makes a session end, which sends its webhooks to url.
func finished(t *testing.T, server *sandbox.Server, url string) {
	t.Helper()
	client, err := server.Client()
	require.NoError(t, err)
	created, err := client.LinkTokenCreate(t.Context(), gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
		HostedLink:   &gen.LinkTokenCreateHostedLink{},
		Webhook:      url + "/webhook",
	})
	require.NoError(t, err)
	require.NoError(t, server.FinishLink(created.LinkToken, sandbox.Success()))
}

func TestWebhookListen(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"a summary": {nil, []string{
			`^LINK ITEM_ADD_RESULT session="[0-9a-f-]{36}" public_token="public-sandbox-[0-9a-f-]{36}"$`,
			`^LINK EVENTS session="[0-9a-f-]{36}" events=\["OPEN" "HANDOFF"\]$`,
			`^LINK SESSION_FINISHED SUCCESS session="[0-9a-f-]{36}" public_tokens=\["public-sandbox-[0-9a-f-]{36}"\]$`,
		}},
		"bodies": {[]string{"--json"}, []string{
			`^\{.*"webhook_code":"ITEM_ADD_RESULT".*\}$`,
			`^\{.*"webhook_code":"EVENTS".*\}$`,
			`^\{.*"webhook_code":"SESSION_FINISHED".*\}$`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.NewServer()
			t.Cleanup(server.Close)
			url, printed := listen(t, append(test.args, "--sandbox", server.URL)...)

			forged, err := server.Signer().Request(url, []byte(`{"webhook_type":"LINK"}`))
			require.NoError(t, err)
			forged.Body, forged.ContentLength = io.NopCloser(strings.NewReader(`{"webhook_type":"FAKE"}`)), 23
			transport := &http.Transport{}
			t.Cleanup(transport.CloseIdleConnections)
			answer, err := (&http.Client{Transport: transport}).Do(forged)
			require.NoError(t, err)
			answer.Body.Close()
			require.Equal(t, http.StatusUnauthorized, answer.StatusCode, "it is not printed")

			finished(t, server, url)
			for _, want := range test.want {
				require.True(t, printed.Scan())
				require.Regexp(t, want, printed.Text())
			}
		})
	}
}

func TestWebhookListenFailures(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	address := busy.Addr().String()
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no credentials":    {nil, 1, "PLAID_ENV"},
		"the port is used":  {[]string{"--sandbox", "http://127.0.0.1:1", "--listen", address}, 1, "cannot listen on " + address},
		"a bad sandbox URL": {[]string{"--sandbox", "http://plaid.example"}, 1, "base URL"},
		"an argument":       {[]string{"now"}, 2, `unexpected argument "now"; see plaidlink webhook listen -h`},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := runCommand(t, append([]string{"webhook", "listen"}, test.args...)...)
			require.Equal(t, test.code, code)
			require.Empty(t, stdout)
			require.Contains(t, stderr, "plaidlink webhook listen: ")
			require.Contains(t, stderr, test.want)
			require.Equal(t, 1, strings.Count(stderr, "\n"), "one line")
		})
	}
}

func TestSummaryOfOthers(t *testing.T) {
	server := sandbox.NewServer(sandbox.WithTime(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)))
	t.Cleanup(server.Close)
	url, printed := listen(t, "--sandbox", server.URL)
	r, err := server.Signer().Request(url, []byte(`{"webhook_type":"TRANSACTIONS","webhook_code":"NEW\u001b[2J"}`))
	require.NoError(t, err)
	go func() {
		transport := &http.Transport{DisableKeepAlives: true}
		if answer, err := (&http.Client{Transport: transport}).Do(r); err == nil {
			answer.Body.Close()
		}
	}()
	require.True(t, printed.Scan())
	require.Regexp(t, `^"TRANSACTIONS" "NEW\\x1b\[2J" id=[0-9a-f]{64}$`, printed.Text(), "nothing commands the terminal")
}
