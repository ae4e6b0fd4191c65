package faults_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault31Outage(t *testing.T) {
	got := fault(t, 31, "outage: 100 calls a second for 2 minutes, every answer 500")
	const (
		rate    = 100 // calls a second
		seconds = 120
		calls   = rate * seconds
	)
	down := wiretest.ReplyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError)
	up := wiretest.Reply(200, wiretest.TokenBody)
	synctest.Test(t, func(t *testing.T) {
		m := wiretest.InMemory(down)
		c := m.Client(t)

		// The outage. The calls do not wait for each other, as those of a busy program do not.
		var wg sync.WaitGroup
		errs := make(chan error, calls)
		start := time.Now()
		for range calls {
			wg.Go(func() {
				_, err := wiretest.GetToken(t, c)
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
		reached := len(m.Requests(t))
		require.Equal(t, attempts, reached, "the errors tell of other attempts than the server saw")
		ratio := float64(reached) / calls
		require.LessOrEqual(t, ratio, 1.1)
		require.Greater(t, reached, calls, "nothing was repeated: the budget is empty from the start")
		got("%d calls, %d requests reach the server: %.3f x", calls, reached, ratio)

		// What is left of the budget is used up, at one instant, so that the clock fills nothing.
		for spent := false; !spent; {
			_, err := wiretest.GetToken(t, c, plaidlink.WithMaxRetryDelay(1))
			spent = wiretest.RequireFailed(t, err, wiretest.OpGet, 500).Attempts == 1
		}

		// The outage ends: calls succeed at once, because first attempts need no budget.
		m.Then(up)
		start = time.Now()
		for range 10 {
			_, err := wiretest.GetToken(t, c)
			require.NoError(t, err)
		}
		require.Zero(t, time.Since(start))
		require.Len(t, m.Requests(t), 10)
		got("after it calls succeed at once")

		// Ten good answers pay for one repeat, of a single failure.
		m.Then(down, up)
		_, err := wiretest.GetToken(t, c)
		require.NoError(t, err, "a single failure is not repeated")
		require.Len(t, m.Requests(t), 2)
		got("after 10 good answers a single failure is repeated again")
	})
}
