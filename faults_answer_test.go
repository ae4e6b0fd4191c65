package plaidlink_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
)

const page = "<html><body><h1>" + bodyMark + "</h1></body></html>"

func TestFault06NotOneDocument(t *testing.T) {
	got := fault(t, 6, "truncated JSON, trailing garbage, two documents, empty")
	noGoroutinesLeft(t)
	cases := []struct {
		name string // and how it comes about
		body string
	}{
		{"truncated: a proxy cut it and corrected the length", half},
		{"a name that is too long to show", `{"` + strings.Repeat("a", 1000) + bodyMark + `"`},
		{"trailing garbage", goodBody + bodyMark},
		{"two documents: answers mixed up on a connection", goodBody + "\n" + goodBody},
		{"empty", ""},
		{"white space alone", " \r\n"},
		{"an array", "[" + goodBody + "]"},
		{"a text", `"` + bodyMark + `"`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			// The request was carried out: an exchange's token is lost, and the caller must know.
			errs := final(t, 200, true, say(response(200, "application/json", tc.body)))
			require.ErrorIs(t, errs[0], plaidlink.ErrDecode)
			require.Equal(t, tc.body, string(errs[0].Raw), "what came is kept, beside the text")
			got("%s", told(errs))
		})
	}
}

func TestFault07NotJSON(t *testing.T) {
	got := fault(t, 7, "200 with HTML or without a JSON content type")
	noGoroutinesLeft(t)
	cases := []struct {
		name   string // and who sends it
		answer string
	}{
		{"HTML: a captive portal", response(200, "text/html; charset=utf-8", page)},
		{"HTML that says it is JSON: a broken proxy", response(200, "application/json", page)},
		{"JSON that says it is text: not Plaid", response(200, "text/plain", goodBody)},
		{"no content type: not Plaid", strings.Replace(response(200, "", goodBody), "Content-Type: \r\n", "", 1)},
		{"malformed content type", response(200, "application/json/;;", goodBody)},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			errs := final(t, 200, true, say(tc.answer))
			require.ErrorIs(t, errs[0], plaidlink.ErrDecode)
			got("%s", told(errs))
		})
	}
}

func TestFault08ServerErrorOfTheEdge(t *testing.T) {
	got := fault(t, 8, "502 or 504 with HTML, 500 empty, 500 with an array")
	noGoroutinesLeft(t)
	cases := []struct {
		name   string // and who sends it
		status int
		answer string
	}{
		{"502 with HTML: the edge lost its backend", 502, response(502, "text/html", page)},
		{"504 with HTML: the edge lost its patience", 504, response(504, "text/html", page)},
		{"503 with HTML that says it is JSON", 503, response(503, "application/json", page)},
		{"500 empty", 500, response(500, "application/json", "")},
		{"500 with an array", 500, response(500, "application/json", `["`+bodyMark+`"]`)},
		{"500 with members of other types", 500, response(500, "application/json", `{"error_code":1,"error_type":["`+bodyMark+`"]}`)},
		{"500 with a body that is cut", 500, head(500, jsonType, "Content-Length: 1000") + half},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			fault := say(tc.answer)
			if tc.name == "500 with a body that is cut" {
				fault = fault.then((*conn).hangUp)
			}
			errs := ambiguous(t, tc.status, fault)
			mended(t, fault)
			require.Empty(t, errs[0].Code)
			got("%s", told(errs))
		})
	}
}
