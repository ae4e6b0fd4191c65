package faults_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

const page = "<html><body><h1>" + wiretest.BodyMark + "</h1></body></html>"

func TestFault06BodyMustBeOneDocument(t *testing.T) {
	row := faults.Begin(t, "truncated JSON, trailing garbage, two documents, empty")
	faults.NoGoroutinesLeft(t)
	cases := []struct {
		name string // and how it comes about
		body string
	}{
		{"truncated: a proxy cut it and corrected the length", half},
		{"a name that is too long to show", `{"` + strings.Repeat("a", 1000) + wiretest.BodyMark + `"`},
		{"trailing garbage", faults.GoodBody + wiretest.BodyMark},
		{"two documents: responses mixed up on a connection", faults.GoodBody + "\n" + faults.GoodBody},
		{"empty", ""},
		{"white space alone", " \r\n"},
		{"an array", "[" + faults.GoodBody + "]"},
		{"a text", `"` + wiretest.BodyMark + `"`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			// The request was carried out: an exchange's token is lost, and the caller must know.
			got := final(t, 200, true, faults.Respond(faults.Response(200, "application/json", tc.body)))
			require.ErrorIs(t, got[0].Err(), plaidlink.ErrDecode)
			require.Equal(t, tc.body, string(got[0].Failure().Raw), "what came is kept, beside the text")
			row.Got(tc.name, got...)
		})
	}
}

func TestFault07BodyMustBeJSON(t *testing.T) {
	row := faults.Begin(t, "200 with HTML or without a JSON content type")
	faults.NoGoroutinesLeft(t)
	cases := []struct {
		name     string // and who sends it
		response string
	}{
		{"HTML: a captive portal", faults.Response(200, "text/html; charset=utf-8", page)},
		{"HTML labeled as JSON: a broken proxy", faults.Response(200, "application/json", page)},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := final(t, 200, true, faults.Respond(tc.response))
			require.ErrorIs(t, got[0].Err(), plaidlink.ErrDecode)
			row.Got(tc.name, got...)
		})
	}
}

func TestFault08ErrorWithoutPlaidsBodyKeepsItsStatus(t *testing.T) {
	row := faults.Begin(t, "502 or 504 with HTML, 500 empty, 500 with an array")
	faults.NoGoroutinesLeft(t)
	cases := []struct {
		name     string // and who sends it
		status   int
		response string
	}{
		{"502 with HTML: the edge lost its backend", 502, faults.Response(502, "text/html", page)},
		{"504 with HTML: the edge lost its patience", 504, faults.Response(504, "text/html", page)},
		{"503 with HTML labeled as JSON", 503, faults.Response(503, "application/json", page)},
		{"500 empty", 500, faults.Response(500, "application/json", "")},
		{"500 with an array", 500, faults.Response(500, "application/json", `["`+wiretest.BodyMark+`"]`)},
		{"500 with properties of other types", 500, faults.Response(500, "application/json", `{"error_code":1,"error_type":["`+wiretest.BodyMark+`"]}`)},
		{"500 with a body that is cut", 500, faults.Head(500, faults.JSONType, "Content-Length: 1000") + half},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			fault := faults.Respond(tc.response)
			if tc.name == "500 with a body that is cut" {
				fault = fault.Then((*faults.Conn).HangUp)
			}
			got := ambiguous(t, tc.status, fault)
			mended(t, fault)
			require.Empty(t, got[0].Failure().Code)
			row.Got(tc.name, got...)
		})
	}
}
