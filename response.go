package plaidlink

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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
