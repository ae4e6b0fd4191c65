package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// receiver is an app's webhook endpoint, which verifies what comes with the keys of a sandbox.
type receiver struct {
	url string

	mu     sync.Mutex
	status int // of the response in place of 200; 0 for none
	events []webhook.Event
}

// receive makes a receiver. Every webhook that reaches it must verify and fit the specification.
func receive(t testing.TB, server *sandbox.Server) *receiver {
	t.Helper()
	r := &receiver{}
	verified := webhook.NewVerifier(newClient(t, server)).Handler(func(_ context.Context, e webhook.Event) error {
		checkPayload(t, e)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.events = append(r.events, e)
		return nil
	})
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		assert.Equal(t, "application/json", request.Header.Get("Content-Type"))
		recorder := httptest.NewRecorder()
		verified.ServeHTTP(recorder, request)
		assert.Equal(t, http.StatusOK, recorder.Code, "it verifies")
		r.mu.Lock()
		defer r.mu.Unlock()
		w.WriteHeader(max(r.status, http.StatusOK))
	}))
	t.Cleanup(endpoint.Close)
	r.url = endpoint.URL + "/plaid"
	return r
}

// respondWith sets the status of the responses from now on.
func (r *receiver) respondWith(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// received waits for the deliveries that are due, and takes what came since the last call.
func (r *receiver) received(t testing.TB, server *sandbox.Server) []webhook.Event {
	t.Helper()
	require.NoError(t, server.WaitWebhooks(t.Context()))
	r.mu.Lock()
	defer r.mu.Unlock()
	events := r.events
	r.events = nil
	return events
}

// schemas are those of the payloads, by webhook_code. Webhooks of products have none.
var schemas = map[string]string{
	"SESSION_FINISHED": "LinkSessionFinishedWebhook", "EVENTS": "LinkEventsWebhook", "ITEM_ADD_RESULT": "ItemAddResultWebhook",
	"ERROR": "ItemErrorWebhook", "LOGIN_REPAIRED": "ItemLoginRepairedWebhook", "PENDING_EXPIRATION": "PendingExpirationWebhook",
	"PENDING_DISCONNECT": "PendingDisconnectWebhook", "NEW_ACCOUNTS_AVAILABLE": "NewAccountsAvailableWebhook",
	"USER_PERMISSION_REVOKED": "UserPermissionRevokedWebhook", "USER_ACCOUNT_REVOKED": "UserAccountRevokedWebhook",
	"WEBHOOK_UPDATE_ACKNOWLEDGED": "WebhookUpdateAcknowledgedWebhook",
}

func checkPayload(t testing.TB, e webhook.Event) {
	schema, ok := schemas[e.Code]
	if e.Type != "LINK" && e.Type != "ITEM" {
		return
	}
	if !assert.True(t, ok, e.Code) {
		return
	}
	doc, err := spec()
	if !assert.NoError(t, err) {
		return
	}
	var properties map[string]any
	assert.NoError(t, json.Unmarshal(e.Raw, &properties))
	assert.NoError(t, doc.Components.Schemas[schema].Value.VisitJSON(properties, openapi3.VisitAsResponse(), openapi3.MultiErrors()))
}

func codes(events []webhook.Event) []string {
	codes := []string{}
	for _, e := range events {
		codes = append(codes, e.Code)
	}
	return codes
}

func webhookRequest(to string) gen.LinkTokenCreateRequest {
	req := createRequest()
	req.HostedLink = &gen.LinkTokenCreateHostedLink{}
	req.Webhook = to
	return req
}

func TestWebhooksOfASuccess(t *testing.T) {
	server, client := start(t)
	r := receive(t, server)
	token := create(t, client, webhookRequest(r.url)).LinkToken
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success())))
	events := r.received(t, server)
	require.Equal(t, []string{"ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"}, codes(events))

	session := get(t, client, token).LinkSessions[0]
	public := session.Results.ItemAddResults[0].PublicToken
	require.Equal(t, &gen.ItemAddResultWebhook{
		WebhookType: "LINK", WebhookCode: "ITEM_ADD_RESULT", LinkSessionID: session.LinkSessionID, LinkToken: token,
		PublicToken: public, Environment: gen.WebhookEnvironmentValuesSandbox,
	}, events[0].Payload)
	require.Equal(t, &gen.LinkEventsWebhook{
		WebhookType: "LINK", WebhookCode: "EVENTS", LinkSessionID: session.LinkSessionID, LinkToken: token, Events: session.Events,
	}, events[1].Payload, "the events are those of /link/token/get")
	require.Equal(t, &gen.LinkSessionFinishedWebhook{
		WebhookType: "LINK", WebhookCode: "SESSION_FINISHED", Status: "SUCCESS", LinkSessionID: session.LinkSessionID, LinkToken: token,
		PublicToken: public, PublicTokens: []string{public}, Environment: gen.WebhookEnvironmentValuesSandbox,
	}, events[2].Payload)
	exchange(t, client, public)
}

func TestWebhooksOfAnExit(t *testing.T) {
	server, client := start(t)
	r := receive(t, server)
	token := create(t, client, webhookRequest(r.url)).LinkToken
	for range 2 { // each exit is a session
		require.NoError(t, failure(server.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
		events := r.received(t, server)
		require.Equal(t, []string{"EVENTS", "SESSION_FINISHED"}, codes(events))
		sessions := get(t, client, token).LinkSessions
		require.Equal(t, &gen.LinkSessionFinishedWebhook{
			WebhookType: "LINK", WebhookCode: "SESSION_FINISHED", Status: "EXITED", LinkToken: token,
			LinkSessionID: sessions[len(sessions)-1].LinkSessionID, Environment: gen.WebhookEnvironmentValuesSandbox,
		}, events[1].Payload, "without public tokens")
	}
}

func TestWebhooksOfSeveralItems(t *testing.T) {
	server, client := start(t)
	r := receive(t, server)
	req := createRequest() // multi-item sessions have webhooks without hosted_link
	req.Webhook, req.EnableMultiItemLink = r.url, new(true)
	require.NoError(t, failure(server.FinishLink(create(t, client, req).LinkToken, sandbox.Success(sandbox.Item{}, sandbox.Item{}))))
	events := r.received(t, server)
	require.Equal(t, []string{"ITEM_ADD_RESULT", "ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"}, codes(events))
	finished := events[3].Payload.(*gen.LinkSessionFinishedWebhook)
	require.Equal(t, []string{
		events[0].Payload.(*gen.ItemAddResultWebhook).PublicToken, events[1].Payload.(*gen.ItemAddResultWebhook).PublicToken,
	}, finished.PublicTokens, "in the order of the Items")
	require.Equal(t, finished.PublicTokens[0], finished.PublicToken)
	require.NotEqual(t, finished.PublicTokens[0], finished.PublicTokens[1])
}

func TestWebhooksOfUpdateMode(t *testing.T) {
	server, client := start(t)
	r := receive(t, server)
	known := exchange(t, client, newPublicToken(t, client))
	req := webhookRequest(r.url)
	req.Products, req.AccessToken = nil, known.AccessToken
	require.NoError(t, failure(server.FinishLink(create(t, client, req).LinkToken, sandbox.Success())))
	events := r.received(t, server)
	require.Equal(t, []string{"ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"}, codes(events))
	require.Equal(t, known.ItemID, exchange(t, client, events[0].Payload.(*gen.ItemAddResultWebhook).PublicToken).ItemID)
}

func TestSessionsWithoutWebhooks(t *testing.T) {
	server, client := start(t)
	r := receive(t, server)
	for name, edit := range map[string]func(*gen.LinkTokenCreateRequest){
		"neither hosted nor of several Items": func(q *gen.LinkTokenCreateRequest) { q.HostedLink = nil },
		"one Item, said so":                   func(q *gen.LinkTokenCreateRequest) { q.HostedLink, q.EnableMultiItemLink = nil, new(false) },
		"no webhook in the link token":        func(q *gen.LinkTokenCreateRequest) { q.Webhook = "" },
	} {
		t.Run(name, func(t *testing.T) {
			req := webhookRequest(r.url)
			edit(&req)
			require.NoError(t, failure(server.FinishLink(create(t, client, req).LinkToken, sandbox.Success())))
			require.Empty(t, r.received(t, server))
			require.Empty(t, server.Deliveries())
		})
	}
}

// The order is that of the sessions' ends, also where many end at once.
func TestOrderOfWebhooks(t *testing.T) {
	server, client := start(t)
	r := receive(t, server)
	var ended []string
	for range 20 {
		token := create(t, client, webhookRequest(r.url)).LinkToken
		require.NoError(t, failure(server.FinishLink(token, sandbox.Exited(sandbox.Exit{}))))
		ended = append(ended, token)
	}
	var reported []string
	for _, e := range r.received(t, server) {
		if finished, ok := e.Payload.(*gen.LinkSessionFinishedWebhook); ok {
			reported = append(reported, finished.LinkToken)
		}
	}
	require.Equal(t, ended, reported)
}
