package faults_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault31OutageIsNotMadeWorse(t *testing.T) {
	t.Parallel() // it computes, mostly
	row := faults.Begin(t, "outage: 100 calls a second for 2 minutes, every response 500")
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
		outcomes := make(chan faults.Outcome, calls)
		start := time.Now()
		for range calls {
			wg.Go(func() {
				outcomes <- faults.Get.Call(t.Context(), c)
			})
			<-time.After(time.Second / rate) // of the bubble's clock, which costs no time
		}
		require.Equal(t, seconds*time.Second, time.Since(start))
		wg.Wait()
		close(outcomes)
		var during []faults.Outcome
		attempts := 0
		for got := range outcomes {
			if e := got.Failure(); e == nil || e.Code != plaidlink.CodeInternalServerError || e.StatusCode != 500 {
				t.Fatalf("expected Plaid's 500, found %v", got.Err())
			}
			attempts += got.Attempts()
			during = append(during, got)
		}
		reached := len(m.Requests(t))
		require.Equal(t, attempts, reached, "the errors count other attempts than the server received")
		ratio := float64(reached) / calls
		require.LessOrEqual(t, ratio, 1.1)
		require.Greater(t, reached, calls, "nothing was retried: the budget is empty from the start")
		row.Got("during it", during...)

		// What is left of the budget is used up, at one instant, so that the clock fills nothing.
		for spent := false; !spent; {
			got := faults.Get.Call(t.Context(), c, plaidlink.WithMaxRetryDelay(1))
			spent = wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 500).Attempts == 1
		}

		// The outage ends: calls succeed at once, because first attempts need no budget.
		m.Then(up)
		start = time.Now()
		var after []faults.Outcome
		for range 10 {
			after = append(after, succeeds(t, faults.Get, c))
		}
		require.Zero(t, time.Since(start))
		require.Len(t, m.Requests(t), 10)
		row.Got("after it", after...)

		// Ten good responses pay for one retry, of a single failure.
		m.Then(down, up)
		got := faults.Get.Call(t.Context(), c)
		require.NoError(t, got.Err(), "a single failure is not retried")
		require.Len(t, m.Requests(t), 2)
		row.Got("a single failure after ten good responses", got)
	})
}
