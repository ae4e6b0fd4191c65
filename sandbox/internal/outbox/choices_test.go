package outbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

func TestEachAttemptIsSigned(t *testing.T) {
	for name, test := range map[string]struct {
		once bool
		want []string // in the numbers of the signer
	}{
		"anew":               {false, []string{"signature-1", "signature-2", "signature-3"}},
		"as it was at first": {true, []string{"signature-1", "signature-1", "signature-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			sign := counted("signature")
			o := newOutbox(t, responding(500, 200), func(c *outbox.Config) {
				c.SignOnce, c.Sign = test.once, func([]byte) string { return sign() }
			})
			o.put("{}")
			o.wait(t)
			o.moved(t, time.Minute)
			require.NoError(t, o.Duplicate(o.only(t).ID))
			o.wait(t)
			require.Equal(t, test.want, o.receiver.signatures)
		})
	}
}

// A receiver that refuses nearly everything gets nothing again, once there are attempts to judge by.
func TestReceiverThatFailsMostly(t *testing.T) {
	for name, test := range map[string]struct {
		stop      bool
		statuses  []int // of the first attempts; then 500
		puts      int
		wait      time.Duration // before the last webhook
		wantState outbox.State  // of the last webhook
	}{
		"nine attempts are too few":        {true, nil, 9, 0, outbox.Pending},
		"ten are enough":                   {true, nil, 10, 0, outbox.GivenUp},
		"nine of ten are not over 90 %":    {true, []int{200}, 10, 0, outbox.Pending},
		"those of yesterday do not count":  {true, nil, 6, 25 * time.Hour, outbox.Pending},
		"unless that is chosen, all go on": {false, nil, 20, 0, outbox.Pending},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOutbox(t, responding(append(test.statuses, 500)...), func(c *outbox.Config) { c.FailuresStop = test.stop })
			for n := range test.puts {
				if n == test.puts-1 {
					o.clock.move(test.wait)
				}
				o.put("{}")
				o.wait(t)
			}
			all := o.Deliveries()
			last := all[len(all)-1]
			require.Equal(t, test.wantState, last.State)
			if last.State == outbox.GivenUp {
				requireGivenUp(t, last, "over 90 % of the attempts of the last 24 hours failed")
			}
		})
	}
}
