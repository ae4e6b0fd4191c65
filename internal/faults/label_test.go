package faults_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// everyBody is good for every operation.
const everyBody = `{"link_token":"link-sandbox-1","access_token":"access-sandbox-1","new_access_token":"access-sandbox-1","public_token":"public-sandbox-1","item_id":"i",
 "key":{"alg":"ES256","crv":"P-256","kid":"kid-1","kty":"EC","use":"sig","x":"a","y":"b","created_at":1,"expired_at":null},"request_id":"req-1"}`

// labeled replies with a 200 and headers as they are.
func labeled(header http.Header, body string) wiretest.RoundTripper {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: header.Clone(), Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}, nil
	}
}

func TestFault37ContentCountsBeforeItsLabel(t *testing.T) {
	row := faults.Begin(t, "a 200 with another label than JSON, or none, or two")
	for name, label := range map[string][]string{
		"text/plain":          {"text/plain; charset=utf-8"},
		"text/json":           {"text/json"},
		"text/html":           {"text/html"}, // a proxy that labels all alike
		"application/x-json":  {"application/x-json"},
		"octets":              {"application/octet-stream"},
		"problem+json":        {"application/problem+json"},
		"a charset":           {"application/json; charset=iso-8859-1"},
		"none":                nil,
		"empty":               {""},
		"twice the same":      {"application/json", "application/json"},
		"twice, joined":       {"application/json, application/json"},
		"twice, not the same": {"text/html", "application/json"},
		"malformed":           {"application/json;;=;"},
		"a line too long":     {strings.Repeat("x", 10_000)},
	} {
		t.Run(name, func(t *testing.T) {
			header := http.Header{}
			if label != nil {
				header["Content-Type"] = label
			}
			var all []faults.Outcome
			for _, o := range everyOperation {
				m := wiretest.InMemory(labeled(header, everyBody))
				got := succeeds(t, o, m.Client(t))
				require.Equal(t, 1, got.Attempts())
				require.Empty(t, got.Captured().Departures, "a label is not a departure of the body")
				all = append(all, got)

				m.Then(func(req *http.Request) (*http.Response, error) { // an error's label does not matter either
					resp, err := wiretest.ReplyError(400, plaidlink.TypeInvalidInput, plaidlink.CodeInvalidLinkToken)(req)
					resp.Header = header.Clone()
					return resp, err
				})
				require.ErrorIs(t, o.Call(t.Context(), m.Client(t)).Err(), plaidlink.CodeInvalidLinkToken)
			}
			row.Got(name, all...)
		})
	}

	const packed = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + wiretest.BodyMark
	for name, test := range map[string]struct {
		header http.Header
		body   string
		want   []string // in the text
	}{
		"HTML":                         {http.Header{"Content-Type": {"text/html"}}, page, []string{`"text/html"`}},
		"HTML labeled as JSON":         {http.Header{"Content-Type": {"application/json"}}, page, []string{`"application/json"`}},
		"HTML without a label":         {nil, page, []string{`content type ""`}},
		"HTML with two labels":         {http.Header{"Content-Type": {"text/html", "application/json"}}, page, []string{`"text/html, application/json"`}},
		"HTML with a label of its own": {http.Header{"Content-Type": {"text/" + wiretest.Secret}}, page, []string{`"text/[redacted]"`}},
		"empty as text":                {http.Header{"Content-Type": {"text/plain"}}, "", []string{`"text/plain"`}},
		"an array as text":             {http.Header{"Content-Type": {"text/plain"}}, "[1]", []string{`"text/plain"`, "JSON array"}},
		"Brotli that was not asked for": {http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"br"}}, packed,
			[]string{`content encoding "br" was not undone`}},
		"gzip twice": {http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip", "gzip"}}, packed,
			[]string{`content encoding "gzip, gzip" was not undone`}},
		"an encoding and another label": {http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {"zstd"}}, packed,
			[]string{`"text/plain"`, `"zstd"`}},
		"a long label and encoding": {http.Header{"Content-Type": {strings.Repeat("x", 10_000)}, "Content-Encoding": {strings.Repeat("y", 10_000)}}, page,
			[]string{strings.Repeat("x", 60) + `"`, strings.Repeat("y", 60) + `"`}},
	} {
		t.Run(name, func(t *testing.T) {
			var all []faults.Outcome
			for _, o := range everyOperation {
				m := wiretest.InMemory(labeled(test.header, test.body))
				got := fails(t, o, m.Client(t), 200)
				require.ErrorIs(t, got.Err(), plaidlink.ErrDecode)
				require.Equal(t, 1, got.Attempts())
				require.True(t, got.Failure().MaybeCarriedOut)
				require.False(t, got.Failure().Temporary())
				for _, want := range test.want {
					require.ErrorContains(t, got.Err(), want)
				}
				all = append(all, got)
			}
			row.Got(name, all...)
		})
	}
	t.Run("an encoding that is undone is not in the way", func(t *testing.T) {
		server := faults.Serve(t, faults.Always(faults.Respond(faults.Head(200, "Content-Type: text/plain", "Content-Encoding: gzip", "Connection: close")+zipped(everyBody)).
			Then((*faults.Conn).HangUp)))
		row.Got("gzip as text", eachOperation(t, func(o faults.Operation) faults.Outcome { return succeeds(t, o, clientOf(t, server.URL)) })...)
	})
	t.Run("gzip that the caller's transport leaves", func(t *testing.T) {
		server := faults.Serve(t, faults.Always(faults.Respond(faults.Head(200, faults.JSONType, "Content-Encoding: gzip", "Connection: close")+zipped(everyBody)).
			Then((*faults.Conn).HangUp)))
		through := plaidlink.WithHTTPClient(&http.Client{Transport: &http.Transport{DisableCompression: true}})
		row.Got("gzip left as it is", eachOperation(t, func(o faults.Operation) faults.Outcome {
			got := fails(t, o, clientOf(t, server.URL, through), 200)
			require.ErrorContains(t, got.Err(), `content encoding "gzip" was not undone`)
			return got
		})...)
	})
}
