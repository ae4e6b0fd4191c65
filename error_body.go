package plaidlink

import (
	"regexp"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// apiError is what Plaid says in the body of a failure.
type apiError struct {
	code    ErrorCode
	members map[string]jsontext.Value
}

// readAPIError reads a body that may be anything. Members of an unexpected type are passed over one by one, so that
// nothing else is lost.
func readAPIError(answer transport.Answer) apiError {
	var e apiError
	err := json.Unmarshal(answer.Body, &e.members, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if err != nil {
		e.members = nil
	}
	e.code = ErrorCode(e.text("error_code"))
	return e
}

func (e apiError) text(name string) string {
	var s string
	if json.Unmarshal(e.members[name], &s, jsontext.AllowInvalidUTF8(true)) != nil {
		return ""
	}
	return s
}

func (e apiError) fill(to *Error, mask func(string) string) {
	to.Type = ErrorType(mask(e.text("error_type")))
	to.Code = ErrorCode(mask(string(e.code)))
	to.CodeReason = mask(e.text("error_code_reason"))
	to.Message = mask(e.text("error_message"))
	to.DisplayMessage = mask(e.text("display_message"))
	to.RequestID = mask(e.text("request_id"))
	to.DocumentationURL = mask(e.text("documentation_url"))
	to.SuggestedAction = mask(e.text("suggested_action"))
}

// tokens are Plaid's, of any environment.
var tokens = regexp.MustCompile(`(access|public|link|processor|user)-(sandbox|development|production)-[0-9A-Za-z-]+`)

// mask makes a text safe to show: without the secret and without tokens.
func (c *Client) mask(text string) string {
	return tokens.ReplaceAllString(string(c.scrub([]byte(text))), "$1-$2-"+redacted)
}
