package sandbox

import (
	"encoding/base64"
	"net/http"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// WebhookKeyID is the kid of the only key that /webhook_verification_key/get knows: P-256, made by New, never expired.
func (s *Sandbox) WebhookKeyID() string { return s.keyID }

func (s *Sandbox) webhookVerificationKeyGet(requestID string, req gen.WebhookVerificationKeyGetRequest) (*gen.WebhookVerificationKeyGetResponse, *refusal) {
	if req.KeyID != s.keyID {
		return nil, invalidInput(plaidlink.CodeInvalidWebhookVerificationKeyID, "there is no key with this key_id")
	}
	point, err := s.privateKey.PublicKey.Bytes() // 4, then X and Y of 32 bytes each
	if err != nil {
		return nil, &refusal{http.StatusInternalServerError, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, err.Error()}
	}
	return &gen.WebhookVerificationKeyGetResponse{
		Key: gen.JWKPublicKey{
			Alg:       "ES256",
			CreatedAt: int(s.keyCreated.Unix()),
			Crv:       "P-256",
			Kid:       s.keyID,
			Kty:       "EC",
			Use:       "sig",
			X:         base64.RawURLEncoding.EncodeToString(point[1:33]),
			Y:         base64.RawURLEncoding.EncodeToString(point[33:]),
		},
		RequestID: requestID,
	}, nil
}
