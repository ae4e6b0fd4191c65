package plaidlink

import (
	"bytes"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// apiError is the body of a failure, by property.
type apiError map[string]jsontext.Value

// readAPIError reads a body that may be anything, and may be cut off: what is whole before the end is kept. Of a name that
// appears twice the last value counts.
func readAPIError(body []byte) apiError {
	e := apiError{}
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if token, err := dec.ReadToken(); err != nil || token.Kind() != '{' {
		return nil
	}
	for {
		name, err := dec.ReadToken()
		if err != nil || name.Kind() != '"' {
			return e
		}
		key := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return e
		}
		e[key] = value.Clone()
	}
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
