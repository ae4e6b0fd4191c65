package plaidlink_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// The budget of retries belongs to the client, not to a call, and other clients have their own.
func TestRetryBudgetIsOfTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := wiretest.ReplyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError)
		m := wiretest.InMemory(failing)
		for name, test := range map[string]struct {
			opts []plaidlink.Option
			want int // requests of 20 calls at one instant, each of 2 attempts at most
		}{
			"the default": {nil, 40},
			"five":        {[]plaidlink.Option{plaidlink.WithRetryBudget(5)}, 25},
			"none":        {[]plaidlink.Option{plaidlink.WithRetryBudget(0)}, 20},
			"one attempt": {[]plaidlink.Option{plaidlink.WithMaxAttempts(1)}, 20},
		} {
			m.Then(failing)
			opts := append([]plaidlink.Option{plaidlink.WithMaxAttempts(2), plaidlink.WithMaxRetryDelay(1)}, test.opts...)
			c := m.Client(t, opts...)
			for range 20 {
				_, err := wiretest.GetToken(t, c)
				wiretest.RequireFailed(t, err, wiretest.OpGet, 500)
			}
			require.Len(t, m.Requests(t), test.want, name)
		}
	})
}
