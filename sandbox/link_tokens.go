package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/gen"
)

// linkRecord is a link token, with what happened to it.
type linkRecord struct {
	origin    // what its Items have from it
	token     string
	made      int64      // in milliseconds since 1970, which the clock counts
	pageID    string     // the last part of hostedURL, and of the page for a frame
	sessions  []*session // oldest first
	succeeded bool       // whether a session did, which uses the token up
	exchanged bool       // whether the correlation id was
}

// linkRequest is what is used later of a request for a link token. Tokens of equal requests share it, but for those that have
// updates or a correlation id.
type linkRequest struct {
	updates         []*itemRecord // the Items of update mode
	correlationID   string        // empty where there is none
	products        []gen.Products
	webhook         string                           // URL; empty for none
	european        bool                             // whether it is of a country where consent ends after 180 days
	metadata        gen.LinkTokenGetMetadataResponse // what /link/token/get shows of the request
	filters         *gen.LinkTokenAccountFilters     // of accounts; nil without
	institutionID   string                           // where Link begins; empty where the user searches
	completionURI   string                           // where Hosted Link goes at its end; empty where it stays
	multiItem       bool                             // whether a session may link several Items
	selectsAccounts bool                             // whether update mode asks for the accounts
	ofUser          bool                             // whether update mode is of a user, one Item for each session
	lifetime        time.Duration
	hostedAt        string // the URL of its hosted page without the last part; empty without hosted_link
}

func (link *linkRecord) created() time.Time { return time.UnixMilli(link.made).UTC() }

func (link *linkRecord) expires() time.Time { return link.created().Add(link.lifetime) }

// hostedURL returns the URL of the hosted page; empty without hosted_link.
func (link *linkRecord) hostedURL() string {
	if link.hostedAt == "" {
		return ""
	}
	return link.hostedAt + link.pageID
}

func (link *linkRecord) clientName() string { return orZero(link.metadata.ClientName) }

func (link *linkRecord) redirectURI() string { return orZero(link.metadata.RedirectURI) }

func orZero[T any](value *T) (zero T) {
	if value == nil {
		return zero
	}
	return *value
}

func (link *linkRecord) expired(now time.Time) bool { return !now.Before(link.expires()) }

// dropSessions drops the sessions that ended so long ago that they are not shown any more.
func (link *linkRecord) dropSessions(now time.Time) {
	long := now.Add(-keptExpired)
	link.sessions = slices.DeleteFunc(link.sessions, func(s *session) bool { return s.ended() && !s.finished.After(long) })
}

// stale reports whether nobody can ask for the token any more: it expired long ago, and no session is left.
func (link *linkRecord) stale(now time.Time) bool {
	link.dropSessions(now)
	return link.expires().Before(now.Add(-keptExpired)) && len(link.sessions) == 0
}

func (st *store) linkTokenCreate(in incoming, req gen.LinkTokenCreateRequest) (*gen.LinkTokenCreateResponse, error) {
	if err := checkRules(req); err != nil {
		return nil, err
	}
	user, err := st.namedUser(req.UserID, req.UserToken)
	if err != nil {
		return nil, err
	}
	updates, err := st.updatesOf(req, user)
	if err != nil {
		return nil, err
	}
	owner := cmp.Or(orZero(req.User).ClientUserID, orZero(user).clientUserID)
	ofUser, lifetime, correlationID := updatesUser(req), lifetime(req), ""
	if slices.Contains(req.Products, gen.ProductsPaymentInitiation) && req.RedirectURI != "" {
		correlationID = st.ids.uuid()
	}
	// What is a user's, or may be called as a property of the metadata is, is not in the request that is kept.
	req.User, req.UserID, req.UserToken, req.AccessToken, req.AccessTokens, req.ExtraFields = nil, "", "", "", nil, nil
	form, _ := json.Marshal(req, json.Deterministic(true)) // it was decoded, and so encodes
	inUS := slices.Contains(req.CountryCodes, gen.CountryCodeUS) || slices.Contains(req.CountryCodes, gen.CountryCodeCA)
	build := func() *linkRequest {
		request := &linkRequest{
			updates:         updates,
			correlationID:   correlationID,
			products:        req.Products,
			webhook:         req.Webhook,
			european:        !inUS,
			filters:         req.AccountFilters,
			institutionID:   req.InstitutionID,
			completionURI:   orZero(req.HostedLink).CompletionRedirectURI,
			multiItem:       orZero(req.EnableMultiItemLink),
			selectsAccounts: orZero(orZero(req.Update).AccountSelectionEnabled),
			ofUser:          ofUser,
			lifetime:        lifetime,
		}
		_ = json.Unmarshal(form, &request.metadata) // a copy, as a pointer into req would keep all of it
		request.metadata.InitialProducts, request.metadata.ExtraFields = req.Products, nil
		if req.HostedLink != nil {
			request.hostedAt = in.baseURL + hostedPrefix
		}
		return request
	}
	var request *linkRequest
	if updates == nil && correlationID == "" {
		request = st.linkRequests.keep(fmt.Sprint(in.baseURL, " ", lifetime, " ", string(form)), build)
	} else {
		request = build()
	}
	link := &linkRecord{
		origin: origin{request, owner, user},
		token:  st.ids.token(linkKind),
		made:   st.clock.now().UnixMilli(),
		pageID: st.ids.id(22),
	}
	st.linkTokens.put(link.token, link)
	if link.correlationID != "" {
		st.correlationIDs[link.correlationID] = link
	}
	st.linksByPage[link.pageID] = link
	return &gen.LinkTokenCreateResponse{
		LinkToken:     link.token,
		Expiration:    link.expires(),
		HostedLinkURL: link.hostedURL(),
		RequestID:     in.requestID,
		UserID:        link.userID(),
	}, nil
}

// lifetime returns how long a link token lives.
func lifetime(req gen.LinkTokenCreateRequest) time.Duration {
	switch hosted := orZero(req.HostedLink); {
	case hosted.URLLifetimeSeconds != nil:
		return time.Duration(*hosted.URLLifetimeSeconds) * time.Second
	case hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodSMS:
		return day
	case hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodEmail:
		return 7 * day
	case req.HostedLink != nil, updating(req):
		return 30 * time.Minute
	}
	return 4 * time.Hour
}

func nullWhenEmpty[T comparable](value T) *T {
	if value == *new(T) {
		return nil
	}
	return &value
}

func (st *store) linkTokenGet(in incoming, req gen.LinkTokenGetRequest) (*gen.LinkTokenGetResponse, error) {
	link, ok := st.linkTokens.values[req.LinkToken]
	if !ok {
		return nil, unknownToken(linkKind, req.LinkToken)
	}
	now := st.clock.now()
	if link.dropSessions(now); link.expired(now) && len(link.sessions) == 0 {
		return nil, invalidToken(linkKind, "has expired")
	}
	return &gen.LinkTokenGetResponse{
		CreatedAt:    new(link.created()),
		Expiration:   new(link.expires()),
		LinkSessions: link.snapshots(),
		LinkToken:    link.token,
		Metadata:     link.metadata,
		RequestID:    in.requestID,
	}, nil
}

// snapshots returns the sessions as they are now.
func (link *linkRecord) snapshots() (sessions []gen.LinkTokenGetSessionsResponse) {
	for _, session := range link.sessions {
		sessions = append(sessions, session.snapshot())
	}
	return sessions
}

// CorrelationID returns the link_correlation_id that a bank's OAuth page would append to the redirect URI of a link token.
// The token has one when it was created with payment_initiation among its products and with a redirect_uri; else, and for an
// unknown token, there is an error.
func (s *Sandbox) CorrelationID(linkToken string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	link, ok := s.store.linkTokens.values[linkToken]
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
