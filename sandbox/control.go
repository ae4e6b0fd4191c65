package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const (
	controlPrefix  = "/_sandbox/" // outside Plaid's paths
	maxControlBody = 16 << 10     // bytes, as the sandbox keeps texts of some
)

// control does what a test without Go asks for, by its JSON body.
type control func(s *Sandbox, body []byte) (any, *refusal)

// controls have what the methods of Sandbox do, by path after controlPrefix.
var controls = map[string]control{
	"link/finish":         controlled((*Sandbox).controlFinish),
	"link/correlation_id": controlled((*Sandbox).controlCorrelationID),
	"advance":             controlled((*Sandbox).controlAdvance),
	"fail":                controlled((*Sandbox).controlFail),
	"rate_limit":          controlled((*Sandbox).controlRateLimit),
	"latency":             controlled((*Sandbox).controlLatency),
	"profile":             controlled((*Sandbox).controlProfile),
	"webhook/repeat":      controlled((*Sandbox).controlRepeatWebhook),
	"webhook/rotate_key":  controlled((*Sandbox).controlRotateKey),
}

// controlled decodes the body for fn. A member that it does not know is refused, as it is a mistake in the test.
func controlled[Req any](fn func(*Sandbox, Req) (any, *refusal)) control {
	return func(s *Sandbox, body []byte) (any, *refusal) {
		var req Req
		if refused := decodeValid(body, &req, json.RejectUnknownMembers(true)); refused != nil {
			return nil, refused
		}
		return fn(s, req)
	}
}

// serveControl serves the sandbox's own paths.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	switch path := strings.TrimPrefix(r.URL.Path, controlPrefix); {
	case r.Method == http.MethodPost && controls[path] != nil:
		answer, refused := s.control(controls[path], r.Header, body, readErr)
		if refused != nil {
			s.respondRefusal(w, refused)
			return
		}
		respond(w, http.StatusOK, answer)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		s.respondRefusal(w, notFound())
	case r.URL.Path == page.StylesheetPath:
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(page.Stylesheet())
	case path == "state":
		respond(w, http.StatusOK, s.State())
	case path == "":
		servePage(w, show(s.statePage()))
	default:
		s.respondRefusal(w, notFound())
	}
}

func (s *Sandbox) control(do control, header http.Header, body []byte, readErr error) (any, *refusal) {
	if refused := checkHeaders(header); refused != nil { // a web page cannot send this Content-Type unasked
		return nil, refused
	}
	if _, refused := decodeObject(body, readErr); refused != nil {
		return nil, refused
	}
	if len(body) > maxControlBody {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body is larger than %d bytes", maxControlBody)
	}
	return do(s, body)
}

// done is the answer of controls that give nothing.
func (s *Sandbox) done(err error) (any, *refusal) {
	if err != nil {
		return nil, invalidRequest(plaidlink.CodeInvalidField, "%v", err)
	}
	return struct {
		RequestID string `json:"request_id"`
	}{s.ids.requestID()}, nil
}

type finishRequest struct {
	LinkToken     string                            `json:"link_token"`
	Outcome       string                            `json:"outcome"`        // success or exit
	InstitutionID string                            `json:"institution_id"` // may be empty
	ErrorType     gen.PlaidErrorType                `json:"error_type"`     // of an exit; may be empty
	ErrorCode     string                            `json:"error_code"`     // goes with it
	Status        gen.LinkSessionExitMetadataStatus `json:"status"`         // of an exit; may be empty
}

type finishAnswer struct {
	LinkSessionID string   `json:"link_session_id"`
	PublicTokens  []string `json:"public_tokens"`
	RequestID     string   `json:"request_id"`
}

func (s *Sandbox) controlFinish(req finishRequest) (any, *refusal) {
	if req.InstitutionID != "" && !institutionID.MatchString(req.InstitutionID) {
		return nil, invalidRequest(plaidlink.CodeInvalidField, badInstitution)
	}
	var outcome Outcome
	switch req.Outcome {
	case "success":
		if req.ErrorType != "" || req.ErrorCode != "" || req.Status != "" {
			return nil, invalidRequest(plaidlink.CodeInvalidField, "error_type, error_code and status are those of an exit")
		}
		if req.InstitutionID != "" {
			outcome = Success(Item{Institution: Institution{ID: req.InstitutionID}})
		}
	case "exit":
		outcome = Exited(Exit{Status: req.Status})
		if req.InstitutionID != "" {
			outcome.Exit.Institution = &Institution{ID: req.InstitutionID}
		}
		if req.ErrorType != "" || req.ErrorCode != "" {
			outcome.Exit.Error = &gen.PlaidError{ErrorType: req.ErrorType, ErrorCode: req.ErrorCode, ErrorMessage: "the test asked for this error"}
		}
	default:
		return nil, invalidRequest(plaidlink.CodeInvalidField, "outcome must be success or exit")
	}
	session, refused := s.finish(req.LinkToken, outcome)
	if refused != nil {
		return nil, refused
	}
	answer := &finishAnswer{LinkSessionID: session.shown.LinkSessionID, PublicTokens: []string{}, RequestID: s.ids.requestID()}
	if session.shown.Results != nil {
		for _, result := range session.shown.Results.ItemAddResults {
			answer.PublicTokens = append(answer.PublicTokens, result.PublicToken)
		}
	}
	return answer, nil
}

func (s *Sandbox) controlCorrelationID(req struct {
	LinkToken string `json:"link_token"`
}) (any, *refusal) {
	id, err := s.CorrelationID(req.LinkToken)
	if err != nil {
		return s.done(err)
	}
	return struct {
		LinkCorrelationID string `json:"link_correlation_id"`
		RequestID         string `json:"request_id"`
	}{id, s.ids.requestID()}, nil
}

// maxWait is the longest time of a control, and the farthest that one moves the clock: more than any lifetime.
const maxWait = 366 * 24 * time.Hour

// wait is a member of a control that says how long, as a number of units, from least to maxWait.
func wait(member string, number int64, unit, least time.Duration) (time.Duration, error) {
	lowest, highest := int64(least/unit), int64(maxWait/unit)
	if number < lowest || number > highest {
		return 0, fmt.Errorf("%s must be %d to %d", member, lowest, highest)
	}
	return time.Duration(number) * unit, nil
}

func (s *Sandbox) controlAdvance(req struct {
	Seconds int64 `json:"seconds"`
}) (any, *refusal) {
	d, err := wait("seconds", req.Seconds, time.Second, -maxWait)
	if err == nil {
		s.Advance(d)
	}
	return s.done(err)
}
