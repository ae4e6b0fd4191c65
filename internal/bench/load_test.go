package bench

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkLoad makes b.N calls from many goroutines, over TLS on loopback, each client with its default transport.
func BenchmarkLoad(b *testing.B) {
	trustSite(b)
	for _, protocol := range []string{"h1", "h2"} {
		b.Run("protocol="+protocol, func(b *testing.B) {
			url := site(b, protocol)
			for _, callers := range []int{1, 32, 64, 512} {
				for _, name := range names {
					b.Run("callers="+strconv.Itoa(callers)+"/client="+name, func(b *testing.B) {
						http.DefaultClient.CloseIdleConnections()
						client := clients[name](url, nil)
						before := opened(b, url)
						took := load(b, client, callers)
						b.ReportMetric(float64(opened(b, url)-before)/float64(b.N), "conns/op")
						b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
						slices.Sort(took)
						b.ReportMetric(float64(took[len(took)/2]), "p50-ns")
						b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
					})
				}
			}
		})
	}
}

func load(b *testing.B, client client, callers int) []time.Duration {
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range callers {
		group.Go(func() {
			for {
				i := next.Add(1) - 1
				if i >= int64(b.N) {
					return
				}
				start := time.Now()
				if err := client.Create(b.Context()); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(start)
			}
		})
	}
	group.Wait()
	b.StopTimer()
	return took
}

// asker is not one of the clients that are measured, and opens no connection meanwhile.
var asker = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}

// opened returns how many connections the site has accepted.
func opened(b *testing.B, url string) int {
	resp, err := asker.Get(url + "/opened")
	require.NoError(b, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(b, err)
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(b, err)
	return n
}

type countingListener struct {
	net.Listener
	accepted *atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return conn, err
}
