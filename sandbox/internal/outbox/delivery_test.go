package outbox_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

func TestDelivered(t *testing.T) {
	o := newOutbox(t, responding(200))
	body := []byte(`{"a": 1}`)
	o.Put(local, "LINK", "SESSION_FINISHED", body)
	body[0] = 'X' // the caller may use its bytes again
	o.wait(t)
	require.Equal(t, []string{`{"a": 1}`}, o.receiver.got())
	request := o.receiver.requests[0]
	require.Equal(t, http.MethodPost, request.Method)
	require.Equal(t, local, request.URL.String())
	require.Equal(t, "application/json", request.Header.Get("Content-Type"))
	require.Equal(t, "signature-1", request.Header.Get("Plaid-Verification"))
	got := o.only(t)
	require.Equal(t, outbox.Delivery{
		ID: "id-1", URL: local, Type: "LINK", Code: "SESSION_FINISHED", Body: `{"a": 1}`, Created: noon,
		Attempts: []outbox.Attempt{{Time: noon, Status: 200, Signature: "signature-1"}}, State: outbox.Delivered,
	}, got)
	got.Attempts[0].Status = 500
	require.Equal(t, 200, o.only(t).Attempts[0].Status, "what Deliveries returns is a copy")
}

// Untried webhooks go in the order they were put, whatever the clock does meanwhile, and after retries that are due longer.
func TestOrder(t *testing.T) {
	release, arrived := make(chan struct{}), make(chan struct{})
	o := newOutbox(t, &receiver{respond: func(n int, _ *http.Request) (*http.Response, error) {
		if n == 2 {
			close(arrived)
			<-release
		}
		return respondWith(map[bool]int{true: 500, false: 200}[n < 2]), nil
	}})
	o.put("1")
	o.wait(t)
	o.clock.move(time.Second)
	o.put("2")
	o.wait(t)
	o.put("3")
	<-arrived // while 3 is under way
	o.put("4")
	o.clock.move(-time.Hour)
	o.put("5")
	o.clock.move(2 * time.Hour)
	o.put("6")
	close(release)
	o.wait(t)
	// 1 and 2 are due after 4 and 5 were made, and before 6.
	require.Equal(t, []string{"1", "2", "3", "4", "5", "1", "2", "6"}, o.receiver.got())
}

// A clock that is set back holds up no webhook that was not tried yet.
func TestClockSetBack(t *testing.T) {
	r, arrived, release := held(t)
	o := newOutbox(t, r)
	o.put("1")
	<-arrived
	o.put("2")
	o.clock.move(-time.Hour)
	release()
	o.wait(t)
	require.Equal(t, []string{"1", "2"}, r.got())
}

func TestSignatureOfEachAttempt(t *testing.T) {
	var signed []string
	sign := signer()
	o := newOutbox(t, responding(500, 500, 200), func(c *outbox.Config) {
		c.Sign = func(body []byte) string {
			signed = append(signed, string(body))
			clear(body) // it is its own
			return sign(body)
		}
	})
	o.put("{ }")
	o.wait(t)
	o.moved(t, 30*time.Second)
	o.moved(t, 2*time.Minute)
	require.Equal(t, []string{"signature-1", "signature-2", "signature-3"}, o.receiver.signatures)
	require.Equal(t, []string{"{ }", "{ }", "{ }"}, o.receiver.got())
	require.Equal(t, o.receiver.got(), signed, "what is signed is what is sent")
}

func TestStatus(t *testing.T) {
	for status, delivered := range map[int]bool{
		200: true,
		201: false, 202: false, 204: false, 299: false, // Plaid wants 200
		301: false, 302: false, 307: false, 308: false, // not followed
		400: false, 401: false, 404: false, 410: false, 429: false, 500: false, 503: false,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			o := newOutbox(t, &receiver{respond: func(int, *http.Request) (*http.Response, error) {
				redirect := respondWith(status)
				redirect.Header.Set("Location", "/elsewhere")
				return redirect, nil
			}})
			o.put("{}")
			o.wait(t)
			require.Len(t, o.receiver.got(), 1)
			got := o.only(t)
			require.Equal(t, status, got.Attempts[0].Status)
			require.Empty(t, got.Attempts[0].Error)
			require.Equal(t, delivered, got.State == outbox.Delivered)
			require.Equal(t, !delivered, got.State == outbox.Pending)
		})
	}
}

func failing(text string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, errors.New(text) }
}

func TestNoResponse(t *testing.T) {
	for name, test := range map[string]struct {
		fail  func() (*http.Response, error)
		sign  func([]byte) string
		error string
	}{
		"the URL may hold a key":   {failing("connection reset"), signer(), "connection reset"},
		"a panic of the client":    {func() (*http.Response, error) { panic("nil map") }, signer(), "panic: nil map"},
		"a panic of the signer":    {nil, func([]byte) string { panic("no key") }, "panic: no key"},
		"300 bytes of a long text": {failing("1" + strings.Repeat("é", 1000)), signer(), "1" + strings.Repeat("é", 149)},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOutbox(t, &receiver{respond: func(int, *http.Request) (*http.Response, error) { return test.fail() }},
				func(c *outbox.Config) { c.Sign = test.sign })
			o.put("{}")
			o.wait(t)
			got := o.only(t)
			require.Equal(t, outbox.Pending, got.State, "it is retried")
			require.Equal(t, noon.Add(30*time.Second), got.Next)
			require.Zero(t, got.Attempts[0].Status)
			require.Equal(t, test.error, got.Attempts[0].Error)
		})
	}
}

func TestSlowReceiver(t *testing.T) {
	for name, test := range map[string]struct {
		after  time.Duration
		status int
		error  string
	}{
		"in time":   {10*time.Second - 1, 200, ""},
		"too late":  {10*time.Second + 1, 0, "no response within 10s"},
		"far worse": {time.Hour, 0, "no response within 10s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOutbox(t, &receiver{respond: func(_ int, r *http.Request) (*http.Response, error) {
					select {
					case <-time.After(test.after):
						return respondWith(200), nil
					case <-r.Context().Done():
						return nil, r.Context().Err()
					}
				}})
				began := time.Now()
				o.put("{}")
				o.wait(t)
				got := o.only(t).Attempts[0]
				require.Equal(t, test.status, got.Status)
				require.Equal(t, test.error, got.Error)
				require.Equal(t, min(test.after, 10*time.Second), time.Since(began))
			})
		})
	}
}

// counting is a response's body without an end.
type counting struct{ read, closed int }

func (c *counting) Read(p []byte) (int, error) { c.read += len(p); return len(p), nil }
func (c *counting) Close() error               { c.closed++; return nil }

// The status decides, whatever the body of the response is.
func TestResponseBody(t *testing.T) {
	endless := &counting{}
	broken := struct{ io.ReadCloser }{io.NopCloser(io.MultiReader(strings.NewReader("{"), errReader{}))}
	for _, body := range []io.ReadCloser{endless, broken} {
		o := newOutbox(t, &receiver{respond: func(int, *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: body}, nil
		}})
		o.put("{}")
		o.wait(t)
		require.Equal(t, outbox.Delivered, o.only(t).State)
		require.Empty(t, o.only(t).Attempts[0].Error)
	}
	require.Positive(t, endless.read)
	require.LessOrEqual(t, endless.read, 64<<10)
	require.Equal(t, 1, endless.closed)
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
