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

func (e apiError) fill(to *Error, scrub func(string) string) {
	to.Type = ErrorType(scrub(e.text("error_type")))
	to.Code = ErrorCode(scrub(string(e.code)))
	to.CodeReason = scrub(e.text("error_code_reason"))
	to.Message = scrub(e.text("error_message"))
	to.DisplayMessage = scrub(e.text("display_message"))
	to.RequestID = scrub(e.text("request_id"))
	to.DocumentationURL = scrub(e.text("documentation_url"))
	to.SuggestedAction = scrub(e.text("suggested_action"))
}

// tokens are Plaid's, of any environment.
var tokens = regexp.MustCompile(`\b(access|public|link|processor|user)-(sandbox|development|production)-[0-9A-Za-z-]+`)

func maskTokens(text string) string { return tokens.ReplaceAllString(text, "$1-$2-"+redacted) }
