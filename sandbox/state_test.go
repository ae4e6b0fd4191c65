package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// look gets one of the sandbox's own pages.
func look(t testing.TB, server *sandbox.Server, path string) (kind, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/_sandbox/"+path, nil)
	require.NoError(t, err)
	response, err := (&http.Client{Transport: newTransport(t)}).Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.Header.Get("Content-Type"), string(body)
}

// busy is a sandbox with something of each kind, and what it must not show.
func busy(t testing.TB) (server *sandbox.Server, token string, secrets []string) {
	server, client := start(t)
	token = create(t, client, webhookRequest("http://user:web-password@127.0.0.1:1/plaid?key=web-key")).LinkToken
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success())))
	require.NoError(t, server.WaitWebhooks(t.Context()))
	item := exchange(t, client, get(t, client, token).LinkSessions[0].Results.ItemAddResults[0].PublicToken)
	access, secret := string(item.AccessToken), string(server.Credentials().Secret)
	update := createRequest()
	update.Products, update.AccessToken = nil, item.AccessToken
	create(t, client, update)
	for _, path := range []string{"/link/token/create", "/" + access, "/item/public_token/exchange"} { // where they do not belong
		send(t, server, "POST", path, fmt.Sprintf(`{"public_token":%q,"client_name":%q,"secret":%q,"deep":[{"x":["at %s"]}]}`, access, secret, secret, access),
			func(h http.Header) {
				h.Set("X-Access-Token", access)
				h.Set("X-Secret", secret)
				h.Set("Authorization", "Bearer "+secret)
			})
	}
	require.NoError(t, server.Fail("linkTokenGet", sandbox.HTML(502), sandbox.Drop()))
	require.NoError(t, server.LimitRate("linkTokenGet", 15, time.Minute))
	return server, token, []string{access, secret}
}

func TestStateAsJSON(t *testing.T) {
	server, token, secrets := busy(t)
	kind, text := look(t, server, "state")
	require.Equal(t, "application/json", kind)
	for _, secret := range secrets {
		require.NotContains(t, text, secret)
	}
	var state sandbox.State
	require.NoError(t, json.Unmarshal([]byte(text), &state))
	want := server.State()
	require.WithinDuration(t, want.Time, state.Time, time.Minute)
	state.Time = want.Time
	wanted, err := json.Marshal(want)
	require.NoError(t, err)
	got, err := json.Marshal(state)
	require.NoError(t, err)
	require.JSONEq(t, string(wanted), string(got))

	require.Len(t, state.LinkTokens, 2)
	require.Equal(t, token, state.LinkTokens[0].LinkToken)
	require.True(t, state.LinkTokens[0].UsedUp)
	require.Len(t, state.LinkTokens[0].Sessions, 1)
	require.Equal(t, []int{2, 1, 1}, []int{state.LinkTokenCount, state.PublicTokens, state.Items})
	require.Len(t, state.Deliveries, 3)
	require.Len(t, state.Requests, 7)
	require.Equal(t, map[string]int{"linkTokenGet": 2}, state.QueuedFaults)
	require.Equal(t, map[string]sandbox.RateLimit{"linkTokenGet": {Requests: 15, Seconds: 60}}, state.RateLimits)
	for _, name := range []string{`"operation":"linkTokenCreate"`, `"webhook_code":"SESSION_FINISHED"`, `"latency_milliseconds":0`} {
		require.Contains(t, text, name)
	}
}

func TestStateOfANewSandbox(t *testing.T) {
	_, text := look(t, newServer(t), "state")
	for _, list := range []string{"link_tokens", "requests", "deliveries"} {
		require.Contains(t, text, fmt.Sprintf(`"%s":[]`, list), "a list, not null")
	}
}

func TestStatePage(t *testing.T) {
	server, token, secrets := busy(t)
	kind, text := look(t, server, "")
	require.Equal(t, "text/html; charset=utf-8", kind)
	for _, hidden := range append(secrets, token, "web-password", "web-key") {
		require.NotContains(t, text, hidden)
	}
	require.Contains(t, text, token[:21]+"…", "enough to tell tokens apart")
	session := server.State().LinkTokens[0].Sessions[0]
	for _, shown := range []string{
		"used up", "open", session.LinkSessionID, "SUCCESS", "First Platypus Bank", "linkTokenCreate", "400 Bad Request",
		"LINK SESSION_FINISHED", "http://127.0.0.1:1/plaid", "no response, again at ", "queued faults of linkTokenGet", "rate limit of linkTokenGet", "15 in 60 s",
	} {
		require.Contains(t, text, shown)
	}
	server.SetLatency(time.Millisecond)
	server.Advance(5 * time.Hour)
	_, text = look(t, server, "")
	require.Contains(t, text, "expired")
	require.Contains(t, text, "1 ms")
	kind, _ = look(t, server, "link.css")
	require.Equal(t, "text/css; charset=utf-8", kind)
}

func TestStateWhileMuchHappens(t *testing.T) {
	server, client := start(t)
	r, signer := receive(t, server), &sandbox.Signer{} // a key that goes would refuse the webhooks that are on their way
	var users sync.WaitGroup
	for range 8 {
		users.Go(func() {
			created, err := client.LinkTokenCreate(t.Context(), webhookRequest(r.url))
			if !assert.NoError(t, err) {
				return
			}
			assert.NoError(t, failure(server.FinishLink(created.LinkToken, sandbox.Exited(sandbox.Exit{}))))
			assert.NoError(t, server.LimitRate("linkTokenGet", 1000, time.Hour))
			assert.NotEmpty(t, signer.Sign(someBody, time.Now()))
			signer.Rotate()
			server.Advance(time.Second)
			server.SetLatency(0)
			_, err = client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
			assert.NoError(t, err)
			assert.NotEmpty(t, server.State().LinkTokens)
			assert.NoError(t, server.WaitWebhooks(t.Context()))
		})
	}
	users.Wait()
	require.Len(t, r.received(t, server), 16)
}
