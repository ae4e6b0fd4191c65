package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// serveSandbox runs the command until stop, and returns its URL and what it printed.
func serveSandbox(t *testing.T, args ...string) (url, text string, stop func()) {
	t.Helper()
	stdout, stderr, end := start(t, nil, append([]string{"sandbox", "--listen", "127.0.0.1:0"}, args...)...)
	stop = sync.OnceFunc(func() {
		require.Zero(t, end(true), "Ctrl-C is how it ends")
		errs, err := io.ReadAll(stderr)
		require.NoError(t, err)
		require.Empty(t, string(errs))
	})
	t.Cleanup(stop)
	lines := bufio.NewScanner(stdout)
	for !strings.Contains(text, "Ctrl-C") && lines.Scan() {
		text += lines.Text() + "\n"
	}
	_, rest, found := strings.Cut(text, "base URL")
	require.True(t, found, text)
	return strings.Fields(rest)[0], text, stop
}

func TestSandboxServesUntilItIsStopped(t *testing.T) {
	url, text, stop := serveSandbox(t, "--client-id", "my-id", "--secret", "my-secret")
	require.Contains(t, text, "my-id")
	require.Contains(t, text, "my-secret")
	require.Contains(t, text, url+"/_sandbox/\n")

	// What it prints works. curl sends the data between its single quotes.
	created := post(t, url+"/link/token/create", data(t, text, "client_name"))
	require.Contains(t, created["link_token"], "link-sandbox-")
	require.Contains(t, created["hosted_link_url"], url+"/hosted/")
	finish := strings.Replace(data(t, text, "outcome"), "link-sandbox-…", created["link_token"].(string), 1)
	require.Len(t, post(t, url+"/_sandbox/link/finish", finish)["public_tokens"], 1)

	stop()
	_, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.Error(t, err, "it does not listen any more")
}

func TestSandboxFlags(t *testing.T) {
	received := make(chan string, 10)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { received <- r.URL.Path }))
	defer target.Close()
	var tokens []string
	for range 2 {
		url, text, stop := serveSandbox(t, "--client-id", "my-id", "--secret", "my-secret",
			"--seed", "7", "--latency", "1ms", "--webhook", target.URL+"/hook")
		created := post(t, url+"/link/token/create", data(t, text, "client_name"))
		tokens = append(tokens, created["link_token"].(string))
		finish := strings.Replace(data(t, text, "outcome"), "link-sandbox-…", tokens[0], 1)
		post(t, url+"/_sandbox/link/finish", finish)
		require.Equal(t, "/hook", <-received)
		stop()
	}
	require.Equal(t, tokens[0], tokens[1], "the seed is the same")
}

// fixtures makes a folder with the response of /accounts/balance/get.
func fixtures(t *testing.T, body string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "accounts", "balance"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "accounts", "balance", "get.json"), []byte(body), 0o600))
	return dir
}

func TestSandboxServesFixtures(t *testing.T) {
	url, _, _ := serveSandbox(t, "--client-id", "my-id", "--secret", "my-secret", "--fixtures", fixtures(t, `{"accounts":[]}`))
	require.Empty(t, post(t, url+"/accounts/balance/get", "{}")["accounts"])
}

func TestSandboxHealth(t *testing.T) {
	url, _, stop := serveSandbox(t, "--control-token", "open-sesame")
	_, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	for _, listen := range []string{"127.0.0.1:" + port, "0.0.0.0:" + port, ":" + port, "localhost:" + port} {
		require.Equal(t, result{}, invoke(t, nil, "sandbox", "--health", "--listen", listen))
	}
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	invoke(t, nil, "sandbox", "--health", "--listen", strings.TrimPrefix(other.URL, "http://")).
		failed(t, 1, "plaidlink sandbox: expected a sandbox that responds with 200, found 404")
	stop()
	invoke(t, nil, "sandbox", "--health", "--listen", "127.0.0.1:"+port).failed(t, 1, "plaidlink sandbox: no sandbox responds: ")
}

// Listening beyond loopback says what it means, on one line.
func TestSandboxThatListensBeyondThisMachine(t *testing.T) {
	for name, test := range map[string]struct {
		env  []string
		want string
	}{
		"without a token": {nil, "whoever reaches this address can use the API, in plain HTTP; the paths below /_sandbox/ serve this machine alone (see --control-token).\n"},
		"with one":        {[]string{"PLAIDLINK_CONTROL_TOKEN=open-sesame"}, "and with the control token the paths below /_sandbox/.\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, stderr, end := start(t, test.env, "sandbox", "--listen", "0.0.0.0:0", "--allow-host", "sandbox", "--allow-host", "app")
			line, err := stderr.ReadString('\n')
			require.NoError(t, err)
			require.Contains(t, line, test.want)
			require.Zero(t, end(true))
		})
	}
}

// data is what a printed curl command sends, the one with a property of that name.
func data(t *testing.T, text, property string) string {
	t.Helper()
	for _, part := range strings.Split(text, "-d '")[1:] {
		if body, _, _ := strings.Cut(part, "'"); strings.Contains(body, `"`+property+`"`) {
			return body
		}
	}
	require.Fail(t, "no curl command is printed for "+property)
	return ""
}

func post(t *testing.T, url, body string) map[string]any {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("PLAID-CLIENT-ID", "my-id")
	r.Header.Set("PLAID-SECRET", "my-secret")
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	var members map[string]any
	require.NoError(t, json.NewDecoder(response.Body).Decode(&members))
	return members
}

func TestSandboxFailures(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	address := busy.Addr().String()
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"the port is in use": {
			[]string{"--listen", address}, 1,
			address + " is in use: stop the program that listens there, or choose another port with --listen",
		},
		"no such address":     {[]string{"--listen", "192.0.2.1:0"}, 1, "cannot listen on 192.0.2.1:0, choose another address with --listen: "},
		"an unknown flag":     {[]string{"--port", "1"}, 2, "unknown flag --port (see plaidlink sandbox --help)"},
		"a flag alone":        {[]string{"--listen"}, 2, "--listen: expected a value (see plaidlink sandbox --help)"},
		"an argument":         {[]string{"8080"}, 2, `unexpected argument 8080 (see plaidlink sandbox --help)`},
		"a port only":         {[]string{"--listen", "8080"}, 2, "--listen 8080: expected host:port, such as 127.0.0.1:8080"},
		"no URL":              {[]string{"--webhook", "localhost:9000"}, 2, "--webhook: expected a URL, such as http://127.0.0.1:9000/webhook"},
		"a host with a port":  {[]string{"--allow-host", "app:80"}, 2, `--allow-host: "app:80": expected a host name without a port, such as sandbox`},
		"broken fixtures":     {[]string{"--fixtures", fixtures(t, "{\n1}")}, 2, "--fixtures: accounts/balance/get.json: line 2: expected one JSON object"},
		"no fixtures":         {[]string{"--fixtures", filepath.Join(t.TempDir(), "none")}, 2, "--fixtures: "},
		"a public path":       {[]string{"--public-url", "http://localhost/a"}, 2, "--public-url: expected http:// or https:// and a host"},
		"a short token":       {[]string{"--control-token", "1234"}, 2, "--control-token: expected at least 8 printable ASCII characters"},
		"no address, no port": {[]string{"--listen", ""}, 2, "--listen : expected host:port"},
	} {
		t.Run(name, func(t *testing.T) {
			invoke(t, nil, append([]string{"sandbox"}, test.args...)...).failed(t, test.code, "plaidlink sandbox: "+test.want)
		})
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestSandboxStopsWhenItCannotPrint(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{getenv: environment(nil), stdout: brokenPipe{}, stderr: &stderr}
	require.Equal(t, exitFailed, p.run(t.Context(), []string{"sandbox", "--listen", "127.0.0.1:0"}))
	require.Equal(t, "plaidlink sandbox: print how to use it: broken pipe\n", stderr.String())
}
