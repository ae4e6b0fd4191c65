package faults_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault49TextsAreBounded(t *testing.T) {
	t.Parallel() // it computes, mostly
	row := faults.Begin(t, "an error message of 60 kB")
	const most = 2 << 10
	bounded := func(t *testing.T, text string) {
		t.Helper()
		require.LessOrEqual(t, len(text), most)
		require.True(t, utf8.ValidString(text), "%q", text)
		for _, r := range text {
			require.True(t, strconv.IsPrint(r), "%q in %q", r, text)
		}
	}
	for kind, unit := range map[string]string{
		"letters": "a", "line breaks": "\n", "NUL": "\x00", "escapes": "\x1b[31m", "two bytes": "é", "three bytes": "€", "four bytes": "🏦", "four bytes, not printable": "\U000e0001",
		"right to left": "\u202e", "not a rune": "\ufffd", "quotes": `"`, "backslashes": `\`, "mixed": "a\u2028🏦\x7fé", "combining": "e\u0301",
	} {
		long := strings.Repeat(unit, 60_000/len(unit))
		for _, place := range []string{"error_message", "error_code", "error_type", "request_id", "display_message", "all"} {
			t.Run(kind+", "+place, func(t *testing.T) {
				properties := map[string]string{"error_type": "INVALID_INPUT", "error_code": "INVALID_LINK_TOKEN", "error_message": "expired", "request_id": "req-1"}
				if _, known := properties[place]; known || place == "display_message" {
					properties[place] = long
				} else {
					for name := range properties {
						properties[name] = long[:15_000/len(unit)*len(unit)] // 64 KiB are read
					}
				}
				var body bytes.Buffer
				encoder := json.NewEncoder(&body)
				encoder.SetEscapeHTML(false)
				require.NoError(t, encoder.Encode(properties))
				if body.Len() > 64<<10 { // escapes are longer than what they mean
					for name, value := range properties {
						if len(value) > 1000 {
							properties[name] = value[:len(value)/8/len(unit)*len(unit)]
						}
					}
					body.Reset()
					require.NoError(t, encoder.Encode(properties))
				}
				var log bytes.Buffer
				m := wiretest.InMemory(wiretest.Reply(400, body.String()))
				got := faults.Get.Call(t.Context(), m.Client(t, plaidlink.WithLogger(slog.New(slog.NewTextHandler(&log, nil)))))
				e := got.Failure()
				require.NotNil(t, e)
				text := e.Error()
				bounded(t, text)
				for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
					require.Equal(t, text, fmt.Sprintf(verb, e))
				}
				require.True(t, strings.HasPrefix(text, "plaidlink: linkTokenGet: 400 "), text)
				if place != "request_id" && place != "all" {
					require.Contains(t, text, "(request_id req-1)")
				} else {
					require.Contains(t, text, "(request_id ", "cut, but there")
				}
				if place == "error_message" {
					require.Contains(t, text, "INVALID_INPUT/INVALID_LINK_TOKEN: ")
					require.Equal(t, properties["error_message"], e.Message, "the field has all of it")
					require.ErrorIs(t, e, plaidlink.CodeInvalidLinkToken)
				}
				require.Less(t, log.Len(), 2*most, "a record is bounded too")
				for _, a := range e.LogValue().Group() {
					bounded(t, a.Value.String())
				}
				row.Got(kind+", "+place, got)
			})
		}
	}
	t.Run("an error of the network", func(t *testing.T) {
		long := textError(strings.Repeat("🏦\n", 20_000))
		var log bytes.Buffer
		client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithMaxRetryDelay(1), plaidlink.WithLogger(slog.New(slog.NewTextHandler(&log, nil))),
			plaidlink.WithHTTPClient(&http.Client{Transport: wiretest.RoundTripper(func(*http.Request) (*http.Response, error) { return nil, long })}))
		got := faults.Get.Call(t.Context(), client)
		bounded(t, got.Err().Error())
		require.Less(t, log.Len(), 3*2*most, "three records")
		require.ErrorContains(t, got.Err(), "(3 attempts, perhaps carried out)")
		row.Got("an error of the network", got)
	})
	t.Run("not UTF-8", func(t *testing.T) { // in an error that a test, or the caller, makes
		e := &plaidlink.Error{Operation: strings.Repeat("\xff", 60_000), Type: "\xc3", Code: plaidlink.ErrorCode(strings.Repeat("\xe2\x82", 5000)), Message: strings.Repeat("\xf0\x9f", 5000), RequestID: "\xff"}
		bounded(t, e.Error())
		require.Contains(t, e.Error(), "(request_id ")
	})
	for n := 1480; n < 1520; n++ { // wherever the cut is
		for _, unit := range []string{"é", "€", "🏦", "\n", "\U000e0001"} {
			e := &plaidlink.Error{Operation: "linkTokenGet", Code: "C", Message: strings.Repeat("a", n) + strings.Repeat(unit, 100), RequestID: "req-1"}
			bounded(t, e.Error())
			require.NotContains(t, e.Error(), "\ufffd", "a rune was cut")
			require.Contains(t, e.Error(), "…", "it shows that something is missing")
		}
	}
	require.Equal(t, "plaidlink: linkTokenGet: T/C: short (request_id r)", (&plaidlink.Error{Operation: "linkTokenGet", Type: "T", Code: "C", Message: "short", RequestID: "r"}).Error())
}

// WithMaxResponseBytes moves the limit, for a client or for a call.
func TestMaxResponseBytesBoundsASuccess(t *testing.T) {
	body := `{"link_token":"link-sandbox-1","pad":"` + strings.Repeat("x", 1000) + `"}`
	size := int64(len(body))
	for name, test := range map[string]struct {
		client, call int64 // 0 for none
		tooLarge     bool
	}{
		"the default":           {0, 0, false},
		"at the limit":          {size, 0, false},
		"one less":              {size - 1, 0, true},
		"1 byte":                {1, 0, true},
		"1 GiB":                 {1 << 30, 0, false},
		"less for a call":       {0, size - 1, true},
		"more for a call":       {10, size, false},
		"less for one of many":  {size, 1, true},
		"at the limit, by call": {1, size, false},
	} {
		for how, announced := range map[string]bool{"announced": true, "not announced": false} {
			t.Run(name+", "+how, func(t *testing.T) {
				rt := wiretest.RoundTripper(func(req *http.Request) (*http.Response, error) {
					resp, err := wiretest.Reply(200, body)(req)
					if !announced {
						resp.ContentLength = -1
					}
					return resp, err
				})
				opts := []plaidlink.Option{plaidlink.WithHTTPClient(&http.Client{Transport: rt})}
				if test.client > 0 {
					opts = append(opts, plaidlink.WithMaxResponseBytes(test.client))
				}
				var callOpts []plaidlink.CallOption
				if test.call > 0 {
					callOpts = append(callOpts, plaidlink.WithMaxResponseBytes(test.call))
				}
				client := wiretest.NewClient(t, "https://plaid.test", opts...)
				got := faults.Get.Call(t.Context(), client, callOpts...)
				if !test.tooLarge {
					require.NoError(t, got.Err())
				} else {
					require.ErrorIs(t, requireTyped(t, got, wiretest.OpGet, 200), plaidlink.ErrTooLarge)
					limit := test.client
					if test.call > 0 {
						limit = test.call
					}
					require.ErrorContains(t, got.Err(), fmt.Sprintf("at most %d ", limit))
					require.Equal(t, 1, got.Attempts())
				}
			})
		}
	}
	t.Run("an error is read all the same", func(t *testing.T) {
		m := wiretest.InMemory(wiretest.ReplyError(400, plaidlink.TypeInvalidInput, plaidlink.CodeInvalidLinkToken))
		_, err := wiretest.GetToken(t, m.Client(t, plaidlink.WithMaxResponseBytes(1)))
		require.ErrorIs(t, err, plaidlink.CodeInvalidLinkToken)
	})
	for _, n := range []int64{0, -1, 1<<30 + 1, 1 << 62} {
		_, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "a", Secret: "b"}, plaidlink.WithMaxResponseBytes(n))
		require.EqualError(t, err, fmt.Sprintf("plaidlink: New: WithMaxResponseBytes: expected 1 to 1073741824, found %d", n))
		_, err = wiretest.GetToken(t, wiretest.InMemory(wiretest.Reply(200, body)).Client(t), plaidlink.WithMaxResponseBytes(n))
		require.ErrorContains(t, err, "WithMaxResponseBytes: expected 1 to 1073741824")
	}
}
