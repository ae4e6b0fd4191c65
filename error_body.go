package plaidlink

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// apiError is what Plaid says in the body of a failure, by member.
type apiError map[string]jsontext.Value

// readAPIError reads a body that may be anything. Members of an unexpected type are passed over one by one, so that
// nothing else is lost.
func readAPIError(body []byte) apiError {
	var e apiError
	if json.Unmarshal(body, &e, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)) != nil {
		return nil
	}
	return e
}

func (e apiError) fill(to *Error, mask func(string) string) {
	text := func(name string) string {
		var s string
		if json.Unmarshal(e[name], &s, jsontext.AllowInvalidUTF8(true)) != nil {
			return ""
		}
		return mask(s)
	}
	to.Type = ErrorType(text("error_type"))
	to.Code = ErrorCode(text("error_code"))
	to.CodeReason = text("error_code_reason")
	to.Message = text("error_message")
	to.DisplayMessage = text("display_message")
	to.RequestID = text("request_id")
	to.DocumentationURL = text("documentation_url")
	to.SuggestedAction = text("suggested_action")
}

// mask makes a text safe to show: without the secret and without tokens.
func (c *Client) mask(text string) string {
	return safe.Tokens(string(c.scrub([]byte(text))))
}
