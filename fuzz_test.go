package plaidlink_test

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/api"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// Run one with `go test -run '^$' -fuzz '^FuzzErrorBody$' .`, all with `make fuzz`. Without -fuzz the seeds are ordinary tests.

var shownToken = regexp.MustCompile(`access-(sandbox|development|production)-[0-9A-Za-z]`)

// FuzzErrorBody checks that, whatever a server sends, a call returns a response or an *Error, whose text is one line without
// the secret.
func FuzzErrorBody(f *testing.F) {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	require.NoError(f, err)
	for _, item := range doc.Paths.Map() {
		for _, response := range item.Post.Responses.Map() {
			media := response.Value.Content.Get("application/json")
			examples := []any{media.Example}
			for _, example := range media.Examples {
				examples = append(examples, example.Value.Value)
			}
			for _, example := range examples {
				body, err := stdjson.Marshal(example)
				require.NoError(f, err)
				f.Add(uint16(http.StatusOK), "application/json", body)
				f.Add(uint16(http.StatusBadRequest), "application/json", body)
			}
		}
	}
	for _, seed := range []struct {
		why    string
		status uint16
		kind   string
		body   string
	}{
		{"every property echoes the secret and a token", 400, "application/json", echoMessage},
		{"line breaks, which would forge a record of a log", 400, "application/json", `{"error_type":"A\nB","error_code":"\r","error_message":"a\nlevel=INFO\u2028\u0085","request_id":"\u0000"}`},
		{"commands for a terminal, and text that runs backwards", 400, "application/json", `{"error_code":"\u001b[2J","error_message":"\u009b31m\u202egnp.exe\u200b"}`},
		{"bad UTF-8", 500, "application/json", "{\"error_message\":\"\xff\xfe\",\"error_code\":\"\xc3\"}"},
		{"properties of other types", 400, "application/json", `{"error_type":1,"error_code":["A"],"error_message":{"a":null},"request_id":true}`},
		{"a list", 500, "application/json", `[{"error_code":"A"}]`},
		{"a page", 502, "text/html; charset=utf-8", "<html>" + echo},
		{"nothing", 504, "", ""},
		{"names that appear twice", 400, "application/json", `{"error_code":"A","error_code":"B"}`},
		{"a name of control characters, where the mistake is", 200, "application/json", `{"\n\u001b` + wiretest.Secret + `":{"a":tru`},
		{"a wrong type", 200, "application/json", `{"link_token":` + strconv.Quote(echo) + `,"expiration":12,"access_token":{}}`},
		{"a content type with a line break", 200, "text/" + wiretest.Secret + "\n" + wiretest.AccessToken, ""},
		{"a status that HTTP does not have", 65535, "application/json", "{}"},
	} {
		f.Add(seed.status, seed.kind, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, status uint16, contentType string, body []byte) {
		network := echoed(int(status), string(body), "Content-Type", contentType)
		client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: network}))
		once := plaidlink.WithMaxAttempts(1)
		token, err := wiretest.GetToken(t, client, once)
		checkEnd(t, status, token != nil, err)
		access, err := wiretest.Exchange(t, client, once)
		checkEnd(t, status, access != nil, err)
	})
}

func checkEnd(t *testing.T, status uint16, responded bool, err error) {
	require.Equal(t, responded, err == nil, "a response or an error")
	if err == nil {
		require.EqualValues(t, http.StatusOK, status)
		return
	}
	var e *plaidlink.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, []int{0, int(status)}, e.StatusCode)
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Error("failed", "error", err)
	require.Equal(t, 1, strings.Count(logged.String(), "\n"))
	for _, printed := range []string{err.Error(), fmt.Sprintf("%+v", *e), logged.String(), errors.Unwrap(err).Error()} {
		require.NotContains(t, printed, wiretest.Secret)
		require.False(t, shownToken.MatchString(printed), printed)
	}
	require.NotContains(t, string(e.Raw), wiretest.Secret)
	require.Equal(t, -1, strings.IndexFunc(err.Error(), func(r rune) bool { return !strconv.IsPrint(r) }), "%q", err)
}
