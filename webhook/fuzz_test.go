package webhook_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/webhook"
)

// Whatever the sender writes, nothing panics, and nothing is accepted but what Plaid's key signed: the fuzzer has a good
// delivery to start from, but not the key.
func FuzzHeader(f *testing.F) {
	p, v := start(f)
	good := p.deliver(f, body, nil).Get("Plaid-Verification")
	parts := strings.Split(good, ".")
	for _, seed := range []string{
		good, "", ".", "..", "...", good + ".", good[:len(good)-1], strings.Repeat("A", 4<<10),
		encode(`{"alg":"none","kid":"k"}`) + "." + parts[1] + ".",
		encode(`{"alg":"ES256","kid":"k","crit":[]}`) + "." + parts[1] + "." + parts[2],
		encode(`{"alg":"ES256","alg":"none"}`) + "." + parts[1] + "." + parts[2],
		parts[0] + "." + encode(`{"iat":1e400}`) + "." + parts[2],
		parts[0] + "." + encode(`{"iat":-9223372036854775808,"request_body_sha256":null}`) + "." + parts[2],
		parts[0] + "." + encode(strings.Repeat("[", 3000)) + "." + parts[2],
		parts[0] + "." + parts[1] + "." + strings.Repeat("A", 86),
		good[:len(good)-1] + next(good[len(good)-1:]),
		p.signParts(f, parts[0], encode(`{"iat":0}`)),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		e, err := v.Verify(t.Context(), carry(header), []byte(body))
		if header == good {
			require.NoError(t, err)
			return
		}
		require.Error(t, err)
		require.True(t, errors.Is(err, webhook.ErrInvalid) || errors.Is(err, webhook.ErrKeyUnavailable), "%v", err)
		require.Less(t, len(err.Error()), 1<<10)
		require.Zero(t, e)
	})
}
