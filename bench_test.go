package plaidlink_test

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// canned responds to every request from memory, so that only the client is measured.
type canned []byte

var jsonHeader = http.Header{"Content-Type": {"application/json"}}

func (m canned) RoundTrip(req *http.Request) (*http.Response, error) {
	io.Copy(io.Discard, req.Body)
	req.Body.Close()
	return &http.Response{StatusCode: 200, Header: jsonHeader, Body: io.NopCloser(bytes.NewReader(m)), ContentLength: int64(len(m)), Request: req}, nil
}

var smallResponse = canned(`{"link_token":"link-sandbox-af1a0311-da53-4636-b754-dd15cc058176","created_at":"2026-03-02T09:30:00Z","expiration":"2026-03-02T13:30:00Z","metadata":{"initial_products":["auth"],"webhook":null,"country_codes":["US"],"language":"en","redirect_uri":null,"client_name":"Example App"},"request_id":"XQVgFigpGHXkb0b"}`)

// BenchmarkCall compares a call with the same call made with the generated client and net/http: the difference is what
// credentials, attempts and the guard cost.
func BenchmarkCall(b *testing.B) {
	req := gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"}
	b.Run("client=sdk", func(b *testing.B) {
		c, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: wiretest.Secret},
			plaidlink.WithHTTPClient(&http.Client{Transport: smallResponse}))
		require.NoError(b, err)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.LinkTokenGet(b.Context(), req); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("client=net-http", func(b *testing.B) {
		hc := &http.Client{Transport: authorize{smallResponse}, Timeout: 30 * time.Second}
		c, err := gen.NewClient(plaidlink.Sandbox.BaseURL(), hc)
		require.NoError(b, err)
		b.ReportAllocs()
		for b.Loop() {
			resp, err := c.LinkTokenGet(b.Context(), req)
			if err != nil {
				b.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				b.Fatal(err)
			}
			resp.Body.Close()
			var decoded gen.LinkTokenGetResponse
			if err := json.Unmarshal(body, &decoded); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// authorize sets the headers in the simplest way that does not change the caller's request.
type authorize struct{ next http.RoundTripper }

func (a authorize) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("PLAID-CLIENT-ID", wiretest.ClientID)
	req.Header.Set("PLAID-SECRET", wiretest.Secret)
	req.Header.Set("Plaid-Version", "2020-09-14")
	req.Header.Set("User-Agent", "bench")
	return a.next.RoundTrip(req)
}

// BenchmarkDecode decodes a response of 92 kB with 400 events, as /link/token/get returns after a long session: as the client
// does, with encoding/json into the same type, and with encoding/json into a type without methods, which loses unknown
// properties.
func BenchmarkDecode(b *testing.B) {
	event := `{"event_id":"3080d96f-6267-4085-b13e-3dd379be2cab","event_metadata":{"institution_id":"ins_109508","institution_name":"First Platypus Bank","request_id":"UknWzE4539kcqVp"},"event_name":"HANDOFF","timestamp":"2026-07-29T20:23:58Z"}`
	events := strings.TrimSuffix(strings.Repeat(event+",", 400), ",")
	data := []byte(`{"link_token":"link-sandbox-0","metadata":{},"link_sessions":[{"link_session_id":"s","events":[` + events + `]}]}`)
	type plain struct {
		LinkToken    string `json:"link_token"`
		LinkSessions []struct {
			LinkSessionID string `json:"link_session_id"`
			Events        []struct {
				EventID       string `json:"event_id"`
				EventName     string `json:"event_name"`
				Timestamp     string `json:"timestamp"`
				EventMetadata struct {
					InstitutionID   string `json:"institution_id"`
					InstitutionName string `json:"institution_name"`
					RequestID       string `json:"request_id"`
				} `json:"event_metadata"`
			} `json:"events"`
		} `json:"link_sessions"`
	}
	for name, decode := range map[string]func() error{
		"codec=sdk":                  func() error { return json.Unmarshal(data, new(gen.LinkTokenGetResponse)) },
		"codec=encoding-json":        func() error { return stdjson.Unmarshal(data, new(gen.LinkTokenGetResponse)) },
		"codec=encoding-json,plain=": func() error { return stdjson.Unmarshal(data, new(plain)) },
	} {
		b.Run(strings.TrimSuffix(name, "="), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if err := decode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A call allocates less than the same call written by hand; internal/bench has the figures. Unlike times, counts do not depend
// on the machine. The bounds leave some room for the race detector, which empties pools at random.
func TestCallsAllocateLittle(t *testing.T) {
	const event = `{"event_id":"%04x%04x-6267-4085-b13e-3dd379be2cab","event_metadata":{"institution_name":"First Platypus Bank","request_id":"UknW%04x%04x"},"event_name":"HANDOFF","timestamp":"2026-07-29T20:23:58Z"}`
	var sessions []string // each with its own ids, because the codec caches strings
	for i := range 256 {
		var events []string
		for n := range 60 {
			events = append(events, fmt.Sprintf(event, i, n, i, n))
		}
		sessions = append(sessions, `{"link_token":"link-sandbox-0","metadata":{},"link_sessions":[{"link_session_id":"s","events":[`+strings.Join(events, ",")+`]}]}`)
	}
	create := gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, Products: []gen.Products{gen.ProductsAuth},
	}
	for name, test := range map[string]struct {
		bodies []string // in turn
		most   float64
		call   func(*plaidlink.Client) error
	}{
		"LinkTokenCreate": {[]string{`{"link_token":"link-sandbox-0","expiration":"2026-03-02T13:30:00Z","request_id":"XQVgFigpGHXkb0b"}`}, 41, func(c *plaidlink.Client) error {
			_, err := c.LinkTokenCreate(t.Context(), create)
			return err
		}},
		"LinkTokenGet": {sessions, 200, func(c *plaidlink.Client) error {
			_, err := c.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"})
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: wiretest.RoundTripper(func(req *http.Request) (*http.Response, error) {
				test.bodies = append(test.bodies[1:], test.bodies[0])
				return canned(test.bodies[0]).RoundTrip(req)
			})}))
			got := testing.AllocsPerRun(200, func() {
				if err := test.call(c); err != nil {
					t.Fatal(err)
				}
			})
			require.LessOrEqual(t, got, test.most)
			require.Greater(t, got, test.most/2, "a bound that is far off checks nothing")
		})
	}
}

// A response does not refer to the buffer that it was read into, which the next call reuses.
func TestResponsesShareNoMemory(t *testing.T) {
	bodies := []string{
		`{"link_token":"link-sandbox-1","metadata":{},"new":{"of":"one"}}`,
		`{"link_token":"link-sandbox-2","metadata":{},"new":{"of":"two"}}`,
	}
	client := func(body string) *plaidlink.Client {
		return wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: canned(body)}))
	}
	first, err := wiretest.GetToken(t, client(bodies[0]))
	require.NoError(t, err)
	for range 10 {
		_, err = wiretest.GetToken(t, client(bodies[1]))
		require.NoError(t, err)
	}
	require.Equal(t, "link-sandbox-1", first.LinkToken)
	require.Equal(t, `{"of":"one"}`, string(first.ExtraFields["new"]))

	_, err = wiretest.GetToken(t, client(`{"link_token":7,"metadata":{}}`))
	var e *plaidlink.Error
	require.ErrorAs(t, err, &e)
	_, err = wiretest.GetToken(t, client(bodies[1]))
	require.NoError(t, err)
	require.Equal(t, `{"link_token":7,"metadata":{}}`, string(e.Raw), "an error keeps its body")
}
