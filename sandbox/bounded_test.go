package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// Tokens whose time is over go while new ones come; a session keeps its token for 6 hours more.
func TestOldTokensGo(t *testing.T) {
	s := sandbox.New()
	const old = 1100
	for range old {
		require.NoError(t, failure(s.FinishLink(created(t, s, createBody), sandbox.Success())))
	}
	hosted, err := url.Parse(s.State().LinkTokens[0].HostedLinkURL)
	require.NoError(t, err)
	open := func() int {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, hosted.String(), http.NoBody))
		return w.Code
	}
	require.Equal(t, http.StatusGone, open())
	require.Equal(t, old, s.State().LinkTokenCount)
	require.Equal(t, old, s.State().PublicTokens)
	s.Advance(6*time.Hour + 31*time.Minute)
	const recent = 1300
	for range recent {
		require.NoError(t, failure(s.FinishLink(created(t, s, createBody), sandbox.Success())))
	}
	require.Equal(t, recent, s.State().LinkTokenCount)
	require.Equal(t, recent, s.State().PublicTokens)
	require.Equal(t, http.StatusNotFound, open(), "the page of a link goes with its token")
}

// A link token costs some 700 bytes. What it keeps of its request must not hold all of the request, which has as much again.
func TestWhatALinkTokenCosts(t *testing.T) {
	s := sandbox.New()
	for range 1100 { // then Requests keeps no more
		created(t, s, createBody)
	}
	before := heapMiB()
	const tokens = 5000
	for range tokens {
		created(t, s, createBody)
	}
	require.Less(t, (heapMiB()-before)*(1<<20)/tokens, 1100.0, "bytes")
	require.Equal(t, tokens+1100, s.State().LinkTokenCount)
}

func TestSessionsOfATokenAreBounded(t *testing.T) {
	s := sandbox.New()
	token := created(t, s, createBody)
	for range 105 {
		require.NoError(t, failure(s.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
	}
	require.Len(t, s.State().LinkTokens[0].Sessions, 100)
}

func TestEventsOfASessionAreBounded(t *testing.T) {
	s := sandbox.New()
	outcome := sandbox.Exited(sandbox.Exit{})
	for i := range 1500 {
		outcome.Events = append(outcome.Events, gen.LinkEvent{EventName: fmt.Sprint("E", i)})
	}
	require.NoError(t, failure(s.FinishLink(created(t, s, createBody), outcome)))
	events := s.State().LinkTokens[0].Sessions[0].Events
	require.Len(t, events, 1000)
	require.Equal(t, []string{"OPEN", "E502", "E1499", "EXIT"},
		[]string{events[0].EventName, events[1].EventName, events[998].EventName, events[999].EventName})
}

// Requests of 60 KiB each: 16 MiB of them are kept.
func TestRequestsAreBoundedInBytes(t *testing.T) {
	s := sandbox.New()
	body := fmt.Sprintf(`{"text":%q}`, strings.Repeat("x", 60<<10))
	for range 400 {
		s.ServeHTTP(httptest.NewRecorder(), newCreate(t, s, body))
	}
	requests := s.Requests()
	bytes := 0
	for _, r := range requests {
		bytes += len(r.Body)
	}
	require.LessOrEqual(t, bytes, 16<<20)
	require.Greater(t, bytes, 15<<20)
	require.Equal(t, body, requests[len(requests)-1].Body, "the newest are kept")
}

func TestLongHeadersAreRefused(t *testing.T) {
	server := newServer(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/link/token/get", http.NoBody)
	require.NoError(t, err)
	r.Header.Set("X-Long", strings.Repeat("x", 80<<10))
	response, err := (&http.Client{Transport: newTransport(t)}).Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, response.StatusCode)
	require.Empty(t, server.Requests())
}

func TestQueuedFaultsAreBounded(t *testing.T) {
	s := sandbox.New()
	faults := make([]sandbox.Fault, 1000)
	for i := range faults {
		faults[i] = sandbox.HTML(502)
	}
	require.NoError(t, s.Fail("linkTokenGet", faults...))
	require.EqualError(t, s.Fail("linkTokenGet", sandbox.Drop()),
		"sandbox: Fail: expected at most 1000 faults that wait for linkTokenGet, found 1001")
	require.NoError(t, s.Fail("linkTokenCreate", sandbox.HTML(502)), "another operation has a queue of its own")
	s.ServeHTTP(httptest.NewRecorder(), newCreate(t, s, createBody))
	require.Equal(t, map[string]int{"linkTokenGet": 1000}, s.State().QueuedFaults)
}
