package safe_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

func TestTokens(t *testing.T) {
	for name, test := range map[string]struct{ text, tokens, access string }{
		"an access token":        {"a access-sandbox-1a-B2 b", "a access-sandbox-[redacted] b", "a [redacted] b"},
		"another environment":    {"access-production-x", "access-production-[redacted]", "[redacted]"},
		"a retired environment":  {"access-development-x", "access-development-[redacted]", "[redacted]"},
		"a link token":           {"link-sandbox-1", "link-sandbox-[redacted]", "link-sandbox-1"},
		"a public token":         {"public-sandbox-1", "public-sandbox-[redacted]", "public-sandbox-1"},
		"several":                {"user-sandbox-1,processor-sandbox-2", "user-sandbox-[redacted],processor-sandbox-[redacted]", "user-sandbox-1,processor-sandbox-2"},
		"no token":               {"access-granted", "access-granted", "access-granted"},
		"a prefix without a key": {"access-sandbox-", "access-sandbox-", "access-sandbox-"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.tokens, safe.Tokens(test.text))
			require.Equal(t, test.access, string(safe.AccessTokens([]byte(test.text))))
		})
	}
}

func TestSecret(t *testing.T) {
	for name, test := range map[string]struct{ secret, want string }{
		"none":          {"", "a test-secret in a host"},
		"a letter":      {"s", "a test-secret in a host"},
		"three letters": {"ret", "a test-secret in a host"},
		"four letters":  {"cret", "a test-se[redacted] in a host"},
		"another":       {"test-secrets", "a test-secret in a host"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, string(safe.Secret([]byte("a test-secret in a host"), test.secret, 4)))
		})
	}
}

func TestLine(t *testing.T) {
	require.Equal(t, `a\nb\x1b[2J“ü”\u202e�`, safe.Line("a\nb\x1b[2J“ü”\u202e\xff"))
}
