package wiretest

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/plaidlink/plaidlink-go"
)

// RoundTripper is a function that implements [http.RoundTripper]: a network, or what a [MemoryServer] does with one request.
type RoundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (r RoundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

// BodyMark is part of bodies. It must not be part of the text of an error.
const BodyMark = "body-mark-77"

// Bodies of good responses to [GetToken] and [Exchange].
const (
	TokenBody    = `{"link_token":"link-sandbox-1","created_at":null,"expiration":null,"metadata":{},"request_id":"req-2"}`
	ExchangeBody = `{"access_token":"access-sandbox-1","item_id":"item-1","request_id":"req-3"}`
)

// Reply responds with a status and a body of JSON, and with headers given as name, value, name, value.
func Reply(status int, body string, headers ...string) RoundTripper {
	return func(req *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
		return &http.Response{
			StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h,
			Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
		}, nil
	}
}

// ReplyError responds as Plaid does when it refuses. The body has what the text of an error must not show: the secret, a
// token, and a property that is not Plaid's message.
func ReplyError(status int, kind plaidlink.ErrorType, code plaidlink.ErrorCode, headers ...string) RoundTripper {
	return Reply(status, fmt.Sprintf(`{"error_type":%q,"error_code":%q,"error_message":"said of `+Secret+` and access-sandbox-1","display_message":null,`+
		`"request_id":"req-1","causes":[%q]}`, kind, code, BodyMark), headers...)
}
