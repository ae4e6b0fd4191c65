package webhook_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// Over a connection, with the client as key source: the forms of the wire, and the errors of the client.
func TestServer(t *testing.T) {
	p := newPlaid(t)
	down := false
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case down:
			w.WriteHeader(http.StatusBadGateway)
		case string(asked) == `{"key_id":"`+kid+`"}`:
			io.WriteString(w, `{"key":`+text(t, p.keys[kid])+`,"request_id":"r"}`) // with "expired_at":null
		default:
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"error_type":"INVALID_INPUT","error_code":"INVALID_WEBHOOK_VERIFICATION_KEY_ID","error_message":"no","request_id":"r"}`)
		}
	}))
	defer api.Close()
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "id", Secret: "secret"},
		plaidlink.WithBaseURL(api.URL), plaidlink.WithMaxAttempts(1))
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	v := webhook.NewVerifier(client, webhook.WithClock(p.now))
	receiver := httptest.NewServer(v.Handler(func(ctx context.Context, _ webhook.Event) error { return ctx.Err() }))
	defer receiver.Close()

	deliver := func(header http.Header, body string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, receiver.URL, strings.NewReader(body))
		require.NoError(t, err)
		r.Header = header
		w, err := receiver.Client().Do(r)
		require.NoError(t, err)
		defer w.Body.Close()
		return w.StatusCode
	}
	require.Equal(t, 200, deliver(p.deliver(t, body, nil), body))
	require.Equal(t, 401, deliver(p.deliver(t, body, by("made-up")), body))
	require.Equal(t, 401, deliver(p.deliver(t, body, nil), body+" "))
	require.Equal(t, 413, deliver(p.deliver(t, body, nil), strings.Repeat(" ", 2<<20)))
	down = true
	require.Equal(t, 503, deliver(p.deliver(t, body, by("new")), body))
	require.Equal(t, 200, deliver(p.deliver(t, body, nil), body))
}

// deadlines is a http.ResponseWriter that notes read deadlines.
type deadlines struct {
	*httptest.ResponseRecorder
	set []time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error {
	d.set = append(d.set, at)
	return nil
}

// The time for a body is bounded, and no longer than for the body: the deadline would end the context of fn.
func TestBodyIsReadInTime(t *testing.T) {
	for _, c := range []struct {
		name   string
		edit   func(header, claims object)
		body   io.Reader
		status int
		set    int
	}{
		{"good", nil, strings.NewReader(body), 200, 2},
		{"too slow", nil, iotest.ErrReader(os.ErrDeadlineExceeded), 408, 1},
		{"broken off", nil, iotest.ErrReader(errors.New("reset")), 400, 1},
		{"refused", by("made-up"), strings.NewReader(body), 401, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, v := start(t)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", c.body)
			r.Header = p.deliver(t, body, c.edit)
			w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
			began := time.Now()
			v.Handler(func(context.Context, webhook.Event) error { return nil }).ServeHTTP(w, r)
			require.Equal(t, c.status, w.Code)
			require.Len(t, w.set, c.set)
			require.WithinDuration(t, began.Add(10*time.Second), w.set[0], 5*time.Second)
			switch c.status {
			case 200:
				require.Zero(t, w.set[1])
			case 401:
				require.True(t, w.set[1].Before(w.set[0]), "the server need not read for long what nobody wants")
			}
		})
	}
}

// unread is a body that must not be read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, io.EOF
}

// 300 senders whose header is missing, malformed, forged, or of a key that does not exist cannot fill the memory: they are
// refused before a byte of their bodies is read.
func TestStrangersBodiesAreNotRead(t *testing.T) {
	const senders = 300
	p, v := start(t)
	require.NoError(t, try(t, p, v, kid))
	handler := v.Handler(func(context.Context, webhook.Event) error { t.Error("called"); return nil })
	receiver := httptest.NewServer(handler)
	defer receiver.Close()
	announced := strings.Repeat(" ", 1<<20)
	for _, c := range []struct {
		name   string
		header http.Header
		status int
	}{
		{"that is missing", nil, 401},
		{"that is malformed", carry("a.b.c"), 401},
		{"that is forged", newPlaid(t).deliver(t, announced, nil), 401},
		{"of a made-up key", p.deliver(t, announced, by("made-up")), 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.status, post(t, handler, http.MethodPost, c.header, unread{t}).Code)
			var head bytes.Buffer
			require.NoError(t, c.header.Write(&head))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			conns := make([]net.Conn, senders)
			for i := range conns {
				conn, err := net.Dial("tcp", receiver.Listener.Addr().String())
				require.NoError(t, err)
				defer conn.Close()
				require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
				_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: h\r\n"+head.String()+"Content-Length: 1048576\r\n\r\n"+announced[:4<<10])
				require.NoError(t, err)
				conns[i] = conn
			}
			status := 0
			for _, conn := range conns {
				w, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err, "without the rest of the body")
				require.Equal(t, c.status, w.StatusCode)
				status = w.StatusCode
			}
			runtime.ReadMemStats(&after)
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Attr("got", fmt.Sprintf("a header %s: status=%d MiB=%.1f", c.name, status, float64(allocated)/(1<<20))) // of both sides
			require.Less(t, allocated, uint64(16<<20))
		})
	}
}
