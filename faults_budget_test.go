package plaidlink_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
)

func TestFault31Outage(t *testing.T) {
	got := fault(t, 31, "outage: 100 calls a second for 2 minutes, every answer 500")
	const (
		rate    = 100 // calls a second
		seconds = 120
		calls   = rate * seconds
	)
	down := replyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError)
	up := replyWith(200, tokenAnswer)
	synctest.Test(t, func(t *testing.T) {
		m := inMemory(down)
		c := m.client(t)

		// The outage. The calls do not wait for each other, as those of a busy program do not.
		var wg sync.WaitGroup
		errs := make(chan error, calls)
		start := time.Now()
		for range calls {
			wg.Go(func() {
				_, err := getToken(t, c)
				errs <- err
			})
			<-time.After(time.Second / rate) // of the bubble's clock, which costs no time
		}
		require.Equal(t, seconds*time.Second, time.Since(start))
		wg.Wait()
		close(errs)
		attempts := 0
		for err := range errs {
			var e *plaidlink.Error
			if !errors.As(err, &e) || e.Code != plaidlink.CodeInternalServerError || e.StatusCode != 500 {
				t.Fatalf("expected Plaid's 500, found %v", err)
			}
			attempts += e.Attempts
		}
		reached := len(m.requests(t))
		require.Equal(t, attempts, reached, "the errors tell of other attempts than the server saw")
		ratio := float64(reached) / calls
		require.LessOrEqual(t, ratio, 1.1)
		require.Greater(t, reached, calls, "nothing was repeated: the budget is empty from the start")
		got("%d calls, %d requests reach the server: %.3f x", calls, reached, ratio)

		// What is left of the budget is used up, at one instant, so that the clock fills nothing.
		for spent := false; !spent; {
			_, err := getToken(t, c, plaidlink.WithMaxRetryDelay(1))
			spent = requireFailed(t, err, opGet, 500).Attempts == 1
		}

		// The outage ends: calls succeed at once, because first attempts need no budget.
		m.then(up)
		start = time.Now()
		for range 10 {
			_, err := getToken(t, c)
			require.NoError(t, err)
		}
		require.Zero(t, time.Since(start))
		require.Len(t, m.requests(t), 10)
		got("after it calls succeed at once")

		// Ten good answers pay for one repeat, of a single failure.
		m.then(down, up)
		_, err := getToken(t, c)
		require.NoError(t, err, "a single failure is not repeated")
		require.Len(t, m.requests(t), 2)
		got("after 10 good answers a single failure is repeated again")
	})
}

// The budget belongs to the client, not to a call, and other clients have their own.
func TestRetryBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := inMemory(replyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError))
		for name, test := range map[string]struct {
			opts []plaidlink.Option
			want int // requests of 20 calls at one instant, each of 2 attempts at most
		}{
			"the default":   {nil, 40},
			"five":          {[]plaidlink.Option{plaidlink.WithRetryBudget(5)}, 25},
			"none":          {[]plaidlink.Option{plaidlink.WithRetryBudget(0)}, 20},
			"no repeat due": {[]plaidlink.Option{plaidlink.WithMaxAttempts(1)}, 20},
		} {
			m.then(m.replies...)
			opts := append([]plaidlink.Option{plaidlink.WithMaxAttempts(2), plaidlink.WithMaxRetryDelay(1)}, test.opts...)
			c := m.client(t, opts...)
			for range 20 {
				_, err := getToken(t, c)
				requireFailed(t, err, opGet, 500)
			}
			require.Len(t, m.requests(t), test.want, name)
		}
	})
}
