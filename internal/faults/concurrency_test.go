package faults_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault32ConcurrentCallsGetTheirOwnResponses(t *testing.T) {
	row := faults.Begin(t, "1,000 goroutines, one client, mixed faults")
	faults.NoGoroutinesLeft(t)
	const calls = 1000

	// What the server responds to the call of a number; "" is a reset.
	type text func(id string) string
	good := func(id string) string {
		return faults.Response(200, "application/json", fmt.Sprintf(
			`{"link_token":"link-sandbox-%[1]s","access_token":"access-sandbox-%[1]s","item_id":"item-%[1]s","request_id":"req-%[1]s"}`, id))
	}
	refused := func(status int, code string) text {
		return func(id string) string {
			return faults.Response(status, "application/json", fmt.Sprintf(
				`{"error_type":"TEST","error_code":%q,"error_message":"call %s","request_id":"req-%[2]s"}`, code, id))
		}
	}
	whatever := func(s string) text { return func(string) string { return s } }

	// Call number n meets kinds[n%len(kinds)].
	kinds := []struct {
		operation string
		responses []text // the last one stays
		requests  int    // that the server sees of a call
		succeeds  bool   // what the caller gets; if not:
		status    int
		maybe     bool
	}{
		{wiretest.OpGet, []text{good}, 1, true, 200, false},
		{wiretest.OpExchange, []text{good}, 1, true, 200, false},
		{wiretest.OpGet, []text{refused(500, "INTERNAL_SERVER_ERROR"), good}, 2, true, 200, false},
		{wiretest.OpGet, []text{whatever(""), good}, 2, true, 200, false},
		{wiretest.OpExchange, []text{refused(429, "TEST_LIMIT"), good}, 2, true, 200, false},
		{wiretest.OpGet, []text{refused(400, "INVALID_LINK_TOKEN")}, 1, false, 400, false},
		{wiretest.OpExchange, []text{refused(400, "INVALID_PUBLIC_TOKEN")}, 1, false, 400, false},
		{wiretest.OpExchange, []text{refused(500, "INTERNAL_SERVER_ERROR")}, 1, false, 500, true},
		{wiretest.OpExchange, []text{whatever("")}, 1, false, 0, true},
		{wiretest.OpGet, []text{whatever(faults.Response(502, "text/html", page))}, 3, false, 502, true},
		{wiretest.OpGet, []text{whatever(faults.Response(200, "text/html", page))}, 1, false, 200, true},
		{wiretest.OpGet, []text{whatever(faults.Head(200, faults.JSONType, "Content-Length: 1000") + half)}, 3, false, 200, true},
		{wiretest.OpGet, []text{whatever(faults.Head(302, "Location: /", "Content-Length: 0"))}, 1, false, 302, false},
	}

	// The server knows a call by the number in its token, wherever the request arrives.
	var mu sync.Mutex
	seen := map[string]int{}
	number := regexp.MustCompile(`-sandbox-(\d{4})"`)
	s := faults.Serve(t, faults.Always(func(c *faults.Conn) {
		_, body := c.Receive()
		match := number.FindSubmatch(body)
		if match == nil {
			c.HangUp()
			return
		}
		id := string(match[1])
		n, _ := strconv.Atoi(id)
		responses := kinds[n%len(kinds)].responses
		mu.Lock()
		seen[id]++
		text := responses[min(seen[id], len(responses))-1](id)
		mu.Unlock()
		if text == "" {
			c.Reset()
			return
		}
		_ = c.Send(text)
		if strings.HasSuffix(text, half) {
			c.HangUp()
		}
	}))
	c := clientOf(t, s.URL, plaidlink.WithRetryBudget(calls)) // the default is for an outage

	outcomes := make([]faults.Outcome, calls)
	var (
		all   sync.WaitGroup
		start = make(chan struct{})
	)
	for n := range calls {
		all.Go(func() {
			<-start
			outcomes[n] = numbered(kinds[n%len(kinds)].operation, fmt.Sprintf("%04d", n)).Call(t.Context(), c)
		})
	}
	close(start)
	all.Wait()

	for n, got := range outcomes {
		kind, id := kinds[n%len(kinds)], fmt.Sprintf("%04d", n)
		require.Equal(t, kind.requests, got.Captured().Attempts, "call %s: %v", id, got.Err())
		require.Equal(t, kind.requests, seen[id], "call %s: %v", id, got.Err())
		if kind.succeeds {
			require.NoError(t, got.Err())
			require.Regexp(t, "-sandbox-"+id+"$", token(got))
			require.Equal(t, "req-"+id, got.Captured().RequestID)
			continue
		}
		e := requireTyped(t, got, kind.operation, kind.status)
		require.Equal(t, kind.requests, e.Attempts)
		require.Equal(t, kind.maybe, e.MaybeCarriedOut)
		require.NotContains(t, e.Error(), "-sandbox-"+id)
		if e.Code != "" {
			require.Equal(t, "req-"+id, e.RequestID)
			require.Equal(t, "call "+id, e.Message)
		}
	}
	require.Len(t, seen, calls)
	row.Got("at once", outcomes...)
}

// numbered is an operation whose token has the number of the call.
func numbered(operation, id string) faults.Operation {
	if operation == wiretest.OpGet {
		return faults.Of(operation, true, (*plaidlink.Client).LinkTokenGet, gen.LinkTokenGetRequest{LinkToken: "link-sandbox-" + id})
	}
	return faults.Of(operation, false, (*plaidlink.Client).ItemPublicTokenExchange, gen.ItemPublicTokenExchangeRequest{PublicToken: "public-sandbox-" + id})
}

func token(got faults.Outcome) string {
	if resp, ok := got.Response().(*gen.LinkTokenGetResponse); ok {
		return resp.LinkToken
	}
	return string(got.Response().(*gen.ItemPublicTokenExchangeResponse).AccessToken)
}
