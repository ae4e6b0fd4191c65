package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestTriggerFinishesLink(t *testing.T) {
	a := newAccount(t)
	got := a.run(t, "", "trigger", "link/finish", "link_token="+a.newToken(t), "outcome=success", "institution_id=ins_109511")
	require.Zero(t, got.code, got.stderr)
	require.Regexp(t, "^public-sandbox-", got.field(t, "public_tokens"))
	require.Len(t, got.field(t, "item_ids"), 37)
	require.Equal(t, a.WebhookKeyID(), got.field(t, "key_id"))

	got = a.run(t, fmt.Sprintf(`{"link_token":%q,"outcome":"success"}`, a.newToken(t)), "trigger", "link/finish", "outcome=exit", "--body", "-", "--json")
	require.Zero(t, got.code, got.stderr)
	var properties struct {
		PublicTokens []string `json:"public_tokens"`
	}
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &properties))
	require.NotNil(t, properties.PublicTokens)
	require.Empty(t, properties.PublicTokens, "the argument goes over the body")
}

func TestTriggerTakesNumbersAndTexts(t *testing.T) {
	a := newAccount(t)
	began := a.Now()
	require.Zero(t, a.run(t, "", "trigger", "advance", "seconds=7200").code)
	require.WithinDuration(t, began.Add(2*time.Hour), a.Now(), time.Minute)
	require.Zero(t, a.run(t, "", "trigger", "advance", "seconds=-7200").code)
	require.WithinDuration(t, began, a.Now(), time.Minute)
	require.Zero(t, a.run(t, "", "trigger", "profile", "phone_number=+14155550123").code)
	require.Zero(t, a.run(t, "", "trigger", "fail", "operation=linkTokenGet", "fault=html", "status=502").code)
	require.Equal(t, map[string]int{"linkTokenGet": 1}, a.State().QueuedFaults)
}

func TestTriggerList(t *testing.T) {
	got := invoke(t, nil, "trigger", "--list")
	require.Zero(t, got.code)
	for _, control := range sandbox.Controls() {
		require.Contains(t, got.stdout, control.Name+" ")
		require.True(t, json.Valid([]byte(control.Example)), control.Name)
		require.Contains(t, got.stdout, control.Example)
	}
}

func TestTriggerNeedsTheControlToken(t *testing.T) {
	a := newAccount(t, sandbox.WithControlToken("open-sesame"))
	a.run(t, "", "trigger", "webhook/rotate_key").failed(t, 3, "this path needs the control token")
	a.env = append(a.env, "PLAIDLINK_CONTROL_TOKEN=open-sesame")
	require.Zero(t, a.run(t, "", "trigger", "webhook/rotate_key").code)
}

// To the client, 0.0.0.0 is another host, though it is this one.
func TestTriggerAndCallAtAnotherHost(t *testing.T) {
	a := newAccount(t)
	base := strings.Replace(a.URL, "127.0.0.1", "0.0.0.0", 1)
	for _, args := range [][]string{
		{"trigger", "webhook/rotate_key"}, {"call", "/sandbox/public_token/create", "--body", "-"}, {"token", "get", a.newToken(t)},
	} {
		body := `{"institution_id":"ins_109508","initial_products":["auth"]}`
		a.run(t, body, append(args, "--sandbox", base)...).failed(t, 2, "would send the secret in clear")
		got := a.run(t, body, append(args, "--insecure-sandbox", base)...)
		require.Zero(t, got.code, got.stderr)
	}
	a.run(t, "", "trigger", "webhook/rotate_key", "--insecure-sandbox", "https://sandbox").failed(t, 2, "--insecure-sandbox: expected http:// and a host name; --sandbox takes https")
	a.run(t, "", "trigger", "webhook/rotate_key", "--insecure-sandbox", "http://sandbox.plaid.com").failed(t, 2, "the hosts of plaid.com are reached over https only")
	a.run(t, "", "trigger", "webhook/rotate_key", "--insecure-sandbox", base, "--sandbox", base).failed(t, 2, "can't be used together")
}

func TestTriggerFailures(t *testing.T) {
	a := newAccount(t)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no name":             {nil, 2, `plaidlink trigger: expected a name, such as link/finish; --list prints them (see plaidlink trigger --help)`},
		"an unknown name":     {[]string{"start"}, 2, `expected a name that --list prints, such as link/finish, found "start" (see`},
		"a path":              {[]string{"../link/token/get"}, 2, "expected a name"},
		"no value":            {[]string{"advance", "seconds"}, 2, `"seconds": expected a property and its value, such as seconds=1800`},
		"no property":         {[]string{"advance", "=1"}, 2, "expected a property and its value"},
		"an unknown property": {[]string{"advance", "hours=1"}, 3, "hours is unknown"},
		"a text for a number": {[]string{"advance", "seconds=soon"}, 3, "seconds has a wrong type"},
		"an unknown token":    {[]string{"link/finish", "link_token=link-sandbox-1", "outcome=exit"}, 3, "was not made by this sandbox"},
		"nobody listens":      {[]string{"advance", "seconds=1", "--sandbox", "http://127.0.0.1:1"}, 1, "connection refused: is plaidlink sandbox running there?"},
		"Plaid":               {[]string{"advance", "seconds=1", "--sandbox", "http://sandbox.plaid.com"}, 2, `--sandbox "http`},
	} {
		t.Run(name, func(t *testing.T) {
			a.run(t, "", append([]string{"trigger"}, test.args...)...).failed(t, test.code, test.want)
		})
	}
}

func TestCall(t *testing.T) {
	a := newAccount(t)
	require.NoError(t, a.Handle("/accounts/balance/get", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"accounts":[{"mask":"0000"}],"access_token":"access-sandbox-1"}`)
	})))
	got := a.run(t, "", "call", "/accounts/balance/get", "--json")
	require.Zero(t, got.code, got.stderr)
	require.Regexp(t, `^\{"accounts":\[\{"mask":"0000"\}\],"access_token":"\[redacted\]","request_id":"\w{15}"\}\n$`, got.stdout)
	got = a.run(t, "{}", "call", "/accounts/balance/get", "--body", "-")
	require.Contains(t, got.stdout, "{\n  \"accounts\": [\n    {\n      \"mask\": \"0000\"\n")

	body := `{"institution_id":"ins_109508","initial_products":["auth"],"options":{"new":1}}`
	got = a.run(t, body, "call", "/sandbox/public_token/create", "--body", "-")
	require.Contains(t, got.stdout, `"public_token": "public-sandbox-`)
	require.Contains(t, a.Requests()[len(a.Requests())-1].Body, `"new":1`)
}

func TestCallFailures(t *testing.T) {
	a := newAccount(t)
	require.NoError(t, a.Handle("/statements/download", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("%PDF-1.7")) })))
	for name, test := range map[string]struct {
		stdin string
		args  []string
		code  int
		want  string
	}{
		"no path":            {"", nil, 2, `expected "<path>"`},
		"a URL":              {"", []string{"https://example.com/a"}, 1, "expected one such as /accounts/balance/get"},
		"an unknown path":    {"", []string{"/accounts/balance/get"}, 3, "this sandbox plays Link and Items"},
		"no JSON":            {"{", []string{"/item/get", "--body", "-"}, 2, "--body -: expected one JSON object"},
		"a secret":           {`{"secret":"x"}`, []string{"/item/get", "--body", "-"}, 2, "unexpected secret"},
		"no file":            {"", []string{"/item/get", "--body", "nowhere.json"}, 1, "--body: open nowhere.json: no such file or directory: expected a file, or - for standard input"},
		"a body for a file":  {"", []string{"/item/get", "--body", `{"public_token":"public-sandbox-1"}`}, 1, "plaidlink call: --body: no such file or directory: expected a file, or - for standard input\n"},
		"an array for one":   {"", []string{"/item/get", "--body", `["key"]`}, 1, "--body: no such file or directory: expected"},
		"another than JSON":  {"", []string{"/statements/download"}, 1, "the response is not JSON: expected a path whose response is, found 8 bytes of application/pdf"},
		"a refused argument": {`{"link_token":"link-sandbox-1"}`, []string{"/link/token/get", "--body", "-"}, 3, "INVALID_LINK_TOKEN"},
	} {
		t.Run(name, func(t *testing.T) {
			a.run(t, test.stdin, append([]string{"call"}, test.args...)...).failed(t, test.code, test.want)
		})
	}
}

// The log has a line for each request, and no secret.
func TestSandboxPrintsALineForEachRequest(t *testing.T) {
	stdout, _, stop := start(t, nil, "sandbox", "--listen", "127.0.0.1:0", "--client-id", "my-id", "--secret", "my-secret")
	url := ""
	for url == "" {
		line, err := stdout.ReadString('\n')
		require.NoError(t, err)
		if _, err := fmt.Sscanf(line, " base URL %s", &url); err != nil {
			url = ""
		}
	}
	for line := ""; line != "Everything is in memory. Ctrl-C stops it.\n"; {
		line, _ = stdout.ReadString('\n')
	}
	post(t, url+"/sandbox/public_token/create", `{"institution_id":"ins_109508","initial_products":["auth"]}`)
	line, err := stdout.ReadString('\n')
	require.NoError(t, err)
	require.Regexp(t, `^\d\d:\d\d:\d\d  /sandbox/public_token/create  200  -  \w{15}\n$`, line)
	r, err := http.Post(url+"/link/%1b[31m", "application/json", nil)
	require.NoError(t, err)
	r.Body.Close()
	line, err = stdout.ReadString('\n')
	require.NoError(t, err)
	require.Regexp(t, `^\d\d:\d\d:\d\d  /link/\\x1b\[31m  404  NOT_FOUND  \w{15}\n$`, line)
	require.Zero(t, stop(true))
}

func TestQuietSandboxPrintsNoRequests(t *testing.T) {
	stdout, _, stop := start(t, nil, "sandbox", "--listen", "127.0.0.1:0", "--quiet", "--client-id", "my-id", "--secret", "my-secret")
	url := ""
	for line := ""; line != "Everything is in memory. Ctrl-C stops it.\n"; {
		line, _ = stdout.ReadString('\n')
		if url == "" {
			_, _ = fmt.Sscanf(line, " base URL %s", &url)
		}
	}
	post(t, url+"/sandbox/public_token/create", `{"institution_id":"ins_109508","initial_products":["auth"]}`)
	require.Zero(t, stop(true))
	rest, _ := stdout.ReadString('\n')
	require.Empty(t, rest)
}
