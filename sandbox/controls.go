package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// Control is one of the sandbox's own paths that take a POST, see "Without Go" in the package comment.
type Control struct {
	Name    string // the path below /_sandbox/
	Example string // a body, JSON
}

// Controls returns what [New] makes, sorted by name.
func Controls() []Control {
	var all []Control
	for _, name := range slices.Sorted(maps.Keys(controls)) {
		all = append(all, Control{name, controls[name].example})
	}
	return all
}

// control does what a test without Go asks for by a JSON body, and returns what the response has beside its request_id.
type control func(s *Sandbox, body []byte) (map[string]any, error)

// controls do what the methods of Sandbox do, by path after controlPrefix. The examples have every property that is needed.
var controls = map[string]struct {
	example string
	run     control
}{
	"link/finish": {`{"link_token":"link-sandbox-…","outcome":"success"}`, decoded(finishByControl)},
	"link/correlation_id": {`{"link_token":"link-sandbox-…"}`, decoded(func(s *Sandbox, req struct {
		LinkToken string `json:"link_token"`
	}) (map[string]any, error) {
		id, err := s.CorrelationID(req.LinkToken)
		return map[string]any{"link_correlation_id": id}, err
	})},
	"item/require_login":    {`{"item_id":"…"}`, silent(func(s *Sandbox, req itemRequest) error { return s.RequireLogin(req.ItemID) })},
	"item/repair_elsewhere": {`{"item_id":"…"}`, silent(func(s *Sandbox, req itemRequest) error { return s.RepairElsewhere(req.ItemID) })},
	"item/end_consent": {`{"item_id":"…","seconds":604800}`, silent(func(s *Sandbox, req itemRequest) error {
		left, err := duration("seconds", req.Seconds, time.Second, 0)
		if err == nil {
			err = s.SetConsentExpiration(req.ItemID, s.Now().Add(left))
		}
		return err
	})},
	"item/revoke": {`{"item_id":"…","at":"bank"}`, silent(func(s *Sandbox, req itemRequest) error {
		switch req.At {
		case "plaid":
			return s.RevokeAtPlaid(req.ItemID)
		case "bank":
			return s.RevokeAtBank(req.ItemID)
		}
		return invalidField("at must be plaid or bank")
	})},
	"item/revoke_account": {`{"item_id":"…","account_id":"…"}`, silent(func(s *Sandbox, req itemRequest) error { return s.RevokeAccount(req.ItemID, req.AccountID) })},
	"advance": {`{"seconds":1800}`, silent(func(s *Sandbox, req struct {
		Seconds int64 `json:"seconds"`
	}) error {
		d, err := duration("seconds", req.Seconds, time.Second, -maxDuration)
		if err == nil {
			s.Advance(d)
		}
		return err
	})},
	"fail": {`{"operation":"linkTokenGet","fault":"html","status":502}`, silent(failByControl)},
	"rate_limit": {`{"operation":"linkTokenGet","requests":15,"seconds":60}`, silent(func(s *Sandbox, req struct {
		Operation string `json:"operation"`
		Requests  int    `json:"requests"`
		Seconds   int64  `json:"seconds"`
	}) error {
		period, err := duration("seconds", req.Seconds, time.Second, 0)
		if err == nil {
			err = s.LimitRate(req.Operation, req.Requests, period)
		}
		return err
	})},
	"latency": {`{"milliseconds":300}`, silent(func(s *Sandbox, req struct {
		Milliseconds int64 `json:"milliseconds"`
	}) error {
		d, err := duration("milliseconds", req.Milliseconds, time.Millisecond, 0)
		if err == nil {
			s.SetLatency(d)
		}
		return err
	})},
	"profile": {`{"phone_number":"+14155550123"}`, silent(func(s *Sandbox, req struct {
		PhoneNumber string `json:"phone_number"`
	}) error {
		if !e164.MatchString(req.PhoneNumber) {
			return invalidField("phone_number must be in E.164 form, such as +14155550123")
		}
		s.AddProfile(req.PhoneNumber)
		return nil
	})},
	"webhook/repeat": {`{"id":"…"}`, silent(func(s *Sandbox, req struct {
		ID string `json:"id"`
	}) error {
		return s.RepeatWebhook(req.ID)
	})},
	"webhook/rotate_key": {`{}`, decoded(func(s *Sandbox, _ struct{}) (map[string]any, error) {
		s.signer.Rotate()
		return map[string]any{"key_id": s.WebhookKeyID()}, nil
	})},
}

// decoded decodes the body for fn. A property that it does not know is refused, as it is a mistake in the test.
func decoded[Req any](fn func(*Sandbox, Req) (map[string]any, error)) control {
	return func(s *Sandbox, body []byte) (map[string]any, error) {
		var req Req
		if err := decodeValid(body, &req, json.RejectUnknownMembers(true)); err != nil {
			return nil, err
		}
		return fn(s, req)
	}
}

// silent is decoded for what returns nothing.
func silent[Req any](fn func(*Sandbox, Req) error) control {
	return decoded(func(s *Sandbox, req Req) (map[string]any, error) { return nil, fn(s, req) })
}

// maxDuration is the longest time of a control, and the farthest that one moves the clock: more than any lifetime.
const maxDuration = 366 * 24 * time.Hour

// duration reads a property that is a number of units, from least to maxDuration.
func duration(property string, number int64, unit, least time.Duration) (time.Duration, error) {
	lowest, highest := int64(least/unit), int64(maxDuration/unit)
	if number < lowest || number > highest {
		return 0, invalidField("%s must be %d to %d", property, lowest, highest)
	}
	return time.Duration(number) * unit, nil
}

type finishRequest struct {
	LinkToken     string                            `json:"link_token"`
	Outcome       string                            `json:"outcome"`        // success or exit
	InstitutionID string                            `json:"institution_id"` // may be empty
	ErrorType     gen.PlaidErrorType                `json:"error_type"`     // of an exit; may be empty
	ErrorCode     string                            `json:"error_code"`     // goes with it
	Status        gen.LinkSessionExitMetadataStatus `json:"status"`         // of an exit; may be empty
}

func finishByControl(s *Sandbox, req finishRequest) (map[string]any, error) {
	outcome, at, failed := Outcome{}, Institution{ID: req.InstitutionID}, req.ErrorType != "" || req.ErrorCode != ""
	switch {
	case at.ID != "" && !institutionPattern.MatchString(at.ID):
		return nil, invalidField(badInstitution)
	case req.Outcome == "exit":
		outcome = Exited(Exit{Status: req.Status})
		if at.ID != "" {
			outcome.Exit.Institution = &at
		}
		if failed {
			outcome.Exit.Error = &gen.PlaidError{ErrorType: req.ErrorType, ErrorCode: req.ErrorCode, ErrorMessage: "the test asked for this error"}
		}
	case req.Outcome != "success":
		return nil, invalidField("outcome must be success or exit")
	case failed || req.Status != "":
		return nil, invalidField("error_type, error_code and status are those of an exit")
	case at.ID != "":
		outcome = Success(Item{Institution: at})
	}
	finished, err := s.FinishLink(req.LinkToken, outcome)
	return map[string]any{
		"link_session_id": finished.LinkSessionID,
		"public_tokens":   append([]string{}, finished.PublicTokens...),
		"item_ids":        append([]string{}, finished.ItemIDs...),
		"key_id":          s.WebhookKeyID(),
	}, err
}

// itemRequest names an Item, and what happens to it.
type itemRequest struct {
	ItemID    string `json:"item_id"`
	At        string `json:"at"`         // of a revocation: plaid or bank
	AccountID string `json:"account_id"` // of the revocation of an account
	Seconds   int64  `json:"seconds"`    // until consent ends
}

// failRequest is Fail without Go.
type failRequest struct {
	Operation    string              `json:"operation"` // operationId
	Fault        string              `json:"fault"`     // error, html, drop, drop_response or slow
	Times        int                 `json:"times"`     // requests that meet it; 0 is 1
	Status       int                 `json:"status"`    // of error and html
	ErrorType    plaidlink.ErrorType `json:"error_type"`
	ErrorCode    plaidlink.ErrorCode `json:"error_code"`
	ErrorMessage string              `json:"error_message"`
	RetryAfter   string              `json:"retry_after"`  // header; may be empty
	Milliseconds int64               `json:"milliseconds"` // of slow
}

func failByControl(s *Sandbox, req failRequest) error {
	d, err := duration("milliseconds", req.Milliseconds, time.Millisecond, 0)
	if err != nil && req.Fault == "slow" {
		return err
	}
	fault, known := map[string]Fault{
		"error":         PlaidError(req.Status, req.ErrorType, req.ErrorCode, req.ErrorMessage),
		"html":          HTML(req.Status),
		"drop":          Drop(),
		"drop_response": DropResponse(),
		"slow":          Slow(d),
	}[req.Fault]
	switch {
	case !known:
		return invalidField("fault must be error, html, drop, drop_response or slow")
	case req.Times < 0 || req.Times > maxQueued:
		return invalidField("times must be 0 to %d", maxQueued)
	case req.RetryAfter != "":
		fault = fault.RetryAfter(req.RetryAfter)
	}
	return s.Fail(req.Operation, slices.Repeat([]Fault{fault}, cmp.Or(req.Times, 1))...)
}
