package sandbox

import (
	"cmp"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// WithLegacyUsers makes /user/create as it is for integrations that called it before 2025-12-10: users have a user_token, a
// user_id that no request takes, and no identity; a client_user_id can be created once, forever. A request with
// with_upgraded_user makes a user of the present API.
func WithLegacyUsers() Option {
	return func(s *Sandbox) { s.store.legacyUsers = true }
}

// userRecord is a Plaid user.
type userRecord struct {
	id           string
	token        string // in the older API; empty in the present one
	clientUserID string
	identity     *gen.ClientUserIdentity

	created, updated time.Time
	removed          bool
}

// key returns what requests name the user by.
func (u *userRecord) key() string { return cmp.Or(u.token, u.id) }

// namedUser is findUser, or nil where neither is given.
func (st *store) namedUser(id, token string) (*userRecord, error) {
	if id == "" && token == "" {
		return nil, nil
	}
	return st.findUser(id, token)
}

// findUser returns the user of a user_id or user_token, of which one must be given. Old users pass the value of their
// user_token in user_id.
func (st *store) findUser(id, token string) (*userRecord, error) {
	switch {
	case id == "" && token == "":
		return nil, invalidRequest(plaidlink.CodeMissingFields, "user_id or user_token must be set")
	case id != "" && token != "":
		return nil, invalidField("user_id and user_token must not both be set")
	}
	user, ok := st.users.values[id+token]
	switch {
	case ok && !user.removed && (id != "" || user.token != ""):
		return user, nil
	case token != "":
		return nil, invalidToken(userKind, "is unknown, or its user was removed")
	}
	return nil, refuse(http.StatusBadRequest, plaidlink.TypeUserError, plaidlink.CodeUserNotFound, "the user_id is unknown, or its user was removed")
}

// userCreate returns 201 for a new user, and 200 for a known one.
func (st *store) userCreate(in incoming, req gen.UserCreateRequest) (any, error) {
	legacy := st.legacyUsers && !orZero(req.WithUpgradedUser)
	known := st.clientUsers[req.ClientUserID]
	switch {
	case legacy && req.Identity != nil:
		return nil, invalidField("identity needs with_upgraded_user")
	case !legacy && req.ConsumerReportUserIdentity != nil:
		return nil, invalidField("consumer_report_user_identity is of the older API: set identity")
	case known != nil && (legacy || known.token != ""):
		return nil, invalidField("client_user_id has a user already")
	}
	if err := checkIdentity(orZero(req.Identity)); err != nil {
		return nil, err
	}
	if known != nil {
		return &gen.UserCreateResponse{UserID: known.id, RequestID: in.requestID}, nil
	}
	now := st.clock.now()
	user := &userRecord{id: "usr_" + st.ids.id(16), clientUserID: req.ClientUserID, identity: req.Identity, created: now, updated: now}
	if legacy {
		user.id, user.token = st.ids.id(32), st.ids.token(userKind)
	}
	st.users.put(user.key(), user)
	st.clientUsers[user.clientUserID] = user
	return created{&gen.UserCreateResponse{UserID: user.id, UserToken: user.token, RequestID: in.requestID}}, nil
}

var (
	emailAddress = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	postalPlace  = regexp.MustCompile(`^[A-Z]{2}$`)
)

// checkIdentity refuses personal data that cannot be right.
func checkIdentity(identity gen.ClientUserIdentity) error {
	bad := func(broken bool, field, expected string) rule {
		return rule{broken, refuse(http.StatusForbidden, plaidlink.TypeUserError, plaidlink.CodeInvalidUserIdentityData, "identity.%s must be %s", field, expected)}
	}
	badNumber := func(number gen.ClientUserIdentityPhoneNumber) bool { return !e164.MatchString(number.Data) }
	badEmail := func(email gen.ClientUserIdentityEmail) bool { return !emailAddress.MatchString(email.Data) }
	badPlace := func(address gen.ClientUserIdentityAddress) bool {
		return !postalPlace.MatchString(string(address.Country))
	}
	name := orZero(identity.Name)
	return firstBroken(
		bad(slices.ContainsFunc(identity.PhoneNumbers, badNumber), "phone_numbers.data", "in E.164 form, such as +14155550123"),
		bad(slices.ContainsFunc(identity.Emails, badEmail), "emails.data", "an e-mail address"),
		bad(slices.ContainsFunc(identity.Addresses, badPlace), "addresses.country", "a country code of two letters, such as US"),
		bad(identity.Name != nil && (strings.TrimSpace(name.GivenName) == "" || strings.TrimSpace(name.FamilyName) == ""),
			"name", "a given_name and a family_name"),
	)
}

func (st *store) userGet(in incoming, req gen.UserGetRequest) (*gen.UserGetResponse, error) {
	user, err := st.findUser(req.UserID, "")
	if err == nil && user.token != "" {
		err = refuse(http.StatusBadRequest, plaidlink.TypeUserError, plaidlink.CodeUserNotFound, "the user is of the older API, which cannot be read")
	}
	if err != nil {
		return nil, err
	}
	return &gen.UserGetResponse{
		UserID: user.id, ClientUserID: new(user.clientUserID), Identity: user.identity,
		CreatedAt: user.created, UpdatedAt: user.updated, RequestID: in.requestID,
	}, nil
}

func (st *store) userUpdate(in incoming, req gen.UserUpdateRequest) (*gen.UserUpdateResponse, error) {
	user, err := st.findUser(req.UserID, req.UserToken)
	if err != nil {
		return nil, err
	}
	if user.token != "" && req.Identity != nil || user.token == "" && req.ConsumerReportUserIdentity != nil {
		return nil, invalidField("identity is of the present API, and consumer_report_user_identity of the older one")
	}
	if err := checkIdentity(orZero(req.Identity)); err != nil {
		return nil, err
	}
	user.identity, user.updated = merged(user.identity, req.Identity), st.clock.now()
	return &gen.UserUpdateResponse{RequestID: in.requestID}, nil
}

// merged returns the old identity with what the new one has in its place. Both stay as they are.
func merged(old, with *gen.ClientUserIdentity) *gen.ClientUserIdentity {
	if old == nil || with == nil {
		return cmp.Or(with, old)
	}
	all, changes := *old, *with
	changes.ExtraFields = nil
	into, from := reflect.ValueOf(&all).Elem(), reflect.ValueOf(changes)
	for i := range from.NumField() {
		if !from.Field(i).IsZero() {
			into.Field(i).Set(from.Field(i))
		}
	}
	return &all
}

// userRemove removes a user with every Item of it. In the older API the client_user_id stays taken.
func (st *store) userRemove(in incoming, req gen.UserRemoveRequest) (*gen.UserRemoveResponse, error) {
	user, err := st.findUser(req.UserID, req.UserToken)
	if err != nil {
		return nil, err
	}
	if user.removed = true; user.token == "" {
		st.users.remove(user.key())
		delete(st.clientUsers, user.clientUserID)
	}
	for _, item := range st.items.all() {
		if item.user == user {
			st.removeItem(item)
		}
	}
	return &gen.UserRemoveResponse{RequestID: in.requestID}, nil
}

// AddProfile saves a profile for a phone number in E.164 form, such as +14155550123: from then on
// /link/profile/eligibility/check responds with profile_matches true for it, in any session. For other numbers it is false.
func (s *Sandbox) AddProfile(phoneNumber string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.profiles.put(phoneNumber, true)
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`)

func (st *store) linkProfileEligibilityCheck(in incoming, req gen.LinkProfileEligibilityCheckRequest) (*gen.LinkProfileEligibilityCheckResponse, error) {
	if !e164.MatchString(req.User.PhoneNumber) {
		return nil, invalidField("user.phone_number must be in E.164 form, such as +14155550123")
	}
	matches, _ := st.profiles.values[req.User.PhoneNumber]
	return &gen.LinkProfileEligibilityCheckResponse{ProfileMatches: matches, RequestID: in.requestID}, nil
}
