package sandbox

import (
	"encoding/json"
	"slices"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

const (
	linkTokenLifetime   = 4 * time.Hour
	updateModeLifetime  = 30 * time.Minute
	hostedLifetime      = 30 * time.Minute
	hostedSMSLifetime   = 24 * time.Hour
	hostedEmailLifetime = 7 * 24 * time.Hour
	maxHostedLifetime   = 21 * 24 * time.Hour
	sessionDataLifetime = 6 * time.Hour // after the session's end
)

// linkToken is one that was created, with what happened to it.
type linkToken struct {
	token            string
	created, expires time.Time
	metadata         gen.LinkTokenGetMetadataResponse // what /link/token/get shows of the request
	filters          *gen.LinkTokenAccountFilters     // of accounts; nil without
	institutionID    string                           // where Link begins; empty where the user searches
	completionURI    string                           // where Hosted Link goes at its end; empty where it stays
	multiItem        bool                             // whether a session may link several Items
	choosable        bool                             // whether update mode asks for the accounts
	updates          []*item                          // the Items of update mode
	hostedID         string                           // the last part of hostedURL
	hostedURL        string                           // empty without hosted_link
	sessions         []*linkSession
	succeeded        bool
	correlationID    string // empty where there is none
	exchanged        bool   // whether the correlation id was
}

// newLinkToken keeps of a request what is used later: there may be very many of them.
func newLinkToken(req gen.LinkTokenCreateRequest, metadata gen.LinkTokenGetMetadataResponse) *linkToken {
	t := &linkToken{
		metadata:      metadata,
		filters:       req.AccountFilters,
		institutionID: req.InstitutionID,
		multiItem:     req.EnableMultiItemLink != nil && *req.EnableMultiItemLink,
	}
	if req.HostedLink != nil {
		t.completionURI = string(req.HostedLink.CompletionRedirectURI)
	}
	if update := req.Update; update != nil {
		t.choosable = update.AccountSelectionEnabled != nil && *update.AccountSelectionEnabled
	}
	return t
}

func (t *linkToken) clientName() string { return orEmpty(t.metadata.ClientName) }

func (t *linkToken) redirectURI() string { return orEmpty(t.metadata.RedirectURI) }

func (t *linkToken) webhook() string { return orEmpty(t.metadata.Webhook) }

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func (t *linkToken) expired(now time.Time) bool { return !now.Before(t.expires) }

// forget drops the sessions that ended over 6 hours ago. It says whether nobody can ask for the token any more: it expired
// over 6 hours ago, and no session is left.
func (s *Sandbox) forget(t *linkToken) bool {
	long := s.now().Add(-sessionDataLifetime)
	t.forgetSessions(long)
	return t.expires.Before(long) && len(t.sessions) == 0
}

// forgotten is told of each link token that goes.
func (s *Sandbox) forgotten(t *linkToken) {
	delete(s.hostedLinks, t.hostedID)
	delete(s.correlationIDs, t.correlationID)
}

func (s *Sandbox) linkTokenCreate(in incoming, req gen.LinkTokenCreateRequest) (*gen.LinkTokenCreateResponse, *refusal) {
	if refused := checkRules(req); refused != nil {
		return nil, refused
	}
	updates, refused := s.itemsToUpdate(req)
	if refused != nil {
		return nil, refused
	}
	metadata, refused := newMetadata(req)
	if refused != nil {
		return nil, refused
	}
	created, now := newLinkToken(req, metadata), s.now()
	created.token, created.updates = s.ids.token(linkKind), updates
	created.created, created.expires = now, now.Add(lifetime(req))
	s.linkTokens.put(created.token, created)
	if slices.Contains(req.Products, gen.ProductsPaymentInitiation) && req.RedirectURI != "" {
		created.correlationID = s.ids.uuid()
		s.correlationIDs[created.correlationID] = created
	}
	if req.HostedLink != nil {
		created.hostedID = s.ids.id(22)
		created.hostedURL = in.baseURL + hostedPrefix + created.hostedID
		s.hostedLinks[created.hostedID] = created
	}
	return &gen.LinkTokenCreateResponse{
		LinkToken:     created.token,
		Expiration:    created.expires,
		HostedLinkURL: created.hostedURL,
		RequestID:     in.requestID,
	}, nil
}

// itemsToUpdate are the Items of access_token and access_tokens.
func (s *Sandbox) itemsToUpdate(req gen.LinkTokenCreateRequest) ([]*item, *refusal) {
	tokens := req.AccessTokens
	if req.AccessToken != "" {
		tokens = append([]gen.AccessToken{req.AccessToken}, tokens...)
	}
	var items []*item
	for _, token := range tokens {
		known, ok := s.accessTokens.get(string(token))
		if !ok {
			return nil, refuseUnknown(accessKind, string(token))
		}
		items = append(items, known)
	}
	return items, nil
}

func lifetime(req gen.LinkTokenCreateRequest) time.Duration {
	switch hosted := req.HostedLink; {
	case hosted != nil && hosted.URLLifetimeSeconds != nil:
		return time.Duration(*hosted.URLLifetimeSeconds) * time.Second
	case hosted != nil && hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodSMS:
		return hostedSMSLifetime
	case hosted != nil && hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodEmail:
		return hostedEmailLifetime
	case hosted != nil:
		return hostedLifetime
	case req.AccessToken != "" || len(req.AccessTokens) > 0:
		return updateModeLifetime
	default:
		return linkTokenLifetime
	}
}

// newMetadata is what /link/token/get shows of the request.
func newMetadata(req gen.LinkTokenCreateRequest) (gen.LinkTokenGetMetadataResponse, *refusal) {
	metadata := gen.LinkTokenGetMetadataResponse{
		ClientName:      new(req.ClientName), // a pointer into req would keep all of it
		CountryCodes:    req.CountryCodes,
		InitialProducts: req.Products,
		InstitutionData: req.InstitutionData,
		Language:        new(req.Language),
		RedirectURI:     nullWhenEmpty(req.RedirectURI),
		Webhook:         nullWhenEmpty(req.Webhook),
	}
	if req.AccountFilters == nil {
		return metadata, nil
	}
	// The type of the answer lists one filter less, which ends in its extra fields.
	filters, err := json.Marshal(req.AccountFilters)
	if err == nil {
		err = json.Unmarshal(filters, &metadata.AccountFilters)
	}
	if err != nil {
		return metadata, invalidRequest(plaidlink.CodeInvalidField, "account_filters cannot be read")
	}
	return metadata, nil
}

func nullWhenEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (s *Sandbox) linkTokenGet(in incoming, req gen.LinkTokenGetRequest) (*gen.LinkTokenGetResponse, *refusal) {
	found, ok := s.linkTokens.get(req.LinkToken)
	if !ok {
		return nil, refuseUnknown(linkKind, req.LinkToken)
	}
	now := s.now()
	found.forgetSessions(now.Add(-sessionDataLifetime))
	if found.expired(now) && len(found.sessions) == 0 {
		return nil, refuseToken(linkKind, "has expired")
	}
	var sessions []gen.LinkTokenGetSessionsResponse
	for _, session := range found.sessions {
		sessions = append(sessions, session.snapshot())
	}
	return &gen.LinkTokenGetResponse{
		CreatedAt:    &found.created,
		Expiration:   &found.expires,
		LinkSessions: sessions,
		LinkToken:    found.token,
		Metadata:     found.metadata,
		RequestID:    in.requestID,
	}, nil
}
