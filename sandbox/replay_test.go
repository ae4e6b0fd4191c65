package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// A webhook of long ago, with the key of then, is verified as it was on its day.
func TestReplay(t *testing.T) {
	signer := sandbox.NewSigner()
	const body = `{"webhook_type":"LINK","webhook_code":"EVENTS","events":[],"link_session_id":"s","link_token":"t"}`
	signature := signer.Sign([]byte(body), time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC))
	got, err := signer.WebhookVerificationKeyGet(t.Context(), gen.WebhookVerificationKeyGetRequest{KeyID: signer.KeyID()})
	require.NoError(t, err)
	verifier, err := sandbox.Replay(got.Key, signature)
	require.NoError(t, err)
	header := http.Header{"Plaid-Verification": {signature}}
	event, err := verifier.Verify(t.Context(), header, []byte(body))
	require.NoError(t, err)
	require.Equal(t, "EVENTS", event.Code)
	_, err = verifier.Verify(t.Context(), header, []byte(body+" "))
	require.ErrorIs(t, err, webhook.ErrInvalid)

	r := httptest.NewRequest("POST", "/webhook", nil)
	r.Header, r.Body = header, http.NoBody
	w := httptest.NewRecorder()
	verifier.Handler(func(context.Context, webhook.Event) error { return nil }).ServeHTTP(w, r)
	require.Equal(t, http.StatusUnauthorized, w.Code, "a handler of the application takes it")

	other := sandbox.NewSigner()
	foreign := other.Sign([]byte(body), time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC))
	verifier, err = sandbox.Replay(got.Key, foreign)
	require.NoError(t, err)
	_, err = verifier.Verify(t.Context(), http.Header{"Plaid-Verification": {foreign}}, []byte(body))
	require.ErrorIs(t, err, webhook.ErrInvalid, "the key is not the one that signed it")
}

func TestReplayOfNoSignature(t *testing.T) {
	for _, wrong := range []string{"", "a.b", "a.b.c", "a.e30.c", "a.eyJpYXQiOiJub3cifQ.c"} {
		_, err := sandbox.Replay(gen.JWKPublicKey{}, wrong)
		require.ErrorContains(t, err, "sandbox: Replay: expected the value of a header Plaid-Verification")
	}
}

// What the sandbox sent can be replayed: each attempt has its signature, the state the id of the key.
func TestDeliveryCanBeReplayed(t *testing.T) {
	server, _ := start(t)
	r := receive(t, server)
	sent := exited(t, server, r.url)
	require.Equal(t, server.WebhookKeyID(), server.State().WebhookKeyID)
	key, err := server.Signer().WebhookVerificationKeyGet(t.Context(), gen.WebhookVerificationKeyGetRequest{KeyID: server.WebhookKeyID()})
	require.NoError(t, err)
	signature := sent.Attempts[0].Signature
	verifier, err := sandbox.Replay(key.Key, signature)
	require.NoError(t, err)
	_, err = verifier.Verify(t.Context(), http.Header{"Plaid-Verification": {signature}}, []byte(sent.Body))
	require.NoError(t, err)
}

func TestFinishLinkReturnsWhatHappened(t *testing.T) {
	server, client := start(t)
	req := createRequest()
	req.EnableMultiItemLink = new(true)
	token := create(t, client, req).LinkToken
	left, err := server.FinishLink(token, sandbox.Exited(sandbox.Exit{}))
	require.NoError(t, err)
	require.Empty(t, left.PublicTokens)
	require.Empty(t, left.ItemIDs)
	linked, err := server.FinishLink(token, sandbox.Success(sandbox.Item{}, sandbox.Item{}))
	require.NoError(t, err)
	sessions := get(t, client, token).LinkSessions
	require.Equal(t, []string{sessions[0].LinkSessionID, sessions[1].LinkSessionID}, []string{left.LinkSessionID, linked.LinkSessionID})
	require.Len(t, linked.PublicTokens, 2)
	for i, public := range linked.PublicTokens {
		require.Equal(t, linked.ItemIDs[i], exchange(t, client, public).ItemID)
	}
}

func TestControlsReportTheKey(t *testing.T) {
	server, client := start(t)
	got := control(t, server, "webhook/rotate_key", `{}`)
	require.Equal(t, server.WebhookKeyID(), got.properties["key_id"])
	got = control(t, server, "link/finish", `{"outcome":"success","link_token":"`+create(t, client, createRequest()).LinkToken+`"}`)
	require.Equal(t, server.WebhookKeyID(), got.properties["key_id"])
	require.Len(t, got.properties["item_ids"], 1)
}

func TestRequestLog(t *testing.T) {
	logged := make(chan sandbox.Request, 10)
	server := newServer(t, sandbox.WithRequestLog(func(r sandbox.Request) { logged <- r }))
	client := newClient(t, server)
	public := newPublicToken(t, client)
	access := exchange(t, client, public).AccessToken
	send(t, server, "POST", "/link/token/get", `{"link_token":"1"}`, nil)
	made, exchanged, refused := <-logged, <-logged, <-logged
	require.Equal(t, "/sandbox/public_token/create", made.Path)
	require.Contains(t, made.Response, public)
	require.Len(t, made.RequestID, 15)
	require.NotContains(t, exchanged.Response, string(access))
	require.Contains(t, exchanged.Response, `"access_token":"[redacted]"`)
	require.Equal(t, []any{400, "INVALID_LINK_TOKEN"}, []any{refused.Status, refused.ErrorCode})
	kept := server.Requests()
	require.Equal(t, []sandbox.Request{made, exchanged, refused}, kept)
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(kept[2].Response), &body))
	require.Equal(t, kept[2].RequestID, body["request_id"])
}
