package wiretest

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/contracttest"
)

// MemoryServer is a server in memory. It takes the place of the network, because a real one does not work in a bubble of
// testing/synctest; in a bubble it keeps exact times. It is safe for concurrent use.
type MemoryServer struct {
	mu      sync.Mutex
	replies []RoundTripper
	seen    []Request
	open    atomic.Int64 // bodies not closed yet
}

// Request is a request that a [MemoryServer] received.
type Request struct {
	At     time.Time // by the clock of the bubble, where the test runs in one
	Header http.Header
	Body   string
}

// InMemory returns a server that uses one reply a request, and the last one again and again.
func InMemory(replies ...RoundTripper) *MemoryServer { return &MemoryServer{replies: replies} }

// RoundTrip implements [http.RoundTripper].
func (m *MemoryServer) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		req.Body.Close()
	}
	m.mu.Lock()
	m.seen = append(m.seen, Request{time.Now(), req.Header.Clone(), string(body)})
	next := m.replies[0]
	if len(m.replies) > 1 {
		m.replies = m.replies[1:]
	}
	m.mu.Unlock()
	resp, err := next(req)
	if resp != nil && resp.Body != nil {
		m.open.Add(1)
		resp.Body = &memoryBody{ReadCloser: resp.Body, closed: sync.OnceFunc(func() { m.open.Add(-1) })}
	}
	return resp, err
}

type memoryBody struct {
	io.ReadCloser
	closed func()
}

func (b *memoryBody) Close() error { b.closed(); return b.ReadCloser.Close() }

// Client returns a client of the server. A request that departs from the specification fails the test.
func (m *MemoryServer) Client(t testing.TB, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	checked := plaidlink.WithHTTPClient(contracttest.Client(t, m, contracttest.InResponses))
	return NewClient(t, "https://plaid.test", append([]plaidlink.Option{checked}, opts...)...)
}

// Requests returns the requests since [InMemory] or [MemoryServer.Then]. Each response body must be closed by now.
func (m *MemoryServer) Requests(t testing.TB) []Request {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	require.Zero(t, m.open.Load(), "bodies left open")
	return m.seen
}

// Count reports how many requests the server received since [InMemory] or [MemoryServer.Then].
func (m *MemoryServer) Count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.seen)
}

// Then sets the replies from now on, and forgets the requests so far.
func (m *MemoryServer) Then(replies ...RoundTripper) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.replies, m.seen = replies, nil
}
