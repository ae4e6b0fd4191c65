package plaidlink_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// echo is a text that a server, or a round tripper, should not have sent back.
const echo = "[" + wiretest.Secret + "|" + wiretest.AccessToken + "]"

const echoMessage = `{"error_type":"` + echo + `","error_code":"` + echo + `","error_code_reason":"` + echo + `","error_message":"` + echo +
	`","display_message":"` + echo + `","request_id":"` + echo + `","documentation_url":"` + echo + `","suggested_action":"` + echo + `"}`

// echoed is a response with the echo in a header, and headers given as name, value.
func echoed(status int, body string, headers ...string) wiretest.RoundTripper {
	return func(req *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}, "X-Echo": {"1", echo}}
		for i := 0; i < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}, nil
	}
}

// What a careless round tripper fails with: a pointer, a text, a struct that holds a request.
type (
	textError   string
	structError struct {
		Header http.Header
		secret string
	}
)

// quietError shows nothing unless somebody prints its fields.
type quietError structError

func (quietError) Error() string { return "not sent" }

func (e textError) Error() string   { return string(e) }
func (e structError) Error() string { return "sending " + e.secret }

func failing(err error) wiretest.RoundTripper {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// echoes are the ways in which the secret and a token can get into an error.
var echoes = map[string]wiretest.RoundTripper{
	"in every property of Plaid's error":  echoed(http.StatusBadRequest, echoMessage),
	"in a failure that is retried":        echoed(http.StatusInternalServerError, echoMessage), // and so is in Earlier
	"in a page of a proxy":                echoed(http.StatusBadGateway, "<html>"+echo+"</html>", "Content-Type", "text/html; echo="+echo),
	"in the target of a redirect":         echoed(http.StatusFound, echo, "Location", "https://plaid.test/?"+echo),
	"in Retry-After":                      echoed(http.StatusTooManyRequests, echoMessage, "Retry-After", echo),
	"in the content type of a 200":        echoed(http.StatusOK, echo, "Content-Type", "text/"+echo),
	"at the cut of the content type":      echoed(http.StatusOK, echo, "Content-Type", "text/"+strings.Repeat("x", 40)+wiretest.Secret),
	"a token at the cut":                  echoed(http.StatusOK, echo, "Content-Type", "text/"+strings.Repeat("x", 16)+wiretest.AccessToken),
	"in a value of the wrong type":        echoed(http.StatusOK, `{"link_token":["`+echo+`"],"request_id":"`+echo+`"}`),
	"in a name, before a wrong value":     echoed(http.StatusOK, `{"metadata":{"`+echo+`":{"`+wiretest.AccessToken+`":tru}}}`),
	"at the cut of a place":               echoed(http.StatusOK, `{"`+strings.Repeat("x", 185)+wiretest.Secret+`":tru`),
	"in a name that appears twice":        echoed(http.StatusOK, `{"`+echo+`":1,"`+echo+`":2}`),
	"in a response without its token":     echoed(http.StatusOK, `{"request_id":"`+echo+`","other":"`+echo+`"}`),
	"in a text, after a JSON document":    echoed(http.StatusOK, `{} `+echo),
	"in the round tripper's error":        failing(errors.New("proxy refuses " + echo)),
	"in an error that is a text":          failing(textError(echo)),
	"in an error that is a struct":        failing(structError{http.Header{"Plaid-Secret": {wiretest.Secret}}, echo}),
	"in a struct beside its text":         failing(fmt.Errorf("sending: %w", quietError{http.Header{"Plaid-Secret": {wiretest.Secret}}, echo})),
	"in a URL of an error":                failing(&url.Error{Op: "Get", URL: "https://plaid.test/?" + echo, Err: io.EOF}),
	"quoted after a line break":           failing(fmt.Errorf("bad response %q", "\n"+wiretest.AccessToken+"\n"+wiretest.Secret)),
	"in several errors":                   failing(errors.Join(textError(echo), fmt.Errorf("%w", textError(echo)))),
	"in the round tripper's panic":        func(*http.Request) (*http.Response, error) { panic(textError(echo)) },
	"in the cause of the context's end":   func(req *http.Request) (*http.Response, error) { return nil, context.Cause(req.Context()) },
	"in an error of the response's body":  func(req *http.Request) (*http.Response, error) { return brokenResponse(req), nil },
	"in the error of a request's own end": failing(fmt.Errorf("%w: %s", context.DeadlineExceeded, echo)),
}

func brokenResponse(req *http.Request) *http.Response {
	resp, _ := echoed(http.StatusOK, "")(req)
	resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"link_token":"`), failingReader{}))
	resp.ContentLength = -1
	return resp
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, textError(echo) }

// failure is what a failed call leaves behind.
type failure struct {
	err      *plaidlink.Error
	response plaidlink.Response
	attempt  plaidlink.Attempt
}

func secretFailure(t *testing.T, name string, network wiretest.RoundTripper) (f failure) {
	t.Helper()
	ctx := t.Context()
	if strings.Contains(name, "context") {
		ended, cancel := context.WithCancelCause(ctx)
		cancel(textError(echo))
		ctx = ended
	}
	watch := wiretest.RoundTripper(func(req *http.Request) (*http.Response, error) {
		f.attempt, _ = plaidlink.AttemptFrom(req.Context())
		return network(req)
	})
	client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: watch}), plaidlink.WithMaxRetryDelay(1))
	resp, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"}, plaidlink.CaptureResponse(&f.response))
	require.Nil(t, resp)
	require.ErrorAs(t, err, &f.err)
	return f
}

func TestErrorsDoNotShowTheSecret(t *testing.T) {
	for name, network := range echoes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := secretFailure(t, name, network)
			own := []any{*f.err, f.response, &f.response}
			for _, e := range wiretest.Chain(f.err) {
				own = append(own, e)
			}
			for _, v := range own {
				requireHidden(t, name, v)
			}
			for _, v := range []any{fmt.Errorf("wrapped: %w", f.err), errors.Join(f.err, f.err)} {
				for how, printed := range wiretest.Prints(v, v) {
					require.NoError(t, wiretest.Leak(printed), "wrapped %s", how)
				}
			}
			require.NotContains(t, string(f.err.Raw), wiretest.Secret, "Raw is without the secret")
		})
	}
}

// Hiding the secret and tokens leaves the rest of an error as it was.
func TestHidingKeepsTheRest(t *testing.T) {
	f := secretFailure(t, "", echoes["in every property of Plaid's error"])
	const hidden = "[[redacted]|access-sandbox-[redacted]]"
	require.Equal(t, hidden, f.err.Message)
	require.Equal(t, hidden, f.response.RequestID)
	require.Equal(t, []string{"1", hidden}, f.response.Header.Values("X-Echo"))
	require.Contains(t, string(f.err.Raw), wiretest.AccessToken, "a response that could not be decoded may be the only copy of a token")
	var text textError
	require.ErrorAs(t, secretFailure(t, "", failing(textError(echo))).err, &text)
	require.Equal(t, textError(echo), text, "the cause is the round tripper's own error")
}
