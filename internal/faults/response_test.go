package faults_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

const page = "<html><body><h1>" + wiretest.BodyMark + "</h1></body></html>"

func TestFault06NotOneDocument(t *testing.T) {
	got := fault(t, 6, "truncated JSON, trailing garbage, two documents, empty")
	wiretest.NoGoroutinesLeft(t)
	cases := []struct {
		name string // and how it comes about
		body string
	}{
		{"truncated: a proxy cut it and corrected the length", half},
		{"a name that is too long to show", `{"` + strings.Repeat("a", 1000) + wiretest.BodyMark + `"`},
		{"trailing garbage", wiretest.GoodBody + wiretest.BodyMark},
		{"two documents: answers mixed up on a connection", wiretest.GoodBody + "\n" + wiretest.GoodBody},
		{"empty", ""},
		{"white space alone", " \r\n"},
		{"an array", "[" + wiretest.GoodBody + "]"},
		{"a text", `"` + wiretest.BodyMark + `"`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			// The request was carried out: an exchange's token is lost, and the caller must know.
			errs := final(t, 200, true, wiretest.Say(wiretest.Response(200, "application/json", tc.body)))
			require.ErrorIs(t, errs[0], plaidlink.ErrDecode)
			require.Equal(t, tc.body, string(errs[0].Raw), "what came is kept, beside the text")
			got("%s", told(errs))
		})
	}
}

func TestFault07NotJSON(t *testing.T) {
	got := fault(t, 7, "200 with HTML or without a JSON content type")
	wiretest.NoGoroutinesLeft(t)
	cases := []struct {
		name   string // and who sends it
		answer string
	}{
		{"HTML: a captive portal", wiretest.Response(200, "text/html; charset=utf-8", page)},
		{"HTML that says it is JSON: a broken proxy", wiretest.Response(200, "application/json", page)},
		{"JSON that says it is text: not Plaid", wiretest.Response(200, "text/plain", wiretest.GoodBody)},
		{"no content type: not Plaid", strings.Replace(wiretest.Response(200, "", wiretest.GoodBody), "Content-Type: \r\n", "", 1)},
		{"malformed content type", wiretest.Response(200, "application/json/;;", wiretest.GoodBody)},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			errs := final(t, 200, true, wiretest.Say(tc.answer))
			require.ErrorIs(t, errs[0], plaidlink.ErrDecode)
			got("%s", told(errs))
		})
	}
}

func TestFault08ServerErrorOfTheEdge(t *testing.T) {
	got := fault(t, 8, "502 or 504 with HTML, 500 empty, 500 with an array")
	wiretest.NoGoroutinesLeft(t)
	cases := []struct {
		name   string // and who sends it
		status int
		answer string
	}{
		{"502 with HTML: the edge lost its backend", 502, wiretest.Response(502, "text/html", page)},
		{"504 with HTML: the edge lost its patience", 504, wiretest.Response(504, "text/html", page)},
		{"503 with HTML that says it is JSON", 503, wiretest.Response(503, "application/json", page)},
		{"500 empty", 500, wiretest.Response(500, "application/json", "")},
		{"500 with an array", 500, wiretest.Response(500, "application/json", `["`+wiretest.BodyMark+`"]`)},
		{"500 with members of other types", 500, wiretest.Response(500, "application/json", `{"error_code":1,"error_type":["`+wiretest.BodyMark+`"]}`)},
		{"500 with a body that is cut", 500, wiretest.Head(500, wiretest.JSONType, "Content-Length: 1000") + half},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			fault := wiretest.Say(tc.answer)
			if tc.name == "500 with a body that is cut" {
				fault = fault.Then((*wiretest.Conn).HangUp)
			}
			errs := ambiguous(t, tc.status, fault)
			mended(t, fault)
			require.Empty(t, errs[0].Code)
			got("%s", told(errs))
		})
	}
}
