package wiretest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// failures is a test that only notes why it failed. FailNow does not end the goroutine.
type failures struct {
	testing.TB
	all []string
}

func (f *failures) Errorf(format string, args ...any) {
	f.all = append(f.all, fmt.Sprintf(format, args...))
}
func (f *failures) Error(args ...any) { f.all = append(f.all, fmt.Sprint(args...)) }
func (f *failures) FailNow()          {}

func post(t *testing.T, rt http.RoundTripper, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://plaid.test/path", strings.NewReader(body))
	require.NoError(t, err)
	resp, err := rt.RoundTrip(req)
	require.NoError(t, err)
	return resp
}

func TestMemoryServerRepliesInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := wiretest.InMemory(wiretest.Reply(500, "one"), wiretest.Reply(200, "two", "X-A", "b"))
		start := time.Now()
		for i, want := range []string{"one", "two", "two"} {
			resp := post(t, m, fmt.Sprint("request ", i))
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, want, string(body), "the last one stays")
			<-time.After(time.Second)
		}
		require.Equal(t, 3, m.Count())
		for i, req := range m.Requests(t) {
			require.Equal(t, fmt.Sprint("request ", i), req.Body)
			require.Equal(t, time.Duration(i)*time.Second, req.At.Sub(start))
		}
		m.Then(wiretest.Reply(204, ""))
		require.Zero(t, m.Count(), "it forgets")
		resp := post(t, m, "")
		require.NoError(t, resp.Body.Close())
		require.Equal(t, 204, resp.StatusCode)
	})
}

func TestOpenBodyFailsTheTest(t *testing.T) {
	m := wiretest.InMemory(wiretest.Reply(200, "{}"))
	resp := post(t, m, "")
	noted := &failures{TB: t}
	m.Requests(noted)
	require.Len(t, noted.all, 1)
	require.Contains(t, noted.all[0], "bodies left open")
	require.NoError(t, resp.Body.Close())
	require.NoError(t, resp.Body.Close(), "closed twice, counted once")
	require.Len(t, m.Requests(t), 1)
}

func TestClientHoldsRequestsAgainstTheSpecification(t *testing.T) {
	noted := &failures{TB: t}
	c := wiretest.InMemory(wiretest.Reply(200, wiretest.TokenBody)).Client(noted)
	_, err := wiretest.GetToken(t, c)
	require.NoError(t, err)
	require.Empty(t, noted.all, "the response may depart from it")
	_, err = c.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0", ExtraFields: gen.ExtraFields{"new": []byte("1")}})
	require.NoError(t, err)
	require.Len(t, noted.all, 1)
}

func TestReplyErrorIsPlaids(t *testing.T) {
	c := wiretest.InMemory(wiretest.ReplyError(400, plaidlink.TypeInvalidInput, plaidlink.CodeInvalidLinkToken)).Client(t)
	_, err := wiretest.GetToken(t, c)
	e := wiretest.RequireFailed(t, err, wiretest.OpGet, 400)
	require.Equal(t, plaidlink.CodeInvalidLinkToken, e.Code)
	require.Equal(t, "req-1", e.RequestID)
	require.Contains(t, string(e.Raw), wiretest.BodyMark)
}
