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

func (s *Sandbox) newItem(linked Item) *item {
	return &item{id: s.ids.id(37), accessToken: s.ids.token(accessKind), linked: linked.withDefaults(s.ids)}
}

// publicToken is good for one exchange.
type publicToken struct {
	item    *item
	expires time.Time
	used    bool
}

// newPublicToken makes a public token of an Item. The caller holds s.mu, as for all that follows.
func (s *Sandbox) newPublicToken(of *item) string {
	token := s.ids.token(publicKind)
	s.publicTokens.put(token, &publicToken{item: of, expires: s.now().Add(publicTokenLifetime)})
	return token
}

// forgetPublic says whether a public token expired so long ago that nobody asks for it.
func (s *Sandbox) forgetPublic(t *publicToken) bool {
	return t.expires.Add(sessionDataLifetime).Before(s.now())
}

func (s *Sandbox) itemPublicTokenExchange(in incoming, req gen.ItemPublicTokenExchangeRequest) (*gen.ItemPublicTokenExchangeResponse, *refusal) {
	public, ok := s.publicTokens.get(req.PublicToken)
	switch {
	case !ok:
		return nil, refuseUnknown(publicKind, req.PublicToken)
	case public.used:
		return nil, refuseToken(publicKind, "was exchanged before")
	case !s.now().Before(public.expires):
		return nil, refuseToken(publicKind, "has expired: it lives 30 minutes")
	}
	public.used = true
	s.accessTokens.put(public.item.accessToken, public.item)
	return &gen.ItemPublicTokenExchangeResponse{
		AccessToken: gen.AccessToken(public.item.accessToken),
		ItemID:      public.item.id,
		RequestID:   in.requestID,
	}, nil
}

const badInstitution = "institution_id must have the form ins_ and digits, such as ins_109508"

var institutionID = regexp.MustCompile(`^ins_[0-9]+$`)

func (s *Sandbox) sandboxPublicTokenCreate(in incoming, req gen.SandboxPublicTokenCreateRequest) (*gen.SandboxPublicTokenCreateResponse, *refusal) {
	if !institutionID.MatchString(req.InstitutionID) {
		return nil, invalidInput(plaidlink.CodeInvalidInstitution, badInstitution)
	}
	created := s.newItem(Item{Institution: Institution{ID: req.InstitutionID}})
	return &gen.SandboxPublicTokenCreateResponse{PublicToken: s.newPublicToken(created), RequestID: in.requestID}, nil
}
