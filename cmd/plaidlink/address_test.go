package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An address of a sandbox that cannot be one is named with the flag or variable that has it, before anything is called.
func TestAddressesOfASandbox(t *testing.T) {
	a := newAccount(t)
	host := a.URL[len("http://"):]
	const expected = "expected a URL or host:port, such as localhost:8080, found "
	for name, test := range map[string]struct {
		flag, address string
		code          int
		want          string
	}{
		"a port with its colon":   {"--sandbox", ":8080", 2, "plaidlink call: --sandbox: " + expected + `":8080" (see`},
		"a port":                  {"--sandbox", "8080", 2, expected + `"8080"`},
		"a URL of a port":         {"--sandbox", "http://:8080", 2, expected + `"http://:8080"`},
		"nothing":                 {"--sandbox", "http://", 2, expected + `"http://"`},
		"a path":                  {"--sandbox", "/tmp", 2, expected + `"/tmp"`},
		"a port, in clear":        {"--insecure-sandbox", "8080", 2, "--insecure-sandbox: " + expected + `"8080"`},
		"a port, of the variable": {"", ":8080", 2, "plaidlink call: PLAIDLINK_SANDBOX: " + expected + `":8080" (see`},
		"no port":                 {"--sandbox", "localhost:http", 2, "plaidlink call: --sandbox cannot be parsed: expected https://host, or"},
		"a password":              {"--sandbox", "http://u:pass@" + host, 2, "plaidlink call: --sandbox has a user: expected https://host, or"},
		"another host, in clear":  {"--sandbox", "plaid:8080", 2, `--sandbox "http://plaid:8080" would send the secret in clear`},
		"nobody is there":         {"--sandbox", "localhost:1", 1, "connection refused (3 attempts): is plaidlink sandbox running there?"},
		"nobody, of the variable": {"", "127.0.0.1:1", 1, "connection refused (3 attempts): is plaidlink sandbox running there?"},
		"a host and a port":       {"--sandbox", host, 3, "INVALID_LINK_TOKEN"},
		"a URL with a slash":      {"--sandbox", a.URL + "/", 3, "INVALID_LINK_TOKEN"},
		"an address of digits":    {"", "127.0.0.1:" + host[len("127.0.0.1:"):], 3, "INVALID_LINK_TOKEN"},
	} {
		t.Run(name, func(t *testing.T) {
			args, env := []string{"call", "/link/token/get", "--body", "-"}, a.env
			if test.flag == "" {
				env = append(env, "PLAIDLINK_SANDBOX="+test.address)
			} else {
				args = append(args, test.flag, test.address)
			}
			got := invokeWith(t, `{"link_token":"link-sandbox-1"}`, env, args...)
			got.failed(t, test.code, test.want)
			require.NotContains(t, got.stderr, "pass@")
		})
	}
}
