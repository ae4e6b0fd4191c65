package plaidlink_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

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
		User: gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, Products: []gen.Products{gen.ProductsAuth},
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
