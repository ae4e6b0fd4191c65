package sandbox

import (
	"regexp"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

const publicTokenLifetime = 30 * time.Minute

// item is a linked Item. Its access token is known to clients once a public token of it was exchanged.
type item struct {
	id          string
	accessToken string
	linked      Item
}

func newItem(linked Item) *item {
	return &item{id: newID(37), accessToken: newToken(accessKind), linked: linked.withDefaults()}
}

// publicToken is good for one exchange.
type publicToken struct {
	item    *item
	expires time.Time
	used    bool
}

// newPublicToken makes a public token of an Item. The caller holds s.mu, as for all that follows.
func (s *Sandbox) newPublicToken(of *item) string {
	token := newToken(publicKind)
	s.publicTokens[token] = &publicToken{item: of, expires: s.now().Add(publicTokenLifetime)}
	return token
}

func (s *Sandbox) itemPublicTokenExchange(requestID string, req gen.ItemPublicTokenExchangeRequest) (*gen.ItemPublicTokenExchangeResponse, *refusal) {
	public, ok := s.publicTokens[req.PublicToken]
	switch {
	case !ok:
		return nil, refuseUnknown(publicKind, req.PublicToken)
	case public.used:
		return nil, refuseToken(publicKind, "was exchanged before")
	case !s.now().Before(public.expires):
		return nil, refuseToken(publicKind, "has expired: it lives 30 minutes")
	}
	public.used = true
	s.accessTokens[public.item.accessToken] = public.item
	return &gen.ItemPublicTokenExchangeResponse{
		AccessToken: gen.AccessToken(public.item.accessToken),
		ItemID:      public.item.id,
		RequestID:   requestID,
	}, nil
}

var institutionID = regexp.MustCompile(`^ins_[0-9]+$`)

func (s *Sandbox) sandboxPublicTokenCreate(requestID string, req gen.SandboxPublicTokenCreateRequest) (*gen.SandboxPublicTokenCreateResponse, *refusal) {
	if !institutionID.MatchString(req.InstitutionID) {
		return nil, invalidInput(plaidlink.CodeInvalidInstitution, "institution_id must have the form ins_ and digits, such as ins_109508")
	}
	created := newItem(Item{Institution: Institution{ID: req.InstitutionID}})
	return &gen.SandboxPublicTokenCreateResponse{PublicToken: s.newPublicToken(created), RequestID: requestID}, nil
}
