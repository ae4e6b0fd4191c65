package sandbox

import (
	"errors"

	"github.com/plaidlink/plaidlink-go/gen"
)

// CorrelationID returns the link_correlation_id that a bank's OAuth page would append to the redirect URI of a link token.
// The token has one when it was created with payment_initiation among its products and with a redirect_uri; else, and for an
// unknown token, there is an error.
func (s *Sandbox) CorrelationID(linkToken string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	link, ok := s.store.linkTokens.get(linkToken)
	if !ok {
		return "", named("CorrelationID", unknownToken(linkKind, linkToken))
	}
	if link.correlationID == "" {
		return "", named("CorrelationID", errors.New("the link_token was made without payment_initiation or without redirect_uri"))
	}
	return link.correlationID, nil
}

func (st *store) linkOAuthCorrelationIDExchange(in incoming, req gen.LinkOAuthCorrelationIDExchangeRequest) (*gen.LinkOAuthCorrelationIDExchangeResponse, error) {
	link, ok := st.correlationIDs[req.LinkCorrelationID]
	switch {
	case !ok:
		return nil, invalidField("the link_correlation_id is unknown")
	case link.exchanged:
		return nil, invalidField("the link_correlation_id was exchanged before")
	case link.expired(st.clock.now()):
		return nil, invalidField("the link_correlation_id has expired")
	}
	link.exchanged = true
	return &gen.LinkOAuthCorrelationIDExchangeResponse{LinkToken: link.token, RequestID: in.requestID}, nil
}
