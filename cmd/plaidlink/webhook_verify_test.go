package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestWebhookVerify(t *testing.T) {
	a := newAccount(t)
	const body = `{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","status":"SUCCESS","link_session_id":"s",` + "\n" +
		`"link_token":"link-sandbox-0","public_tokens":["public-sandbox-0"],"environment":"sandbox"}`
	const odd = `{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","public_tokens":7}`
	const summary = `LINK SESSION_FINISHED SUCCESS session="s" public_tokens=["public-sandbox-0"]` + "\n"
	file := filepath.Join(t.TempDir(), "body.json")
	require.NoError(t, os.WriteFile(file, []byte(body), 0o600))
	now := a.Signer().Sign([]byte(body), time.Now())
	old := a.Signer().Sign([]byte(body), startOfTests)

	for name, test := range map[string]struct {
		stdin string
		args  []string
		code  int
		want  string
	}{
		"from the standard input":  {body, []string{"--header", now}, 0, summary},
		"from a file":              {"", []string{"--header", now, file}, 0, summary},
		"flags behind":             {"", []string{file, "--header", now}, 0, summary},
		"the body, on one line":    {body, []string{"--header", now, "--json"}, 0, strings.ReplaceAll(body, "\n", "") + "\n"},
		"an old one as of then":    {body, []string{"--header", old, "--at", "2026-03-02T09:31:00Z"}, 0, summary},
		"an old one":               {body, []string{"--header", old}, 1, "old, expected at most 5m0s"},
		"another body":             {body + " ", []string{"--header", now}, 1, "body"},
		"signed by another":        {body, []string{"--header", sandbox.NewSigner().Sign([]byte(body), time.Now())}, 1, "key"},
		"not a JWT":                {body, []string{"--header", "abc"}, 1, "the JWT has 1 parts"},
		"no header":                {body, nil, 2, "expected the header Plaid-Verification, with --header or PLAID_VERIFICATION"},
		"no file":                  {body, []string{"--header", now, file + "x"}, 1, "read the body: open"},
		"two files":                {body, []string{"--header", now, file, file}, 2, "unexpected argument"},
		"Plaid's, of another form": {odd, []string{"--header", a.Signer().Sign([]byte(odd), time.Now())}, 1, "cannot be decoded"},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.run(t, test.stdin, append([]string{"webhook", "verify"}, test.args...)...)
			if test.code == 0 {
				require.Equal(t, result{0, test.want, ""}, got)
				return
			}
			got.failed(t, test.code, test.want)
			require.NotContains(t, got.stderr, "public-sandbox-")
		})
	}

	a.env = append(a.env, "PLAID_VERIFICATION="+now)
	require.Equal(t, result{0, summary, ""}, a.run(t, body, "webhook", "verify"))
	a.Signer().Rotate()
	a.env[0] = "PLAIDLINK_SANDBOX=http://127.0.0.1:1"
	a.run(t, body, "webhook", "verify").failed(t, 1, "cannot be fetched")
}

// A webhook that was captured, with its key, is verified as of its time, and nobody is called.
func TestWebhookVerifyWithAKey(t *testing.T) {
	a := newAccount(t)
	const body = `{"webhook_type":"LINK","webhook_code":"EVENTS","events":[],"link_session_id":"s","link_token":"t"}`
	old := a.Signer().Sign([]byte(body), startOfTests)
	got, err := a.Signer().WebhookVerificationKeyGet(t.Context(), gen.WebhookVerificationKeyGetRequest{KeyID: a.WebhookKeyID()})
	require.NoError(t, err)
	data, err := json.Marshal(got)
	require.NoError(t, err)
	dir := t.TempDir()
	key, wrong := filepath.Join(dir, "key.json"), filepath.Join(dir, "wrong.json")
	require.NoError(t, os.WriteFile(key, data, 0o600))
	require.NoError(t, os.WriteFile(wrong, []byte(`{"key":{}}`), 0o600))
	for name, test := range map[string]struct {
		stdin string
		args  []string
		code  int
		want  string
	}{
		"as of its time":       {body, []string{"--header", old, "--key", key}, 0, `LINK EVENTS session="s" events=[]`},
		"as of another":        {body, []string{"--header", old, "--key", key, "--at", "2026-03-02T09:36:00Z"}, 1, "old, expected at most 5m0s"},
		"another body":         {body + " ", []string{"--header", old, "--key", key}, 1, "body"},
		"another key":          {body, []string{"--header", sandbox.NewSigner().Sign([]byte(body), startOfTests), "--key", key}, 1, "key"},
		"a file without a kid": {body, []string{"--header", old, "--key", wrong}, 2, "expected a response of /webhook_verification_key/get, whose key has a kid"},
		"no file":              {body, []string{"--header", old, "--key", key + "x"}, 1, "--key: open"},
		"not a JWT":            {body, []string{"--header", "a.b.c", "--key", key}, 1, "expected the value of a header Plaid-Verification"},
		"both on stdin":        {body, []string{"--header", old, "--key", "-"}, 2, "standard input is already used by the body"},
	} {
		t.Run(name, func(t *testing.T) {
			got := invokeWith(t, test.stdin, nil, append([]string{"webhook", "verify"}, test.args...)...)
			if test.code == 0 {
				require.Equal(t, result{0, test.want + "\n", ""}, got)
				return
			}
			got.failed(t, test.code, test.want)
		})
	}
}
