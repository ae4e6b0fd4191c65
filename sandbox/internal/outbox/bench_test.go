package outbox_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// Deliveries to a receiver on loopback, with the outbox's own client, and in memory: the difference is HTTP.
func BenchmarkDeliver(b *testing.B) {
	server := listen(b, func(http.ResponseWriter, *http.Request) {})
	run := func(b *testing.B, client *http.Client) {
		o := newOutbox(b, nil, func(c *outbox.Config) { c.Client = client })
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			o.Put(server.URL, "LINK", "SESSION_FINISHED", []byte(`{"webhook_type":"LINK"}`))
			if n++; n%500 == 0 { // so that none is given up
				o.wait(b)
			}
		}
		o.wait(b)
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "deliveries/s")
		for _, d := range o.Deliveries() {
			require.Equal(b, outbox.Delivered, d.State, "%+v", d)
		}
	}
	b.Run("to=loopback", func(b *testing.B) { run(b, nil) })
	b.Run("to=memory", func(b *testing.B) {
		run(b, &http.Client{Transport: fast{}})
	})
}

// fast responds with 200 and keeps nothing.
type fast struct{}

func (fast) RoundTrip(*http.Request) (*http.Response, error) { return respondWith(200), nil }
