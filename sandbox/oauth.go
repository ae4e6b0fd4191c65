package sandbox

import (
	"fmt"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// CorrelationID is the link_correlation_id that a bank's OAuth page would append to the redirect URI of a link token. The
// token has one when it was created with payment_initiation among its products and with a redirect_uri; else, and for an
// unknown token, there is an error.
func (s *Sandbox) CorrelationID(linkToken string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.linkTokens.get(linkToken)
	if !ok {
		return "", fmt.Errorf("sandbox: CorrelationID: %s", refuseUnknown(linkKind, linkToken).message)
	}
	if found.correlationID == "" {
		return "", fmt.Errorf("sandbox: CorrelationID: the link_token was made without payment_initiation or without redirect_uri")
	}
	return found.correlationID, nil
}

func (s *Sandbox) linkOAuthCorrelationIDExchange(in incoming, req gen.LinkOAuthCorrelationIDExchangeRequest) (*gen.LinkOAuthCorrelationIDExchangeResponse, *refusal) {
	found, ok := s.correlationIDs[req.LinkCorrelationID]
	switch {
	case !ok:
		return nil, invalidRequest(plaidlink.CodeInvalidField, "the link_correlation_id is unknown")
	case found.exchanged:
		return nil, invalidRequest(plaidlink.CodeInvalidField, "the link_correlation_id was exchanged before")
	case found.expired(s.now()):
		return nil, invalidRequest(plaidlink.CodeInvalidField, "the link_correlation_id has expired")
	}
	found.exchanged = true
	return &gen.LinkOAuthCorrelationIDExchangeResponse{LinkToken: found.token, RequestID: in.requestID}, nil
}
