package sandbox

import (
	"fmt"
	"slices"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// faultRequest is Fail without Go.
type faultRequest struct {
	Operation    string              `json:"operation"` // operationId
	Fault        string              `json:"fault"`     // error, html, drop, drop_answer or slow
	Times        int                 `json:"times"`     // requests that meet it; 0 is 1
	Status       int                 `json:"status"`    // of error and html
	ErrorType    plaidlink.ErrorType `json:"error_type"`
	ErrorCode    plaidlink.ErrorCode `json:"error_code"`
	ErrorMessage string              `json:"error_message"`
	RetryAfter   string              `json:"retry_after"`  // header; may be empty
	Milliseconds int64               `json:"milliseconds"` // of slow
}

func (s *Sandbox) controlFail(req faultRequest) (any, *refusal) {
	if req.Times == 0 {
		req.Times = 1
	}
	fault, err := req.fault()
	if err == nil && (req.Times < 0 || req.Times > maxQueued) {
		err = fmt.Errorf("times must be 0 to %d", maxQueued)
	}
	if err != nil {
		return s.done(err)
	}
	if req.RetryAfter != "" {
		fault = fault.RetryAfter(req.RetryAfter)
	}
	return s.done(s.Fail(req.Operation, slices.Repeat([]Fault{fault}, req.Times)...))
}

func (r faultRequest) fault() (Fault, error) {
	switch r.Fault {
	case "error":
		return PlaidError(r.Status, r.ErrorType, r.ErrorCode, r.ErrorMessage), nil
	case "html":
		return HTML(r.Status), nil
	case "drop":
		return Drop(), nil
	case "drop_answer":
		return DropAnswer(), nil
	case "slow":
		d, err := wait("milliseconds", r.Milliseconds, time.Millisecond, 0)
		return Slow(d), err
	}
	return nil, fmt.Errorf("fault must be error, html, drop, drop_answer or slow")
}

func (s *Sandbox) controlRateLimit(req struct {
	Operation string `json:"operation"`
	Requests  int    `json:"requests"`
	Seconds   int64  `json:"seconds"`
}) (any, *refusal) {
	period, err := wait("seconds", req.Seconds, time.Second, 0)
	if err == nil {
		err = s.LimitRate(req.Operation, req.Requests, period)
	}
	return s.done(err)
}

func (s *Sandbox) controlLatency(req struct {
	Milliseconds int64 `json:"milliseconds"`
}) (any, *refusal) {
	d, err := wait("milliseconds", req.Milliseconds, time.Millisecond, 0)
	if err == nil {
		s.SetLatency(d)
	}
	return s.done(err)
}

func (s *Sandbox) controlProfile(req struct {
	PhoneNumber string `json:"phone_number"`
}) (any, *refusal) {
	if !e164.MatchString(req.PhoneNumber) {
		return s.done(fmt.Errorf("phone_number must be in E.164 form, such as +14155550123"))
	}
	s.AddProfile(req.PhoneNumber)
	return s.done(nil)
}

func (s *Sandbox) controlRepeatWebhook(req struct {
	ID string `json:"id"`
}) (any, *refusal) {
	return s.done(s.RepeatWebhook(req.ID))
}

func (s *Sandbox) controlRotateKey(struct{}) (any, *refusal) {
	s.signer.Rotate()
	return s.done(nil)
}
