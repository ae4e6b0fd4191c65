package plaidlink_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/contracttest"
)

// memoryServer is a server in memory. It stands where the network is, because a real one does not work in a bubble of
// testing/synctest; in a bubble it keeps exact times.
type memoryServer struct {
	mu      sync.Mutex
	replies []reply
	seen    []memoryRequest
	open    int // bodies not closed yet
}

// reply is what the server does with a request.
type reply func(*http.Request) (*http.Response, error)

func (r reply) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

type memoryRequest struct {
	at     time.Time
	header http.Header
	body   string
}

// inMemory makes a server that uses one reply a request, and the last one again and again.
func inMemory(replies ...reply) *memoryServer { return &memoryServer{replies: replies} }

func (m *memoryServer) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		req.Body.Close()
	}
	m.mu.Lock()
	m.seen = append(m.seen, memoryRequest{time.Now(), req.Header.Clone(), string(body)})
	next := m.replies[0]
	if len(m.replies) > 1 {
		m.replies = m.replies[1:]
	}
	m.mu.Unlock()
	resp, err := next(req)
	if resp != nil && resp.Body != nil {
		m.count(1)
		resp.Body = &memoryBody{ReadCloser: resp.Body, closed: sync.OnceFunc(func() { m.count(-1) })}
	}
	return resp, err
}

func (m *memoryServer) count(n int) {
	m.mu.Lock()
	m.open += n
	m.mu.Unlock()
}

type memoryBody struct {
	io.ReadCloser
	closed func()
}

func (b *memoryBody) Close() error { b.closed(); return b.ReadCloser.Close() }

// client makes a client of it, whose requests are held against the specification.
func (m *memoryServer) client(t *testing.T, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	return newClient(t, "https://plaid.test", append([]plaidlink.Option{plaidlink.WithHTTPClient(contracttest.Client(t, m, contracttest.InAnswers))}, opts...)...)
}

// requests are those that came. Each whose body was handed out must be closed by now.
func (m *memoryServer) requests(t *testing.T) []memoryRequest {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	require.Zero(t, m.open, "bodies left open")
	return m.seen
}

// then sets what the server does from now on, and forgets what it has seen.
func (m *memoryServer) then(replies ...reply) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.replies, m.seen = replies, nil
}

// replyWith replies with a status and a body, and with headers given as name, value, name, value.
func replyWith(status int, body string, headers ...string) reply {
	return func(req *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
		return &http.Response{
			StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h,
			Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
		}, nil
	}
}

// replyError replies as Plaid does when it refuses, with what must not turn up in the text of an error: the secret, a token,
// and a member that is not Plaid's message.
func replyError(status int, kind plaidlink.ErrorType, code plaidlink.ErrorCode, headers ...string) reply {
	return replyWith(status, fmt.Sprintf(`{"error_type":%q,"error_code":%q,"error_message":"said of `+testSecret+` and access-sandbox-1","display_message":null,`+
		`"request_id":"req-1","causes":[%q]}`, kind, code, bodyMark), headers...)
}

// replyNever replies never: it waits for the end of the request.
func replyNever(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// bodyMark stands in bodies and must not stand in the text of an error.
const bodyMark = "body-mark-77"

// Good answers to getToken and exchange.
const (
	tokenAnswer    = `{"link_token":"link-sandbox-1","created_at":null,"expiration":null,"metadata":{},"request_id":"req-2"}`
	exchangeAnswer = `{"access_token":"access-sandbox-1","item_id":"item-1","request_id":"req-3"}`
)

// requireFailed asserts what holds for every failed call: the error is found through wraps, names operation and status, and
// neither its text nor that of an earlier attempt has a secret, a token or a body.
func requireFailed(t *testing.T, err error, operation string, status int) *plaidlink.Error {
	t.Helper()
	require.Error(t, err)
	var e *plaidlink.Error
	require.True(t, errors.As(fmt.Errorf("outer: %w", fmt.Errorf("inner: %w", err)), &e), "%v", err)
	require.Equal(t, operation, e.Operation)
	require.Equal(t, status, e.StatusCode)
	require.True(t, strings.HasPrefix(e.Error(), "plaidlink: "+operation+": "), e.Error())
	for _, err := range append([]error{err}, e.Earlier...) {
		require.ErrorAs(t, err, new(*plaidlink.Error))
		text := fmt.Sprintf("%v %+v %#v %s %q", err, err, err, err, err)
		for _, hidden := range []string{testSecret, "link-sandbox-0", "link-sandbox-1", "public-sandbox-0", "access-sandbox-1", bodyMark} {
			require.NotContains(t, text, hidden)
		}
	}
	require.NotContains(t, string(e.Raw), testSecret)
	return e
}

const (
	opGet      = "linkTokenGet"
	opExchange = "itemPublicTokenExchange"
)
