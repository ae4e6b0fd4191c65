package sandbox

import (
	"regexp"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// AddProfile saves a profile for a phone number in E.164 form, such as +14155550123: from then on
// /link/profile/eligibility/check answers profile_matches true for it, in any session. For other numbers it is false.
func (s *Sandbox) AddProfile(phoneNumber string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profiles[phoneNumber] = true
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`)

func (s *Sandbox) linkProfileEligibilityCheck(requestID string, req gen.LinkProfileEligibilityCheckRequest) (*gen.LinkProfileEligibilityCheckResponse, *refusal) {
	if !e164.MatchString(req.User.PhoneNumber) {
		return nil, invalidRequest(plaidlink.CodeInvalidField, "user.phone_number must be in E.164 form, such as +14155550123")
	}
	return &gen.LinkProfileEligibilityCheckResponse{ProfileMatches: s.profiles[req.User.PhoneNumber], RequestID: requestID}, nil
}
