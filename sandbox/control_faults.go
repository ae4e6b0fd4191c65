package sandbox

import (
	"slices"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

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

func failByControl(s *Sandbox, req failRequest) (map[string]any, error) {
	fault, err := req.makeFault()
	if err != nil {
		return nil, err
	}
	if req.Times == 0 {
		req.Times = 1
	}
	if req.Times < 0 || req.Times > maxQueued {
		return nil, invalidField("times must be 0 to %d", maxQueued)
	}
	if req.RetryAfter != "" {
		fault = fault.RetryAfter(req.RetryAfter)
	}
	return nil, s.Fail(req.Operation, slices.Repeat([]Fault{fault}, req.Times)...)
}

func (r failRequest) makeFault() (Fault, error) {
	switch r.Fault {
	case "error":
		return PlaidError(r.Status, r.ErrorType, r.ErrorCode, r.ErrorMessage), nil
	case "html":
		return HTML(r.Status), nil
	case "drop":
		return Drop(), nil
	case "drop_response":
		return DropResponse(), nil
	case "slow":
		d, err := duration("milliseconds", r.Milliseconds, time.Millisecond, 0)
		return Slow(d), err
	}
	return nil, invalidField("fault must be error, html, drop, drop_response or slow")
}

func limitRateByControl(s *Sandbox, req struct {
	Operation string `json:"operation"`
	Requests  int    `json:"requests"`
	Seconds   int64  `json:"seconds"`
}) (map[string]any, error) {
	period, err := duration("seconds", req.Seconds, time.Second, 0)
	if err == nil {
		err = s.LimitRate(req.Operation, req.Requests, period)
	}
	return nil, err
}

func setLatencyByControl(s *Sandbox, req struct {
	Milliseconds int64 `json:"milliseconds"`
}) (map[string]any, error) {
	d, err := duration("milliseconds", req.Milliseconds, time.Millisecond, 0)
	if err == nil {
		s.SetLatency(d)
	}
	return nil, err
}

func addProfileByControl(s *Sandbox, req struct {
	PhoneNumber string `json:"phone_number"`
}) (map[string]any, error) {
	if !e164.MatchString(req.PhoneNumber) {
		return nil, invalidField("phone_number must be in E.164 form, such as +14155550123")
	}
	s.AddProfile(req.PhoneNumber)
	return nil, nil
}

func repeatWebhookByControl(s *Sandbox, req struct {
	ID string `json:"id"`
}) (map[string]any, error) {
	return nil, s.RepeatWebhook(req.ID)
}

func rotateKeyByControl(s *Sandbox, _ struct{}) (map[string]any, error) {
	s.signer.Rotate()
	return map[string]any{"key_id": s.WebhookKeyID()}, nil
}
