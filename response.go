package plaidlink

import (
	"bytes"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// Response is what is known of a response beside its body; see [CaptureResponse].
type Response struct {
	StatusCode int         // 0 where there was no response
	Header     http.Header // of the last response, without your secret and without tokens
	RequestID  string      // for Plaid's support
	Attempts   int         // made in all

	// Departures lists where the response does not fit its Go type, such as "/expiration": a JSON string does not fit
	// time.Time. What does not fit is in the ExtraFields of its object as it came. It is nil for nearly every response.
	Departures []string
}

func (c *Client) newResponse(call *call) Response {
	header := call.response.Header.Clone()
	for _, values := range header {
		for i, value := range values {
			values[i] = c.mask(value)
		}
	}
	return Response{
		StatusCode: call.response.Status,
		Header:     header,
		RequestID:  c.mask(requestID(call.response.Body)),
		Attempts:   call.attempts,
		Departures: call.departures,
	}
}

// requestID returns the request_id of a body, whatever else is in it.
func requestID(body []byte) string {
	var said struct {
		RequestID string `json:"request_id"`
	}
	// A body without one, or one that is not JSON, has no request id.
	_ = json.Unmarshal(body, &said, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	return said.RequestID
}

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
