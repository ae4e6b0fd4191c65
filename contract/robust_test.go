package contract_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/contract"
)

// A request body that cannot be read again, or is too large, passes, and that is reported.
func TestRequestBodies(t *testing.T) {
	const unchecked = "linkTokenGet: request: unchecked: expected "
	huge := `{"a":"` + strings.Repeat("x", contract.MaxBody) + `"}`
	for name, c := range map[string]struct {
		body string
		end  error // of the body
		get  func() (io.ReadCloser, error)
		want []string
	}{
		"read as it is sent":     {getBody, io.EOF, nil, nil},
		"too large":              {huge, io.EOF, nil, []string{unchecked + "a body of at most 8 MiB"}},
		"too large, read again":  {huge, io.EOF, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(huge)), nil }, []string{unchecked + "a body of at most 8 MiB"}},
		"cut":                    {getBody, errReset, nil, []string{unchecked + "a body that arrives whole"}},
		"GetBody that fails":     {getBody, io.EOF, func() (io.ReadCloser, error) { return nil, errReset }, []string{unchecked + "a request body that can be read twice"}},
		"GetBody that panics":    {getBody, io.EOF, func() (io.ReadCloser, error) { panic(secret) }, []string{unchecked + "an exchange that can be compared"}},
		"GetBody that gives nil": {getBody, io.EOF, func() (io.ReadCloser, error) { return nil, nil }, []string{unchecked + "an exchange that can be compared"}},
	} {
		t.Run(name, func(t *testing.T) {
			var sent []byte
			rt, got := watch(t, roundTripperFunc(func(req *http.Request) (*http.Response, error) {
				var err error
				sent, err = io.ReadAll(req.Body)
				req.Body.Close()
				if err != nil {
					return nil, err
				}
				return response(req, 200, "application/json", io.NopCloser(strings.NewReader(session(1)))), nil
			}))
			req := request(t, getPath, "")
			from := newGate([]byte(c.body), c.end)
			req.Body, req.GetBody, req.ContentLength = from, c.get, int64(len(c.body))
			_, err := send(t, rt, req)
			if c.end != io.EOF {
				require.True(t, err == c.end, "the same error")
			}
			require.True(t, c.body == string(sent), "the same bytes")
			require.Equal(t, c.want, got.lines())
			<-from.closed
		})
	}
}

type roundTripperFunc func(*http.Request) (*http.Response, error)

func (f roundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// A request that was not sent has nothing to compare; one of which a part was sent is reported.
func TestRequestsThatAreNotSent(t *testing.T) {
	for part, want := range map[int][]string{0: nil, 5: {"linkTokenGet: request: unchecked: expected a body that is read to its end"}} {
		for _, announced := range []int64{int64(len(getBody)), 0, -1} { // 0 beside a body is an unknown length, too
			rt, got := watch(t, roundTripperFunc(func(req *http.Request) (*http.Response, error) {
				_, _ = io.ReadFull(req.Body, make([]byte, part))
				req.Body.Close()
				return nil, errReset
			}))
			req := request(t, getPath, getBody)
			req.GetBody, req.ContentLength = nil, announced
			_, err := rt.RoundTrip(req)
			require.True(t, err == errReset)
			require.Equal(t, want, got.lines())
		}
	}
}

// The panics of a callback, and of a URL that is not there, reach nobody.
func TestPanics(t *testing.T) {
	calls := 0
	rt, err := contract.New(responding(200, "application/json", `{}`), func(context.Context, contract.Departure) {
		calls++
		panic(secret)
	})
	require.NoError(t, err)
	req := request(t, getPath, `{}`)
	req.Header.Del("Plaid-Version")
	body, err := send(t, rt, req)
	require.NoError(t, err)
	require.Equal(t, `{}`, string(body))
	require.Equal(t, 7, calls, "one header, a property of the request and five of the response: one panic does not end the others")

	rt, got := watch(t, responding(200, "application/json", `{}`))
	_, err = send(t, rt, &http.Request{Method: http.MethodPost})
	require.NoError(t, err)
	require.Equal(t, []string{": request: unchecked: expected an exchange that can be compared"}, got.lines())
}

// overfull is a body that breaks the rules of io.Reader.
type overfull int

func (o overfull) Read([]byte) (int, error) { return int(o), nil }
func (overfull) Close() error               { return nil }

// The number of a broken reader reaches the caller, and nothing hangs.
func TestBrokenReaders(t *testing.T) {
	for _, n := range []overfull{-1, 100} {
		rt, got := watch(t, network(func(req *http.Request) (*http.Response, error) {
			return response(req, 200, "application/json", n), nil
		}))
		resp, err := rt.RoundTrip(request(t, getPath, getBody))
		require.NoError(t, err)
		read, err := resp.Body.Read(make([]byte, 10))
		require.NoError(t, err)
		require.Equal(t, int(n), read)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, []string{"linkTokenGet: response 200: unchecked: expected a body that is read to its end"}, got.lines())
	}
}

// endless is a body without an end, which signals when it is read.
type endless struct {
	once    sync.Once
	reading chan struct{}
}

func (e *endless) Read(p []byte) (int, error) {
	e.once.Do(func() { close(e.reading) })
	p[0] = '['
	return 1, nil
}

func (e *endless) Close() error { return nil }

// net/http closes a body while another goroutine reads it, when a request is canceled.
func TestCloseWhileReading(t *testing.T) {
	body := &endless{reading: make(chan struct{})}
	rt, got := watch(t, network(func(req *http.Request) (*http.Response, error) {
		return response(req, 200, "application/json", body), nil
	}))
	resp, err := rt.RoundTrip(request(t, getPath, getBody))
	require.NoError(t, err)
	var closed atomic.Bool
	var wait sync.WaitGroup
	wait.Go(func() {
		for p := make([]byte, 1); !closed.Load(); {
			_, _ = resp.Body.Read(p)
		}
	})
	<-body.reading
	require.NoError(t, resp.Body.Close())
	closed.Store(true)
	wait.Wait()
	require.Equal(t, []string{"linkTokenGet: response 200: unchecked: expected a body that is read to its end"}, got.lines())
}

type ctxKey struct{}

// The callback has the request's context, and everything is reported before the caller sees the end of the body.
func TestReportsComeInTheCall(t *testing.T) {
	var order []string
	rt, err := contract.New(responding(400, "text/html", "<html>"), func(ctx context.Context, d contract.Departure) {
		order = append(order, fmt.Sprint(ctx.Value(ctxKey{}), " ", d.Direction))
	})
	require.NoError(t, err)
	req := request(t, getPath, `{}`)
	req = req.WithContext(context.WithValue(req.Context(), ctxKey{}, "of the call:"))
	_, err = send(t, rt, req)
	require.NoError(t, err)
	order = append(order, "the caller")
	require.Equal(t, []string{"of the call: request", "of the call: response", "the caller"}, order)
}

// A body of 101 is a connection, and stays what it was.
func TestSwitchingProtocols(t *testing.T) {
	body := struct{ io.ReadWriteCloser }{}
	rt, _ := watch(t, network(func(req *http.Request) (*http.Response, error) {
		return response(req, http.StatusSwitchingProtocols, "", body), nil
	}))
	resp, err := rt.RoundTrip(request(t, getPath, getBody))
	require.NoError(t, err)
	require.Equal(t, body, resp.Body)
}

// Many calls at once, some cut, some closed while they are read: each has its own departures, and its own bytes.
func TestConcurrentCalls(t *testing.T) {
	rt, got := watch(t, network(func(req *http.Request) (*http.Response, error) {
		switch name := req.Header.Get("X-Case"); name {
		case "cut":
			return response(req, 200, "application/json", newGate([]byte(session(3))[:99], errReset)), nil
		case "closed":
			r, w := io.Pipe()
			go func() { _, err := io.WriteString(w, `{"link_token"`); _ = w.CloseWithError(err) }()
			return response(req, 200, "application/json", r), nil
		default:
			return response(req, 200, "application/json", io.NopCloser(strings.NewReader(changed(t, session(3), "link_sessions", name)))), nil
		}
	}))
	var wait sync.WaitGroup
	for i := range 120 {
		wait.Go(func() {
			req := request(t, getPath, getBody)
			name := []string{"cut", "closed", fmt.Sprintf("property_%d", i)}[i%3]
			req.Header.Set("X-Case", name)
			resp, err := rt.RoundTrip(req)
			if err != nil {
				t.Error(err)
				return
			}
			read := make(chan error, 1)
			if name == "closed" {
				go func() { _, err := io.ReadAll(resp.Body); read <- err }()
			} else {
				_, err = io.ReadAll(resp.Body)
				if (name == "cut") != errors.Is(err, errReset) {
					t.Error(name, err)
				}
				read <- nil
			}
			resp.Body.Close()
			<-read
		})
	}
	wait.Wait()
	properties := 0
	for _, line := range got.lines() {
		if strings.Contains(line, "/property_") {
			properties++
		}
	}
	require.Equal(t, 40, properties)
	require.Len(t, got.lines(), 120)
}
