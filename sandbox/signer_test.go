package sandbox_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

var someBody = []byte(`{"webhook_type":"ITEM","webhook_code":"ERROR"}`)

// verify verifies a webhook with a verifier that has no keys yet.
func verify(t testing.TB, keys webhook.KeySource, signature string) error {
	t.Helper()
	_, err := webhook.NewVerifier(keys).Verify(t.Context(), http.Header{"Plaid-Verification": {signature}}, someBody)
	return err
}

func TestSignersOwnKeys(t *testing.T) {
	signer, zero := sandbox.NewSigner(), &sandbox.Signer{}
	require.NoError(t, verify(t, signer, signer.Sign(someBody, time.Now())))
	require.NoError(t, verify(t, zero, zero.Sign(someBody, time.Now())), "the zero Signer makes a key")
	require.Equal(t, zero.KeyID(), zero.KeyID())
	require.ErrorIs(t, verify(t, signer, zero.Sign(someBody, time.Now())), webhook.ErrInvalid, "the key of another signer")
	require.ErrorIs(t, verify(t, signer, signer.Sign([]byte("{}"), time.Now())), webhook.ErrInvalid, "another body")
}

// Go's ecdsa makes numbers of varying length; a JSON Web Signature has 32 bytes of each.
func TestSignatureIsRaw(t *testing.T) {
	signer := sandbox.NewSigner()
	for range 300 { // of which some begin with a zero byte
		_, signature, found := strings.Cut(strings.SplitN(signer.Sign(someBody, time.Now()), ".", 2)[1], ".")
		require.True(t, found)
		raw, err := base64.RawURLEncoding.Strict().DecodeString(signature)
		require.NoError(t, err)
		require.Len(t, raw, 64)
	}
}

func TestSignAtAnotherTime(t *testing.T) {
	signer := sandbox.NewSigner()
	for name, test := range map[string]struct {
		issued time.Duration
		good   bool
	}{
		"4 minutes ago":           {-4 * time.Minute, true},
		"6 minutes ago":           {-6 * time.Minute, false},
		"within the skew allowed": {10 * time.Second, true},
		"in the future":           {4 * time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := verify(t, signer, signer.Sign(someBody, time.Now().Add(test.issued)))
			if test.good {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, webhook.ErrInvalid)
		})
	}
}

func TestRotate(t *testing.T) {
	server, client := start(t)
	signer := server.Signer()
	old, oldID := signer.Sign(someBody, time.Now()), server.WebhookKeyID()
	require.NoError(t, verify(t, client, old))
	signer.Rotate()
	require.NotEqual(t, oldID, server.WebhookKeyID())
	for name, keys := range map[string]webhook.KeySource{"over HTTP": client, "in memory": signer} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, verify(t, keys, old), "has expired", "what the old key signed")
			require.NoError(t, verify(t, keys, signer.Sign(someBody, time.Now())), "what the new one signs")
			got, err := keys.WebhookVerificationKeyGet(t.Context(), gen.WebhookVerificationKeyGetRequest{KeyID: oldID})
			require.NoError(t, err)
			require.InDelta(t, time.Now().Unix(), *got.Key.ExpiredAt, 60)
		})
	}
	require.Equal(t, sandbox.DeliveryDelivered, exited(t, server, receive(t, server).url).State, "the sandbox signs with it")
}

func TestSignerForgetsKeys(t *testing.T) {
	signer := sandbox.NewSigner()
	ids := []string{signer.KeyID()}
	for range 16 {
		signer.Rotate()
		ids = append(ids, signer.KeyID())
	}
	for i, id := range ids {
		got, err := signer.WebhookVerificationKeyGet(t.Context(), gen.WebhookVerificationKeyGetRequest{KeyID: id})
		if i > 0 {
			require.NoError(t, err)
			require.Equal(t, id, got.Key.Kid)
			require.Len(t, got.RequestID, 15)
			continue
		}
		requireRefused(t, err, plaidlink.CodeInvalidWebhookVerificationKeyID, "no key with this key_id")
		require.ErrorContains(t, err, "webhookVerificationKeyGet")
	}
}

func TestSignerRequest(t *testing.T) {
	signer := sandbox.NewSigner()
	var received []webhook.Event
	handler := webhook.NewVerifier(signer).Handler(func(_ context.Context, e webhook.Event) error {
		received = append(received, e)
		return nil
	})
	endpoint := httptest.NewServer(handler)
	defer endpoint.Close()

	direct, err := signer.Request("/plaid", someBody)
	require.NoError(t, err)
	require.Equal(t, "application/json", direct.Header.Get("Content-Type"))
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, direct)
	require.Equal(t, http.StatusOK, recorder.Code)

	sent, err := signer.Request(endpoint.URL+"/plaid", someBody)
	require.NoError(t, err)
	response, err := (&http.Client{Transport: newTransport(t)}).Do(sent)
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, []string{"ERROR", "ERROR"}, codes(received))

	_, err = signer.Request("http://[", someBody)
	require.ErrorContains(t, err, "sandbox: Request: expected a path or a URL: ")
}

// Test a webhook handler of your own, without a network.
func ExampleSigner() {
	signer := sandbox.NewSigner()
	handler := webhook.NewVerifier(signer).Handler(func(_ context.Context, e webhook.Event) error {
		fmt.Println("received", e.Type, e.Code)
		return nil
	})
	request, err := signer.Request("/webhook", []byte(`{"webhook_type":"LINK","webhook_code":"NEW"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	fmt.Println("status", recorder.Code)
	// Output:
	// received LINK NEW
	// status 200
}
