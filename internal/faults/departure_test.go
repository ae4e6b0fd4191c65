package faults_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// departs makes a call whose response has departures, and asserts that it is a response with nothing lost, and that the
// departures show in it and in the log.
func departs(t *testing.T, operation, body string, want ...string) faults.Outcome {
	t.Helper()
	var log bytes.Buffer
	m := wiretest.InMemory(wiretest.Reply(200, body))
	client := m.Client(t, plaidlink.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
	got := succeeds(t, everyOperation[operation], client)
	require.Len(t, m.Requests(t), 1)
	require.Equal(t, want, got.Captured().Departures)

	var record struct {
		Level      string
		Departures []string
	}
	require.NoError(t, json.Unmarshal(log.Bytes(), &record), "one record, not %s", log.String())
	require.Equal(t, "WARN", record.Level)
	require.Equal(t, want, record.Departures)
	require.NotContains(t, log.String(), wiretest.BodyMark, "a departure shows its place, not its value")

	kept, err := json.Marshal(got.Response())
	require.NoError(t, err)
	var sent, have map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &sent))
	require.NoError(t, json.Unmarshal(kept, &have))
	requireWithin(t, sent, have)
	return got
}

// requireWithin asserts that a value has all of another: properties of their own in addition.
func requireWithin(t *testing.T, part, whole any) {
	t.Helper()
	switch part := part.(type) {
	case map[string]any:
		require.IsType(t, part, whole)
		for name, value := range part {
			require.Contains(t, whole, name)
			requireWithin(t, value, whole.(map[string]any)[name])
		}
	case []any:
		require.IsType(t, part, whole)
		require.Len(t, whole, len(part))
		for i, value := range part {
			requireWithin(t, value, whole.([]any)[i])
		}
	default:
		require.Equal(t, part, whole)
	}
}

func TestFault39DepartureLeavesTheRest(t *testing.T) {
	row := faults.Begin(t, "a property that is not needed is not to the letter")
	const mark = wiretest.BodyMark
	sessions := func(session string) string {
		return `{"link_token":"link-sandbox-1","link_sessions":[{"link_session_id":"s-0"},` + session + `],"request_id":"req-1"}`
	}
	for name, test := range map[string]struct {
		operation, body string
		want            []string
	}{
		"a time that is empty":     {"linkTokenCreate", `{"link_token":"link-sandbox-1","expiration":"","request_id":"r"}`, []string{`"/expiration": a JSON string does not fit time.Time`}},
		"a time without a zone":    {"linkTokenGet", `{"link_token":"link-sandbox-1","created_at":"2026-03-02T09:30:00"}`, []string{`"/created_at": a JSON string does not fit time.Time`}},
		"a time with a space":      {"linkTokenGet", `{"link_token":"link-sandbox-1","expiration":"2026-03-02 09:30:00Z"}`, []string{`"/expiration": a JSON string does not fit time.Time`}},
		"a time that is a number":  {"linkTokenGet", `{"link_token":"link-sandbox-1","expiration":1772443800}`, []string{`"/expiration": a JSON number does not fit time.Time`}},
		"a day as a time":          {"linkTokenGet", `{"link_token":"link-sandbox-1","expiration":"2026-03-02"}`, []string{`"/expiration": a JSON string does not fit time.Time`}},
		"a day of no calendar":     {"linkTokenGet", `{"link_token":"link-sandbox-1","expiration":"2026-02-30T00:00:00Z"}`, []string{`"/expiration": a JSON string does not fit time.Time`}},
		"a word for a time":        {"linkTokenGet", `{"link_token":"link-sandbox-1","expiration":"` + mark + `"}`, []string{`"/expiration": a JSON string does not fit time.Time`}},
		"a number for a text":      {wiretest.OpExchange, `{"access_token":"access-sandbox-1","item_id":77,"request_id":"r"}`, []string{`"/item_id": a JSON number does not fit string`}},
		"a request id of digits":   {wiretest.OpExchange, `{"access_token":"access-sandbox-1","item_id":"i","request_id":1e40}`, []string{`"/request_id": a JSON number does not fit string`}},
		"a boolean for a text":     {wiretest.OpExchange, `{"access_token":"access-sandbox-1","item_id":true}`, []string{`"/item_id": a JSON boolean does not fit string`}},
		"a text for an object":     {"linkTokenGet", `{"link_token":"link-sandbox-1","metadata":"` + mark + `"}`, []string{`"/metadata": a JSON string does not fit gen.LinkTokenGetMetadataResponse`}},
		"an object for a text":     {wiretest.OpExchange, `{"access_token":"access-sandbox-1","item_id":{"id":"` + mark + `"}}`, []string{`"/item_id": a JSON object does not fit string`}},
		"an object for a list":     {"linkTokenGet", `{"link_token":"link-sandbox-1","metadata":{"initial_products":{"a":1}}}`, []string{`"/metadata/initial_products": a JSON object does not fit []gen.Products`}},
		"a list for an object":     {"linkTokenGet", `{"link_token":"link-sandbox-1","metadata":[]}`, []string{`"/metadata": a JSON array does not fit gen.LinkTokenGetMetadataResponse`}},
		"a text for a list":        {"linkTokenGet", `{"link_token":"link-sandbox-1","link_sessions":"none"}`, []string{`"/link_sessions": a JSON string does not fit []gen.LinkTokenGetSessionsResponse`}},
		"an element of a list":     {"linkTokenGet", `{"link_token":"link-sandbox-1","metadata":{"country_codes":["US",7]}}`, []string{`"/metadata/country_codes": a JSON number does not fit gen.CountryCode`}},
		"an element among objects": {"linkTokenGet", `{"link_token":"link-sandbox-1","link_sessions":[{"link_session_id":"s"},"` + mark + `"]}`, []string{`"/link_sessions": a JSON string does not fit gen.LinkTokenGetSessionsResponse`}},
		"a public token of digits in a list that nobody reads": {"linkTokenGet", `{"link_token":"link-sandbox-1","x_new":[{"ids":[1,2]}],"expiration":0}`,
			[]string{`"/expiration": a JSON number does not fit time.Time`}},
		"deep": {"linkTokenGet", sessions(`{"started_at":7,"results":{"item_add_results":[{"public_token":"public-sandbox-1","accounts":[{"id":"a"},{"id":1,"name":"n"}]}]}}`),
			[]string{`"/link_sessions/1/started_at": a JSON number does not fit time.Time`, `"/link_sessions/1/results/item_add_results/0/accounts/1/id": a JSON number does not fit string`}},
		"beside unknown properties": {"linkTokenGet", `{"x_new":{"deep":[1,"` + mark + `"]},"link_token":"link-sandbox-1","expiration":false}`,
			[]string{`"/expiration": a JSON boolean does not fit time.Time`}},
		"one of its two": {"sandboxPublicTokenCreate", `{"public_token":"public-sandbox-1","request_id":false}`, []string{`"/request_id": a JSON boolean does not fit string`}},
		"a request id that shows whose response it is": {"linkProfileEligibilityCheck", `{"profile_matches":true,"request_id":7}`, []string{`"/request_id": a JSON number does not fit string`}},
		"the request id of a key":                      {"webhookVerificationKeyGet", `{"key":{"kid":"k","alg":"ES256"},"request_id":7}`, []string{`"/request_id": a JSON number does not fit string`}},
		"a name with a slash":                          {"linkTokenGet", `{"link_token":"link-sandbox-1","a/b~c":1,"a/b~c":2}`, []string{`"/a~1b~0c": a name appears twice`}},
		"an unread name twice":                         {"linkTokenGet", `{"link_token":"link-sandbox-1","x_new":"first","x_new":{"last":"` + mark + `"}}`, []string{`"/x_new": a name appears twice`}},
		"an unread name, deep":                         {"linkTokenGet", `{"link_token":"link-sandbox-1","metadata":{"x_new":1,"x_new":2}}`, []string{`"/metadata/x_new": a name appears twice`}},
		"a name within an unread":                      {"linkTokenGet", `{"link_token":"link-sandbox-1","x_new":[{"a":1,"a":2}]}`, []string{`"/x_new": a name appears twice`}},
		"a name within one aside":                      {"linkTokenGet", `{"link_token":"link-sandbox-1","expiration":{"a":1,"a":2}}`, []string{`"/expiration": a JSON object does not fit time.Time`}},
		"a secret in a name twice":                     {"linkTokenGet", `{"link_token":"link-sandbox-1","` + wiretest.Secret + `":1,"` + wiretest.Secret + `":2}`, []string{`"/[redacted]": a name appears twice`}},
	} {
		t.Run(name, func(t *testing.T) { row.Got(name, departs(t, test.operation, test.body, test.want...)) })
	}

	t.Run("the rest is read", func(t *testing.T) {
		body := sessions(`{"link_session_id":"s-1","started_at":"soon","finished_at":"2026-03-02T09:32:00Z","x_new":1,"results":{"item_add_results":[{"public_token":"public-sandbox-1","institution":7}]}}`)
		got := departs(t, "linkTokenGet", body, `"/link_sessions/1/started_at": a JSON string does not fit time.Time`,
			`"/link_sessions/1/results/item_add_results/0/institution": a JSON number does not fit gen.LinkSessionSuccessMetadataInstitution`)
		session := got.Response().(*gen.LinkTokenGetResponse).LinkSessions[1]
		require.Equal(t, "s-1", session.LinkSessionID)
		require.True(t, session.StartedAt.IsZero(), "nothing half-filled")
		require.Equal(t, 2026, session.FinishedAt.Year())
		require.Equal(t, gen.ExtraFields{"started_at": json.RawMessage(`"soon"`), "x_new": json.RawMessage(`1`)}, session.ExtraFields)
		added := session.Results.ItemAddResults[0]
		require.Equal(t, "public-sandbox-1", added.PublicToken)
		require.Nil(t, added.Institution)
		require.Equal(t, gen.ExtraFields{"institution": json.RawMessage(`7`)}, added.ExtraFields)
		row.Got("the rest is read", got)
	})

	t.Run("1,000 at once", func(t *testing.T) {
		var events []string
		for i := range 1000 {
			events = append(events, `{"event_id":`+strconv.Itoa(i)+`,"event_name":"HANDOFF","event_metadata":{"request_id":{"n":`+strconv.Itoa(i)+`}}}`)
		}
		m := wiretest.InMemory(wiretest.Reply(200, sessions(`{"link_session_id":"s-1","events":[`+strings.Join(events, ",")+`]}`)))
		got := succeeds(t, faults.Get, m.Client(t))
		all := got.Response().(*gen.LinkTokenGetResponse).LinkSessions[1].Events
		require.Len(t, all, 1000)
		for i, event := range all {
			require.Equal(t, strconv.Itoa(i), string(event.ExtraFields["event_id"]))
			require.Equal(t, "HANDOFF", event.EventName)
		}
		require.Len(t, got.Captured().Departures, 100, "the list is bounded, not the response")
		require.Equal(t, `"/link_sessions/1/events/0/event_id": a JSON number does not fit string`, got.Captured().Departures[0])
		row.Got("2,000 of 1,000 events", got)
	})

	t.Run("must fit", func(t *testing.T) {
		for name, test := range map[string]struct{ operation, body, want string }{
			"a token of digits":                {"linkTokenGet", `{"expiration":"","link_token":7}`, `at "/link_token": a JSON number does not fit string`},
			"a token that is a list":           {"linkTokenCreate", `{"expiration":"","link_token":["link-sandbox-1"]}`, `at "/link_token"`},
			"a token that is an object":        {wiretest.OpExchange, `{"item_id":7,"access_token":{"access_token":"access-sandbox-1"}}`, `at "/access_token"`},
			"a token twice":                    {"linkTokenGet", `{"expiration":"","link_token":"link-sandbox-1","link_token":"link-sandbox-1"}`, `at "/link_token": a name appears twice`},
			"a public token":                   {"linkTokenGet", sessions(`{"started_at":"","results":{"item_add_results":[{"public_token":7}]}}`), `at "/link_sessions/1/results/item_add_results/0/public_token"`},
			"a token in a value aside":         {"linkTokenGet", sessions(`{"results":{"item_add_results":[{"public_token":"public-sandbox-1"},7]}}`), `at "/link_sessions/1/results/item_add_results"`},
			"a token in an object for a text":  {wiretest.OpExchange, `{"access_token":"access-sandbox-1","item_id":{"access_token":"access-sandbox-1"}}`, `at "/item_id"`},
			"tokens in a list for a text":      {wiretest.OpExchange, `{"access_token":"access-sandbox-1","item_id":[[{"new_tokens":[]}]]}`, `at "/item_id"`},
			"an escaped token's name":          {wiretest.OpExchange, `{"access_token":"access-sandbox-1","item_id":{"new\u005ftoken":"x"}}`, `at "/item_id"`},
			"a token that nobody reads, twice": {"linkTokenGet", `{"link_token":"link-sandbox-1","new_token":"a","new_token":"b"}`, `at "/new_token": a name appears twice`},
			"a token within an unread, twice":  {"linkTokenGet", `{"link_token":"link-sandbox-1","x_new":{"a_token":"a","a_token":"b"}}`, `at "/x_new": a name appears twice`},
			"a token in the first of two":      {"linkTokenGet", `{"link_token":"link-sandbox-1","x_new":{"a_token":"a"},"x_new":2}`, `at "/x_new": a name appears twice`},
			"a token in the last of two":       {"linkTokenGet", `{"link_token":"link-sandbox-1","x_new":1,"x_new":[{"a_token":"a"}]}`, `at "/x_new": a name appears twice`},
			"a known name twice":               {"linkTokenGet", `{"link_token":"link-sandbox-1","metadata":{"client_name":"a","client_name":"b"}}`, `at "/metadata/client_name": a name appears twice`},
			"a known name, misfit, then good":  {"linkTokenGet", `{"link_token":"link-sandbox-1","expiration":"","expiration":"2026-03-02T13:30:00Z"}`, `at "/expiration": a name appears twice`},
			"a bad text in a token, beside":    {"linkTokenGet", `{"expiration":"","link_token":"link-\ud800"}`, "is not valid UTF-8"},
			"a bad text behind a name twice":   {"linkTokenGet", "{\"z\":1,\"z\":2,\"link_token\":\"link-\xff\"}", "is not valid UTF-8"},
			"a bad text in a token, aside":     {"linkTokenGet", "{\"expiration\":\"\",\"link_token\":\"l\",\"x_new\":{\"a_token\":\"\xff\"}}", "is not valid UTF-8"},
			"a new access token":               {rotate.ID, `{"request_id":7,"new_access_token":[]}`, `at "/new_access_token": a JSON array does not fit wire.AccessToken`},
			"a key's time":                     {"webhookVerificationKeyGet", `{"request_id":7,"key":{"kid":"k","created_at":"7"}}`, `at "/key/created_at"`},
			"a key's curve":                    {"webhookVerificationKeyGet", `{"key":{"kid":"k","crv":256}}`, `at "/key/crv"`},
			"a key that is a text":             {"webhookVerificationKeyGet", `{"key":"` + mark + `"}`, `at "/key"`},
			"an unread name of a key, twice":   {"webhookVerificationKeyGet", `{"key":{"kid":"k","x_new":1,"x_new":2}}`, `at "/key/x_new": a name appears twice`},
			"a name within one of a key":       {"webhookVerificationKeyGet", `{"key":{"kid":"k","x_new":{"a":1,"a":2}}}`, `at "/key/x_new": a name appears twice`},
			"the whole":                        {"linkTokenGet", `["` + mark + `"]`, `at "": a JSON array does not fit gen.LinkTokenGetResponse`},
			"cut off after a departure":        {"linkTokenGet", `{"expiration":"","link_token":"link-sandbox-1"`, "not valid JSON"},
			"garbage after a departure":        {"linkTokenGet", `{"expiration":"","link_token":"link-sandbox-1"}` + mark, "not valid JSON"},
		} {
			t.Run(name, func(t *testing.T) {
				got := requireUnusable(t, test.operation, test.body, plaidlink.ErrDecode)
				require.ErrorContains(t, got.Err(), test.want)
				require.Empty(t, got.Captured().Departures, "of a response that there is not")
				row.Got(name, got)
			})
		}
		got := requireUnusable(t, "linkTokenGet", `{"link_token":null,"expiration":""}`, plaidlink.ErrIncomplete)
		row.Got("a token that is null, beside", got)
	})

	t.Run("nothing departs", func(t *testing.T) {
		var log bytes.Buffer
		m := wiretest.InMemory(wiretest.Reply(200, everyBody))
		for _, o := range everyOperation {
			got := succeeds(t, o, m.Client(t, plaidlink.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))))
			require.Nil(t, got.Captured().Departures)
			row.Got("nothing departs", got)
		}
		require.NotContains(t, log.String(), "departures")
		require.NotContains(t, log.String(), "WARN")
	})
}

// A hostile response takes time and memory in proportion to its size: a few times what one takes that fits.
func TestHostileDeparturesAreBounded(t *testing.T) {
	const size = limit / 64 // more of it takes longer, in proportion
	repeat := func(element string, size int) string { return strings.Repeat(element, size/len(element)) }
	names := func() string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, `"%x":0,`, i)
		}
		return b.String()
	}
	for name, test := range map[string]struct {
		body string
		most int // bytes allocated for one, garbage included; the race detector takes five times as many
	}{
		"events":              {`{"link_token":"l","link_sessions":[{"events":[` + repeat(`{"event_id":7},`, size) + `{}]}]}`, 1000},
		"sessions":            {`{"link_token":"l","link_sessions":[` + repeat(`{"started_at":""},`, size) + `{}]}`, 1000},
		"unknown names":       {`{"link_token":"l",` + names() + `"expiration":""}`, 500},
		"one name, on and on": {`{"link_token":"l",` + repeat(`"a":1,`, size) + `"b":0}`, 150},
		"a large one, again":  {`{"link_token":"l","a":"` + strings.Repeat("x", size/2) + `",` + repeat(`"a":1,`, size/2) + `"b":0}`, 150},
		"a large one aside":   {`{"link_token":"l","expiration":[` + repeat(`{"a":1},`, size) + `0]}`, 150},
		"a text aside":        {`{"link_token":"l","expiration":"` + strings.Repeat("x", size) + `"}`, 150},
	} {
		t.Run(name, func(t *testing.T) {
			client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: wiretest.Reply(200, test.body)}))
			got := faults.Allocating(func() faults.Outcome { return succeeds(t, faults.Get, client) })
			require.NotEmpty(t, got.Captured().Departures)
			require.Less(t, got.Allocated()/uint64(len(test.body)), uint64(test.most))
			require.Less(t, got.Elapsed(), 3*faults.Patience)
		})
	}
}
