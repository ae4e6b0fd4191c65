package sandbox

import (
	"net/http"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

const (
	controlPrefix = "/_sandbox/" // outside Plaid's paths
	finishPath    = controlPrefix + "link/finish"
)

// finishAnswer is the answer of the control endpoint.
type finishAnswer struct {
	LinkSessionID string   `json:"link_session_id"`
	PublicTokens  []string `json:"public_tokens"`
	RequestID     string   `json:"request_id"`
}

// serveControl answers what clients without Go do for the user.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	if r.URL.Path != finishPath || r.Method != http.MethodPost {
		respondRefusal(w, notFound())
		return
	}
	answer, refused := s.finishByRequest(r.Header, body, readErr)
	if refused != nil {
		respondRefusal(w, refused)
		return
	}
	respond(w, http.StatusOK, answer)
}

func (s *Sandbox) finishByRequest(header http.Header, body []byte, readErr error) (*finishAnswer, *refusal) {
	if refused := checkHeaders(header); refused != nil { // a web page cannot send this Content-Type unasked
		return nil, refused
	}
	if _, refused := decodeObject(body, readErr); refused != nil {
		return nil, refused
	}
	var req struct {
		LinkToken string `json:"link_token"`
		Outcome   string `json:"outcome"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return nil, invalidRequest(plaidlink.CodeInvalidField, "link_token and outcome must be strings")
	}
	outcomes := map[string]Outcome{"success": Success(), "exit": Exited(Exit{})}
	outcome, ok := outcomes[req.Outcome]
	if !ok {
		return nil, invalidRequest(plaidlink.CodeInvalidField, "outcome must be success or exit")
	}
	session, refused := s.finish(req.LinkToken, outcome)
	if refused != nil {
		return nil, refused
	}
	answer := &finishAnswer{LinkSessionID: session.LinkSessionID, RequestID: newRequestID()}
	if session.Results != nil {
		for _, result := range session.Results.ItemAddResults {
			answer.PublicTokens = append(answer.PublicTokens, result.PublicToken)
		}
	}
	return answer, nil
}
