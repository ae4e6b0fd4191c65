package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// tries makes requests and returns their statuses.
func tries(t testing.TB, s *sandbox.Sandbox, times int) []int {
	t.Helper()
	var statuses []int
	for range times {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, newCreate(t, s, createBody))
		require.Empty(t, w.Header().Get("Retry-After"), "no source says that Plaid sends one")
		statuses = append(statuses, w.Code)
	}
	return statuses
}

func TestLimitRate(t *testing.T) {
	s := sandbox.New()
	require.NoError(t, s.LimitRate("linkTokenCreate", 2, time.Hour))
	s.Advance(time.Hour) // the period begins with a request
	require.Equal(t, []int{200, 200, 429, 429}, tries(t, s, 4))
	s.Advance(59 * time.Minute)
	require.Equal(t, []int{429}, tries(t, s, 1))
	s.Advance(time.Minute)
	require.Equal(t, []int{200, 200, 429}, tries(t, s, 3))
	s.Advance(-2 * time.Hour)
	require.Equal(t, []int{200, 200, 429}, tries(t, s, 3), "a clock that was moved back locks nobody out")

	require.NoError(t, s.LimitRate("linkTokenCreate", 1, time.Hour))
	require.Equal(t, []int{200, 429}, tries(t, s, 2), "a new limit counts anew")
	require.NoError(t, s.LimitRate("linkTokenCreate", 0, time.Hour))
	require.Equal(t, []int{429}, tries(t, s, 1), "zero requests")
	require.NoError(t, s.LimitRate("linkTokenCreate", 0, 0))
	require.Equal(t, []int{200, 200, 200}, tries(t, s, 3), "no limit any more")
}

func TestLimitRateOfOneOperation(t *testing.T) {
	server, client := start(t)
	require.NoError(t, server.LimitRate("linkTokenCreate", 0, time.Minute))
	newPublicToken(t, client) // another operation
	_, err := client.LinkTokenCreate(t.Context(), createRequest())
	var refused *plaidlink.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, http.StatusTooManyRequests, refused.StatusCode)
	require.Equal(t, plaidlink.TypeRateLimitExceeded, refused.Type)
	require.Equal(t, plaidlink.ErrorCode("ADDITION_LIMIT"), refused.Code)
	require.Equal(t, "0 requests in 1m0s are the limit of this operation", refused.Message)
}

func TestLimitRateDoesNotCountWrongCredentials(t *testing.T) {
	server, client := start(t)
	require.NoError(t, server.LimitRate("linkTokenCreate", 1, time.Minute))
	got := send(t, server, "POST", "/link/token/create", goodCreate, func(h http.Header) { h.Set("PLAID-SECRET", "wrong") })
	require.Equal(t, "INVALID_API_KEYS", got.code)
	create(t, client, createRequest())
}

func TestLimitRateErrors(t *testing.T) {
	s := sandbox.New()
	require.NoError(t, s.LimitRate("linkTokenCreate", 0, time.Minute))
	require.EqualError(t, s.LimitRate("linkTokenMake", 1, time.Minute),
		`sandbox: LimitRate: "linkTokenMake" is not an operationId; expected one such as linkTokenCreate, or a path with a handler`)
	for _, wrong := range []struct {
		requests int
		period   time.Duration
	}{{-1, time.Minute}, {1, -time.Minute}} {
		require.ErrorContains(t, s.LimitRate("linkTokenCreate", wrong.requests, wrong.period), "of zero or more, found")
	}
	require.Equal(t, []int{429}, tries(t, s, 1), "an error changes nothing")
}

// inMemory is a transport without sockets, as these do not work with the time of testing/synctest.
type inMemory struct{ handler http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// A client that tries again gets through when the period is over, which goes with real time too.
func TestLimitRateAndAClientThatRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		client, err := plaidlink.New(plaidlink.Sandbox, s.Credentials(), plaidlink.WithBaseURL("http://localhost"),
			plaidlink.WithHTTPClient(&http.Client{Transport: inMemory{s}}))
		require.NoError(t, err)
		require.NoError(t, s.LimitRate("linkTokenCreate", 1, time.Millisecond))
		create(t, client, createRequest())
		create(t, client, createRequest())
		var statuses []int
		for _, request := range s.Requests() {
			statuses = append(statuses, request.Status)
		}
		require.Equal(t, []int{200, 429}, statuses[:2])
		require.Equal(t, 200, statuses[len(statuses)-1]) // the wait of the client is random, and may be too short at first
	})
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(sandbox.WithLatency(300 * time.Millisecond))
		took := func() time.Duration {
			began := time.Now()
			tries(t, s, 1)
			return time.Since(began)
		}
		require.Equal(t, 300*time.Millisecond, took())
		s.SetLatency(2 * time.Second)
		require.Equal(t, 2*time.Second, took())
		require.NoError(t, s.Fail("linkTokenCreate", sandbox.HTML(502), sandbox.Slow(time.Second)))
		require.Equal(t, 2*time.Second, took(), "a fault comes later too")
		require.Equal(t, 3*time.Second, took())
		s.SetLatency(-1)
		require.Zero(t, took())
	})
}

func TestLatencyEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(sandbox.WithLatency(time.Hour))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		require.PanicsWithValue(t, http.ErrAbortHandler, func() {
			s.ServeHTTP(httptest.NewRecorder(), newCreate(t, s, createBody).WithContext(ctx))
		})
		require.Equal(t, time.Second, time.Since(began))
		require.Zero(t, s.State().LinkTokenCount, "nothing is carried out")
		require.Zero(t, s.Requests()[0].Status)
	})
}

func TestLatencyEndsWithTheServer(t *testing.T) {
	server := newServer(t, sandbox.WithLatency(time.Hour))
	client := newClient(t, server)
	failed := make(chan error)
	go func() {
		_, err := client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-1"})
		failed <- err
	}()
	require.Eventually(t, func() bool { return len(server.Requests()) == 1 }, 10*time.Second, time.Millisecond)
	server.Close()
	require.Error(t, <-failed)
}
