package retry_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// Each step is a time, what happened then, and how many repeats the budget grants before it refuses.
func TestBudget(t *testing.T) {
	type step struct {
		at       time.Duration
		answered int // good responses
		granted  int
	}
	for name, test := range map[string]struct {
		max   int
		steps []step
	}{
		"starts full":                 {3, []step{{0, 0, 3}}},
		"0 forbids":                   {0, []step{{0, 0, 0}, {time.Hour, 1000, 0}}},
		"a second fills one":          {3, []step{{0, 0, 3}, {time.Second, 0, 1}, {3 * time.Second, 0, 2}}},
		"half a second does not":      {3, []step{{0, 0, 3}, {500 * time.Millisecond, 0, 0}, {time.Second, 0, 1}}},
		"ten answers fill one":        {3, []step{{0, 0, 3}, {0, 9, 0}, {0, 1, 1}, {0, 10, 1}, {0, 25, 2}, {0, 5, 1}}},
		"answers and seconds":         {3, []step{{0, 0, 3}, {500 * time.Millisecond, 5, 1}}},
		"never over max":              {3, []step{{0, 1000, 3}, {time.Hour, 1000, 3}}},
		"time before the first":       {3, []step{{time.Hour, 0, 3}}},
		"a clock that is set back":    {3, []step{{time.Minute, 0, 3}, {0, 0, 0}, {time.Second, 0, 1}}},
		"an outage, one each second":  {1, []step{{0, 0, 1}, {time.Second, 0, 1}, {2 * time.Second, 0, 1}, {2 * time.Second, 0, 0}}},
		"recovery after a long pause": {100, []step{{0, 0, 100}, {40 * time.Second, 0, 40}, {time.Hour, 0, 100}}},
	} {
		t.Run(name, func(t *testing.T) {
			budget := retry.NewBudget(test.max)
			start := time.Now()
			for i, step := range test.steps {
				for range step.answered {
					budget.Responded()
				}
				granted := 0
				for granted <= test.max && budget.Take(start.Add(step.at)) {
					granted++
				}
				require.Equal(t, step.granted, granted, "step %d", i+1)
			}
		})
	}
}

func TestBudgetConcurrent(t *testing.T) {
	budget := retry.NewBudget(50)
	now := time.Now()
	var granted atomic.Int64
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if budget.Take(now) {
				granted.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 50, granted.Load())
}
