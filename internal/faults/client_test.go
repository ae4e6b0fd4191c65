package faults_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault34BadCredentialsAreRefused(t *testing.T) {
	row := faults.Begin(t, "id or secret: empty, line break, NUL, outer white space")
	const value = "value-0f6e2b"
	for name, test := range map[string]struct{ bad, want string }{
		"empty":              {"", "is empty"},
		"blank":              {"   ", "begins or ends with white space"},
		"leading blank":      {" " + value, "begins or ends with white space"},
		"trailing newline":   {value + "\n", "begins or ends with white space"}, // as a file has at its end
		"trailing CR":        {value + "\r\n", "begins or ends with white space"},
		"no-break space":     {value + "\u00a0", "begins or ends with white space"},
		"newline inside":     {value[:6] + "\n" + value[6:], "no header can carry"},
		"header smuggled":    {value + "\r\nX-Evil: 1", "no header can carry"},
		"NUL":                {value[:6] + "\x00" + value[6:], "no header can carry"},
		"tab inside":         {value[:6] + "\t" + value[6:], "no header can carry"},
		"DEL":                {value + "\x7f", "no header can carry"},
		"not ASCII":          {value + "é", "no header can carry"},
		"not UTF-8":          {value + "\xff", "no header can carry"},
		"typographic quotes": {"“" + value + "”", "no header can carry"},
	} {
		for kind, creds := range map[string]plaidlink.Credentials{
			"client id": {ClientID: test.bad, Secret: wiretest.Secret},
			"secret":    {ClientID: wiretest.ClientID, Secret: plaidlink.Secret(test.bad)},
		} {
			t.Run(kind+", "+name, func(t *testing.T) {
				refused := func(got faults.Outcome) {
					require.Nil(t, got.Response())
					require.ErrorContains(t, got.Err(), "the "+kind+" ")
					require.ErrorContains(t, got.Err(), test.want)
					for _, hidden := range []string{value[:6], value[6:], wiretest.Secret} {
						require.NotContains(t, got.Err().Error(), hidden)
					}
					row.Got(name, got)
				}
				refused(faults.New(creds))
				if test.bad != "" && !strings.Contains(test.bad, "\x00") { // no environment variable can have a NUL
					t.Setenv("PLAID_CLIENT_ID", creds.ClientID)
					t.Setenv("PLAID_SECRET", string(creds.Secret))
					t.Setenv("PLAID_ENV", "sandbox")
					refused(faults.NewFromEnv())
				}
			})
		}
	}
	t.Run("blanks inside are valid in a header", func(t *testing.T) {
		got := faults.New(plaidlink.Credentials{ClientID: "an id", Secret: "a secret"})
		require.NoError(t, got.Err())
		row.Got("blanks inside", got)
	})
}

func TestFault35CallersHTTPClientIsRespected(t *testing.T) {
	row := faults.Begin(t, "a custom http.Client with Timeout, Jar, CheckRedirect")
	for name, test := range map[string]struct{ client, attempt, want time.Duration }{
		"the client's is shorter":  {2 * time.Second, 30 * time.Second, 2 * time.Second},
		"the attempt's is shorter": {5 * time.Second, time.Second, time.Second},
		"the client has none":      {0, 3 * time.Second, 3 * time.Second},
		"the client's is negative": {-1, 3 * time.Second, 3 * time.Second}, // net/http takes it for none
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := wiretest.InMemory(replyNever)
				custom := &http.Client{Transport: m, Timeout: test.client}
				c := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(custom), plaidlink.WithAttemptTimeout(test.attempt))
				start := time.Now()
				got := faults.Exchange.Call(t.Context(), c)
				require.Equal(t, test.want, time.Since(start))
				require.Equal(t, test.want, got.Elapsed())
				e := wiretest.RequireFailed(t, got.Err(), wiretest.OpExchange, 0)
				require.ErrorIs(t, e, plaidlink.ErrAttemptTimeout)
				require.ErrorContains(t, e, "("+test.want.String()+")", "it names another time than that which passed")
				require.True(t, e.MaybeCarriedOut)

				m.Then(replyHalf) // the body counts too
				start = time.Now()
				body := faults.Exchange.Call(t.Context(), c)
				require.Equal(t, test.want, time.Since(start))
				require.ErrorIs(t, wiretest.RequireFailed(t, body.Err(), wiretest.OpExchange, 200), plaidlink.ErrAttemptTimeout)

				m.Then(replyNever) // it bounds an attempt, not the call
				retried := faults.Get.Call(t.Context(), c)
				require.Equal(t, 3, wiretest.RequireFailed(t, retried.Err(), wiretest.OpGet, 0).Attempts)
				requests := m.Requests(t)
				require.Len(t, requests, 3)
				require.GreaterOrEqual(t, requests[2].At.Sub(requests[0].At), 2*test.want)
				require.Equal(t, test.client, custom.Timeout)
				row.Got(name, retried, got)
				row.Got(name+", in the body", body)
			})
		})
	}

	t.Run("unchanged", func(t *testing.T) {
		target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			require.Empty(t, r.Header.Get("PLAID-SECRET"))
		}))
		defer target.Close()
		server := httptest.NewServer(http.RedirectHandler(target.URL, http.StatusTemporaryRedirect))
		defer server.Close()

		var asked atomic.Int32
		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		custom := &http.Client{Transport: &http.Transport{}, Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error {
			asked.Add(1)
			return nil
		}}
		defer custom.CloseIdleConnections()
		before := *custom
		c := wiretest.NewClient(t, server.URL, plaidlink.WithHTTPClient(custom))
		got := faults.Get.Call(t.Context(), c)
		require.ErrorIs(t, wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, http.StatusTemporaryRedirect), plaidlink.ErrRedirect)
		require.Zero(t, asked.Load(), "CheckRedirect was asked: a redirect was about to be followed")

		require.Same(t, before.Transport, custom.Transport)
		require.Same(t, before.Jar, custom.Jar)
		require.Equal(t, before.Timeout, custom.Timeout)
		require.Equal(t, reflect.ValueOf(before.CheckRedirect).Pointer(), reflect.ValueOf(custom.CheckRedirect).Pointer())

		resp, err := custom.Get(server.URL) // and it works as before, without our headers
		require.NoError(t, err)
		resp.Body.Close()
		require.EqualValues(t, 1, asked.Load())
		row.Got("a CheckRedirect that follows, not asked", got)
	})

	t.Run("the jar is used", func(t *testing.T) {
		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		m := wiretest.InMemory(wiretest.Reply(200, wiretest.TokenBody, "Set-Cookie", "sticky=node-7; Path=/"), wiretest.Reply(500, "{}"), wiretest.Reply(502, ""), wiretest.Reply(200, wiretest.TokenBody))
		c := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: m, Jar: jar}), plaidlink.WithMaxRetryDelay(1))
		got := []faults.Outcome{succeeds(t, faults.Get, c), succeeds(t, faults.Get, c)}
		requests := m.Requests(t)
		require.Len(t, requests, 4)
		require.Empty(t, requests[0].Header["Cookie"])
		for _, later := range requests[1:] {
			require.Equal(t, []string{"sticky=node-7"}, later.Header["Cookie"], "once in each attempt")
		}
		require.Len(t, jar.Cookies(&url.URL{Scheme: "https", Host: "plaid.test", Path: "/"}), 1)
		row.Got("a Jar, whose cookie each attempt sends once", got...)
	})
}
