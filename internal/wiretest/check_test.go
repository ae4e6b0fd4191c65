package wiretest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// A failure that lacks something, or shows too much, fails the test.
func TestRequireFailedFindsWhatIsWrong(t *testing.T) {
	good := func() *plaidlink.Error {
		return &plaidlink.Error{Operation: wiretest.OpGet, StatusCode: 400, Type: plaidlink.TypeInvalidInput, Code: plaidlink.CodeInvalidLinkToken, Message: "refused"}
	}
	with := func(change func(*plaidlink.Error)) error {
		e := good()
		change(e)
		return e
	}
	wiretest.RequireFailed(t, good(), wiretest.OpGet, 400)
	for name, err := range map[string]error{
		"another operation":     with(func(e *plaidlink.Error) { e.Operation = wiretest.OpExchange }),
		"another status":        with(func(e *plaidlink.Error) { e.StatusCode = 500 }),
		"the secret":            with(func(e *plaidlink.Error) { e.Message = wiretest.Secret }),
		"a part of a body":      with(func(e *plaidlink.Error) { e.Message = wiretest.BodyMark }),
		"an untyped attempt":    with(func(e *plaidlink.Error) { e.Earlier = []error{errors.New("oops")} }),
		"the secret in its raw": with(func(e *plaidlink.Error) { e.Raw = []byte(wiretest.Secret) }),
	} {
		noted := &failures{TB: t}
		wiretest.RequireFailed(noted, err, wiretest.OpGet, 400)
		require.NotEmpty(t, noted.all, name)
	}
}

func TestLeakFindsEveryForm(t *testing.T) {
	for _, secret := range []string{wiretest.Secret, wiretest.AccessToken} {
		for how, printed := range wiretest.Prints(&secret, []byte(secret)) {
			if strings.HasPrefix(how, "pointer ") || strings.HasSuffix(how, "%T") || strings.HasSuffix(how, "%10.3v") {
				continue // shows an address, a type, or three characters a byte
			}
			require.Error(t, wiretest.Leak(printed), "%s: %s", how, printed)
		}
		require.Error(t, wiretest.Leak(strings.ToUpper(secret)))
	}
	require.NoError(t, wiretest.Leak("test-client-id access-sandbox-[redacted] test-secret"))
}
