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
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault32ManyAtOnce(t *testing.T) {
	got := fault(t, 32, "1,000 goroutines, one client, mixed faults")
	wiretest.NoGoroutinesLeft(t)
	const calls = 1000

	// What the server says to the call of a number; "" is a reset.
	type text func(id string) string
	good := func(id string) string {
		return wiretest.Response(200, "application/json", fmt.Sprintf(
			`{"link_token":"link-sandbox-%[1]s","access_token":"access-sandbox-%[1]s","item_id":"item-%[1]s","request_id":"req-%[1]s"}`, id))
	}
	refused := func(status int, code string) text {
		return func(id string) string {
			return wiretest.Response(status, "application/json", fmt.Sprintf(
				`{"error_type":"TEST","error_code":%q,"error_message":"call %s","request_id":"req-%[2]s"}`, code, id))
		}
	}
	whatever := func(s string) text { return func(string) string { return s } }

	// Call number n meets kinds[n%len(kinds)].
	kinds := []struct {
		operation string
		answers   []text // the last one stays
		requests  int    // that the server sees of a call
		answered  bool   // what the caller gets; if not:
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
		{wiretest.OpGet, []text{whatever(wiretest.Response(502, "text/html", page))}, 3, false, 502, true},
		{wiretest.OpGet, []text{whatever(wiretest.Response(200, "text/html", page))}, 1, false, 200, true},
		{wiretest.OpGet, []text{whatever(wiretest.Head(200, wiretest.JSONType, "Content-Length: 1000") + half)}, 3, false, 200, true},
		{wiretest.OpGet, []text{whatever(wiretest.Head(302, "Location: /", "Content-Length: 0"))}, 1, false, 302, false},
	}

	// The server knows a call by the number in its token, wherever the request arrives.
	var mu sync.Mutex
	seen := map[string]int{}
	number := regexp.MustCompile(`-sandbox-(\d{4})"`)
	s := wiretest.Serve(t, wiretest.Always(func(c *wiretest.Conn) {
		_, body := c.Receive()
		match := number.FindSubmatch(body)
		if match == nil {
			c.HangUp()
			return
		}
		id := string(match[1])
		n, _ := strconv.Atoi(id)
		answers := kinds[n%len(kinds)].answers
		mu.Lock()
		seen[id]++
		text := answers[min(seen[id], len(answers))-1](id)
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

	outcomes := make([]outcome, calls)
	var (
		all   sync.WaitGroup
		start = make(chan struct{})
	)
	for n := range calls {
		all.Go(func() {
			<-start
			outcomes[n] = callNumbered(t, c, kinds[n%len(kinds)].operation, fmt.Sprintf("%04d", n))
		})
	}
	close(start)
	all.Wait()

	sum := map[bool]int{}
	for n, o := range outcomes {
		kind, id := kinds[n%len(kinds)], fmt.Sprintf("%04d", n)
		require.Equal(t, kind.requests, o.response.Attempts, "call %s: %v", id, o.err)
		require.Equal(t, kind.requests, seen[id], "call %s: %v", id, o.err)
		sum[kind.answered]++
		if kind.answered {
			require.NoError(t, o.err)
			require.Regexp(t, "-sandbox-"+id+"$", o.token)
			require.Equal(t, "req-"+id, o.response.RequestID)
			continue
		}
		e := typed(t, kind.operation, kind.status, o.token != "", o.err)
		require.Equal(t, kind.requests, e.Attempts)
		require.Equal(t, kind.maybe, e.MaybeCarriedOut)
		require.NotContains(t, e.Error(), "-sandbox-"+id)
		if e.Code != "" {
			require.Equal(t, "req-"+id, e.RequestID)
			require.Equal(t, "call "+id, e.Message)
		}
	}
	require.Len(t, seen, calls)
	got("%d answers and %d errors, each its own call's", sum[true], sum[false])
}

// outcome is what one of many calls got.
type outcome struct {
	token    string
	err      error
	response plaidlink.Response
}

func callNumbered(t *testing.T, c *plaidlink.Client, operation, id string) (o outcome) {
	capture := plaidlink.CaptureResponse(&o.response)
	if operation == wiretest.OpGet {
		resp, err := c.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-" + id}, capture)
		if o.err = err; resp != nil {
			o.token = resp.LinkToken
		}
		return o
	}
	resp, err := c.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: "public-sandbox-" + id}, capture)
	if o.err = err; resp != nil {
		o.token = string(resp.AccessToken)
	}
	return o
}
