package outbox_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// Every delay, to the end: half a minute, then four times the one before.
func TestDelays(t *testing.T) {
	o := newOutbox(t, responding(500))
	o.put("{}")
	o.wait(t)
	attempts := 1
	for _, delay := range []time.Duration{
		30 * time.Second, 2 * time.Minute, 8 * time.Minute, 32 * time.Minute, 128 * time.Minute, 512 * time.Minute,
	} {
		got := o.only(t)
		require.Equal(t, outbox.Pending, got.State)
		require.Equal(t, o.clock.Now().Add(delay), got.Next)
		o.moved(t, delay-1)
		require.Len(t, o.receiver.got(), attempts, "not before %v", delay)
		o.moved(t, 1)
		attempts++
		require.Len(t, o.receiver.got(), attempts, "after %v", delay)
		require.Equal(t, o.clock.Now(), o.only(t).Attempts[attempts-1].Time)
	}
	// The next would be 34 hours later.
	requireGivenUp(t, o.only(t), "no response of 200 within 24 hours")
	o.moved(t, 1000*time.Hour)
	require.Len(t, o.receiver.got(), 7)
}

func requireGivenUp(t *testing.T, d outbox.Delivery, reason string) {
	t.Helper()
	require.Equal(t, outbox.GivenUp, d.State)
	require.Equal(t, reason, d.Reason)
	require.Zero(t, d.Next)
}

// Where the clock is moved past attempts, one of them is made, late.
func TestLateAttempt(t *testing.T) {
	for name, test := range map[string]struct {
		moves []time.Duration
		next  time.Duration // after noon; 0: given up
	}{
		"the delay counts from the late one": {[]time.Duration{time.Hour}, time.Hour + 2*time.Minute},
		"the last moment of the 24 hours":    {[]time.Duration{24*time.Hour - 2*time.Minute}, 24 * time.Hour},
		"a moment too late":                  {[]time.Duration{24*time.Hour - 2*time.Minute + 1}, 0},
		"days later":                         {[]time.Duration{100 * time.Hour}, 0},
		"back and forth":                     {[]time.Duration{-time.Hour, time.Hour, 30 * time.Second}, 150 * time.Second},
		"a clock that is always set back": {[]time.Duration{
			time.Minute, time.Hour, -time.Hour, time.Hour, -time.Hour, 10 * time.Hour, -10 * time.Hour,
			20 * time.Hour, -20 * time.Hour, 23 * time.Hour, -23 * time.Hour, 24 * time.Hour,
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOutbox(t, responding(500))
			o.put("{}")
			o.wait(t)
			for _, move := range test.moves {
				o.moved(t, move)
			}
			got := o.only(t)
			require.LessOrEqual(t, len(got.Attempts), 7)
			if test.next == 0 {
				requireGivenUp(t, got, "no response of 200 within 24 hours")
				return
			}
			require.Len(t, got.Attempts, 2)
			require.Equal(t, noon.Add(test.next), got.Next)
		})
	}
}

func TestDeliveredLater(t *testing.T) {
	o := newOutbox(t, responding(503, 200, 500))
	o.put("{}")
	o.wait(t)
	o.moved(t, 30*time.Second)
	got := o.only(t)
	require.Equal(t, outbox.Delivered, got.State)
	require.Empty(t, got.Reason)
	require.Zero(t, got.Next)
	o.moved(t, 23*time.Hour)
	require.Len(t, o.receiver.got(), 2)
}

// Retries go in the order they are due.
func TestOrderOfRetries(t *testing.T) {
	o := newOutbox(t, responding(500))
	o.put("1")
	o.wait(t)
	o.moved(t, 30*time.Second) // the next is due at 2:30
	o.put("2")                 // the next is due at 1:00
	o.wait(t)
	o.moved(t, time.Hour)
	require.Equal(t, []string{"1", "1", "2", "2", "1"}, o.receiver.got())
}

func TestDuplicate(t *testing.T) {
	o := newOutbox(t, responding(200, 500, 200))
	o.put(`{"n":  1}`)
	o.wait(t)
	o.clock.move(time.Minute)
	require.NoError(t, o.Duplicate("id-1"))
	o.wait(t)
	o.moved(t, 30*time.Second)
	sent := slices.Repeat([]string{`{"n":  1}`}, 3)
	require.Equal(t, sent, o.receiver.got(), "the duplicate is retried as any other")
	require.Equal(t, []string{"signature-1", "signature-2", "signature-3"}, o.receiver.signatures)
	got := o.Deliveries()
	require.Len(t, got, 2)
	require.Len(t, got[0].Attempts, 1)
	require.Empty(t, got[0].DuplicateOf)
	copied := got[1]
	require.Equal(t, []string{"id-2", "id-1"}, []string{copied.ID, copied.DuplicateOf})
	require.Equal(t, []string{local, "LINK", "EVENTS"}, []string{copied.URL, copied.Type, copied.Code})
	require.Equal(t, noon.Add(time.Minute), copied.Created)
	require.Equal(t, outbox.Delivered, copied.State)
}

func TestDuplicateRefused(t *testing.T) {
	o := newOutbox(t, responding(200))
	o.Put("https://example.com/hook", "LINK", "EVENTS", []byte("{}"))
	o.put("{}")
	o.wait(t)
	require.EqualError(t, o.Duplicate("id-3"), `no webhook that is kept has the id "id-3"`)
	const notSent = `the webhook "id-1" was not sent: host "example.com" is neither on loopback nor allowed`
	require.ErrorContains(t, o.Duplicate("id-1"), notSent)
	o.Close()
	require.EqualError(t, o.Duplicate("id-2"), "the sandbox was closed")
	require.Len(t, o.Deliveries(), 2)
	require.Len(t, o.receiver.got(), 1)
}
