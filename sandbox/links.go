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
	sessionDataLifetime = 6 * time.Hour                      // after the session's end
	hostedLinkURL       = "https://secure.plaid.invalid/hl/" // a name that never resolves
)

// linkToken is one that was created, with what happened to it.
type linkToken struct {
	token            string
	created, expires time.Time
	metadata         gen.LinkTokenGetMetadataResponse
	updates          []*item // the Items of update mode
	multiItem        bool    // whether a session may link several
	sessions         []gen.LinkTokenGetSessionsResponse
	succeeded        bool
	correlationID    string // empty where there is none
	exchanged        bool   // whether the correlation id was
}

func (t *linkToken) expired(now time.Time) bool { return !now.Before(t.expires) }

func (s *Sandbox) linkTokenCreate(requestID string, req gen.LinkTokenCreateRequest) (*gen.LinkTokenCreateResponse, *refusal) {
	if slices.Contains(req.Products, gen.ProductsBalance) {
		return nil, invalidInput(plaidlink.CodeInvalidProduct, "balance is not accepted in products")
	}
	if refused := checkHostedLink(req); refused != nil {
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
	now := s.now()
	created := &linkToken{
		token:     newToken(linkKind),
		created:   now,
		expires:   now.Add(lifetime(req)),
		metadata:  metadata,
		updates:   updates,
		multiItem: req.EnableMultiItemLink != nil && *req.EnableMultiItemLink,
	}
	s.linkTokens[created.token] = created
	if slices.Contains(req.Products, gen.ProductsPaymentInitiation) && req.RedirectURI != "" {
		created.correlationID = newUUID()
		s.correlationIDs[created.correlationID] = created
	}
	answer := &gen.LinkTokenCreateResponse{LinkToken: created.token, Expiration: created.expires, RequestID: requestID}
	if req.HostedLink != nil {
		answer.HostedLinkURL = hostedLinkURL + newID(12)
	}
	return answer, nil
}

// checkHostedLink checks what the descriptions of the specification say and its schema does not.
func checkHostedLink(req gen.LinkTokenCreateRequest) *refusal {
	hosted := req.HostedLink
	if hosted == nil {
		return nil
	}
	if seconds := hosted.URLLifetimeSeconds; seconds != nil && (*seconds < 1 || *seconds > int(maxHostedLifetime/time.Second)) {
		return invalidRequest(plaidlink.CodeInvalidField, "hosted_link.url_lifetime_seconds must be 1 to %d", int(maxHostedLifetime/time.Second))
	}
	if hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodSMS && req.User.PhoneNumber == "" {
		return invalidRequest(plaidlink.CodeInvalidField, "hosted_link.delivery_method sms needs user.phone_number")
	}
	if hosted.DeliveryMethod == gen.HostedLinkDeliveryMethodEmail && req.User.EmailAddress == "" {
		return invalidRequest(plaidlink.CodeInvalidField, "hosted_link.delivery_method email needs user.email_address")
	}
	return nil
}

// itemsToUpdate are the Items of access_token and access_tokens.
func (s *Sandbox) itemsToUpdate(req gen.LinkTokenCreateRequest) ([]*item, *refusal) {
	tokens := req.AccessTokens
	if req.AccessToken != "" {
		tokens = append([]gen.AccessToken{req.AccessToken}, tokens...)
	}
	var items []*item
	for _, token := range tokens {
		known, ok := s.accessTokens[string(token)]
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
		ClientName:      &req.ClientName,
		CountryCodes:    req.CountryCodes,
		InitialProducts: req.Products,
		InstitutionData: req.InstitutionData,
		Language:        &req.Language,
		RedirectURI:     nullWhenEmpty(req.RedirectURI),
		UserToken:       req.UserToken,
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

func (s *Sandbox) linkTokenGet(requestID string, req gen.LinkTokenGetRequest) (*gen.LinkTokenGetResponse, *refusal) {
	found, ok := s.linkTokens[req.LinkToken]
	if !ok {
		return nil, refuseUnknown(linkKind, req.LinkToken)
	}
	now := s.now()
	var sessions []gen.LinkTokenGetSessionsResponse
	for _, session := range found.sessions {
		if now.Before(session.FinishedAt.Add(sessionDataLifetime)) {
			sessions = append(sessions, session)
		}
	}
	if found.expired(now) && len(sessions) == 0 {
		return nil, refuseToken(linkKind, "has expired")
	}
	return &gen.LinkTokenGetResponse{
		CreatedAt:    &found.created,
		Expiration:   &found.expires,
		LinkSessions: sessions,
		LinkToken:    found.token,
		Metadata:     found.metadata,
		RequestID:    requestID,
	}, nil
}
