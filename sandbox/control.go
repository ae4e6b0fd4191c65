package sandbox

import (
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

// control does what a test without Go asks for by a JSON body, and returns what the response has beside its request_id.
type control func(s *Sandbox, body []byte) (map[string]any, error)

// controls do what the methods of Sandbox do, by path after controlPrefix.
var controls = map[string]control{
	"link/finish":           decoded(finishByControl),
	"link/correlation_id":   decoded(correlationIDByControl),
	"item/require_login":    onItem(requireLoginByControl),
	"item/repair_elsewhere": onItem(repairByControl),
	"item/end_consent":      onItem(endConsentByControl),
	"item/revoke":           onItem(revokeByControl),
	"item/revoke_account":   onItem(revokeAccountByControl),
	"advance":               decoded(advanceByControl),
	"fail":                  decoded(failByControl),
	"rate_limit":            decoded(limitRateByControl),
	"latency":               decoded(setLatencyByControl),
	"profile":               decoded(addProfileByControl),
	"webhook/repeat":        decoded(repeatWebhookByControl),
	"webhook/rotate_key":    decoded(rotateKeyByControl),
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

// serveControl serves the sandbox's own paths.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	if err := s.checkControl(w, r); err != nil {
		s.respondError(w, err)
		return
	}
	switch path := strings.TrimPrefix(r.URL.Path, controlPrefix); {
	case r.Method == http.MethodPost && controls[path] != nil && r.Header.Get("Content-Type") == formType:
		s.serveForm(w, r, controls[path], body, readErr)
	case r.Method == http.MethodPost && controls[path] != nil:
		response, err := s.runControl(controls[path], r.Header, body, readErr)
		if err != nil {
			s.respondError(w, err)
			return
		}
		respond(w, http.StatusOK, response)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		s.respondError(w, notFound())
	case r.URL.Path == page.StylesheetPath:
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(page.Stylesheet())
	case r.URL.Path == healthPath:
		respond(w, http.StatusOK, map[string]any{"request_id": s.ids.requestID()})
	case path == "state":
		respond(w, http.StatusOK, s.State())
	case path == "":
		view := s.statePage()
		view.Held = r.URL.Query().Has("hold")
		if id := r.URL.Query().Get("request"); id != "" {
			view.Shown = s.shownRequest(id)
		}
		servePage(w, show(view))
	default:
		s.respondError(w, notFound())
	}
}

func (s *Sandbox) runControl(run control, header http.Header, body []byte, readErr error) (map[string]any, error) {
	if err := checkHeaders(header); err != nil { // a web page cannot send this Content-Type unasked
		return nil, err
	}
	if _, err := decodeObject(body, readErr); err != nil {
		return nil, err
	}
	if len(body) > maxControlBody {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body is larger than %d bytes", maxControlBody)
	}
	properties, err := run(s, body)
	response := map[string]any{"request_id": s.ids.requestID()}
	for name, value := range properties {
		response[name] = value
	}
	return response, err
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
	outcome, err := req.asOutcome()
	if err != nil {
		return nil, err
	}
	finished, err := s.finish(req.LinkToken, outcome)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"link_session_id": finished.LinkSessionID,
		"public_tokens":   append([]string{}, finished.PublicTokens...),
		"item_ids":        append([]string{}, finished.ItemIDs...),
		"key_id":          s.WebhookKeyID(),
	}, nil
}

func (r finishRequest) asOutcome() (outcome Outcome, err error) {
	if r.InstitutionID != "" && !institutionPattern.MatchString(r.InstitutionID) {
		return outcome, invalidField(badInstitution)
	}
	switch r.Outcome {
	case "success":
		if r.ErrorType != "" || r.ErrorCode != "" || r.Status != "" {
			return outcome, invalidField("error_type, error_code and status are those of an exit")
		}
		if r.InstitutionID != "" {
			outcome = Success(Item{Institution: Institution{ID: r.InstitutionID}})
		}
	case "exit":
		outcome = Exited(Exit{Status: r.Status})
		if r.InstitutionID != "" {
			outcome.Exit.Institution = &Institution{ID: r.InstitutionID}
		}
		if r.ErrorType != "" || r.ErrorCode != "" {
			outcome.Exit.Error = &gen.PlaidError{ErrorType: r.ErrorType, ErrorCode: r.ErrorCode, ErrorMessage: "the test asked for this error"}
		}
	default:
		return outcome, invalidField("outcome must be success or exit")
	}
	return outcome, nil
}

func correlationIDByControl(s *Sandbox, req struct {
	LinkToken string `json:"link_token"`
}) (map[string]any, error) {
	id, err := s.CorrelationID(req.LinkToken)
	return map[string]any{"link_correlation_id": id}, err
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

func advanceByControl(s *Sandbox, req struct {
	Seconds int64 `json:"seconds"`
}) (map[string]any, error) {
	d, err := duration("seconds", req.Seconds, time.Second, -maxDuration)
	if err == nil {
		s.Advance(d)
	}
	return nil, err
}
