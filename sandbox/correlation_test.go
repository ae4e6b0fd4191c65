package sandbox_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestLinkProfileEligibilityCheck(t *testing.T) {
	server, client := start(t)
	server.AddProfile("+14155550123")
	for phone, want := range map[string]bool{"+14155550123": true, "+14155550124": false} {
		got, err := client.LinkProfileEligibilityCheck(t.Context(), gen.LinkProfileEligibilityCheckRequest{
			LinkSessionID: "any session",
			User:          gen.LinkProfileEligibilityCheckUser{PhoneNumber: phone},
		})
		require.NoError(t, err)
		require.Equal(t, want, got.ProfileMatches)
	}
	for _, phone := range []string{"4155550123", "+0155550123", "+1", "+1415555012345678", "+1 415 555 0123"} {
		_, err := client.LinkProfileEligibilityCheck(t.Context(), gen.LinkProfileEligibilityCheckRequest{
			LinkSessionID: "any session",
			User:          gen.LinkProfileEligibilityCheckUser{PhoneNumber: phone},
		})
		requireRefused(t, err, plaidlink.CodeInvalidField, "E.164")
	}
}

func paymentRequest() gen.LinkTokenCreateRequest {
	req := createRequest()
	req.Products = []gen.Products{gen.ProductsPaymentInitiation}
	req.RedirectURI = "https://example.com/back"
	return req
}

func TestLinkOAuthCorrelationIDExchange(t *testing.T) {
	server, client := start(t)
	created := create(t, client, paymentRequest())
	id, err := server.CorrelationID(created.LinkToken)
	require.NoError(t, err)
	req := gen.LinkOAuthCorrelationIDExchangeRequest{LinkCorrelationID: id}
	got, err := client.LinkOAuthCorrelationIDExchange(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, created.LinkToken, got.LinkToken)

	_, err = client.LinkOAuthCorrelationIDExchange(t.Context(), req)
	requireRefused(t, err, plaidlink.CodeInvalidField, "was exchanged before")

	_, err = client.LinkOAuthCorrelationIDExchange(t.Context(), gen.LinkOAuthCorrelationIDExchangeRequest{LinkCorrelationID: "147dda43"})
	requireRefused(t, err, plaidlink.CodeInvalidField, "is unknown")

	id, err = server.CorrelationID(create(t, client, paymentRequest()).LinkToken)
	require.NoError(t, err)
	server.Advance(4 * time.Hour)
	_, err = client.LinkOAuthCorrelationIDExchange(t.Context(), gen.LinkOAuthCorrelationIDExchangeRequest{LinkCorrelationID: id})
	requireRefused(t, err, plaidlink.CodeInvalidField, "has expired")
}

func TestCorrelationIDErrors(t *testing.T) {
	server, client := start(t)
	withoutRedirect := paymentRequest()
	withoutRedirect.RedirectURI = ""
	otherProduct := paymentRequest()
	otherProduct.Products = []gen.Products{gen.ProductsAuth}
	for _, req := range []gen.LinkTokenCreateRequest{withoutRedirect, otherProduct} {
		_, err := server.CorrelationID(create(t, client, req).LinkToken)
		require.EqualError(t, err, "sandbox: CorrelationID: the link_token was made without payment_initiation or without redirect_uri")
	}
	_, err := server.CorrelationID("link-sandbox-1")
	require.EqualError(t, err, "sandbox: CorrelationID: the link_token was not made by this sandbox")
}

func TestWebhookVerificationKeyGet(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	server := newServer(t, sandbox.WithTime(start))
	client := newClient(t, server)
	got, err := client.WebhookVerificationKeyGet(t.Context(), gen.WebhookVerificationKeyGetRequest{KeyID: server.WebhookKeyID()})
	require.NoError(t, err)
	key := got.Key
	require.Equal(t, []string{"ES256", "P-256", "EC", "sig"}, []string{key.Alg, key.Crv, key.Kty, key.Use})
	require.Equal(t, server.WebhookKeyID(), key.Kid)
	require.Nil(t, key.ExpiredAt)
	require.InDelta(t, time.Now().Unix(), key.CreatedAt, 60, "real time, as the signatures have it")
	x, err := base64.RawURLEncoding.Strict().DecodeString(key.X)
	require.NoError(t, err)
	y, err := base64.RawURLEncoding.Strict().DecodeString(key.Y)
	require.NoError(t, err)
	_, err = ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
	require.NoError(t, err, "the point is on the curve")

	_, err = client.WebhookVerificationKeyGet(t.Context(), gen.WebhookVerificationKeyGetRequest{KeyID: newServer(t).WebhookKeyID()})
	requireRefused(t, err, plaidlink.CodeInvalidWebhookVerificationKeyID, "key_id")
}
