package sandbox

import (
	"regexp"

	"github.com/plaidlink/plaidlink-go/gen"
)

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
	matches, _ := st.profiles.get(req.User.PhoneNumber)
	return &gen.LinkProfileEligibilityCheckResponse{ProfileMatches: matches, RequestID: in.requestID}, nil
}
