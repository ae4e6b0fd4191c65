package faults_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault45SecretInPlaceOfEnvironmentIsNotShown(t *testing.T) {
	row := faults.Begin(t, "PLAID_ENV, or the environment, is the secret by mistake")
	creds := plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: wiretest.Secret}
	for name, value := range map[string]string{
		"the secret":            wiretest.Secret,
		"as Plaid's are":        "5f1e7c0a9b3d4e8f6a2c1b0d9e8f7a",
		"in capitals":           strings.ToUpper(wiretest.Secret),
		"letters alone":         "opensesame",
		"more letters":          "correcthorsebatterystaple",
		"a few letters":         "hunter",
		"digits alone":          "1234567890",
		"with a line break":     wiretest.Secret + "\n",
		"behind a name":         "sandbox:" + wiretest.Secret,
		"behind a name, joined": "sandbox" + wiretest.Secret,
		"quoted":                `"` + wiretest.Secret + `"`,
		"an access token":       wiretest.AccessToken,
		"a client id":           "5f1e7c0a9b3d4e8f6a2c1b0d",
		"as a shell wrote it":   "PLAID_SECRET=" + wiretest.Secret,
		"very long":             strings.Repeat(wiretest.Secret, 1000),
		"not UTF-8":             "\xff" + wiretest.Secret,
	} {
		t.Run(name, func(t *testing.T) {
			refused := func(err error) {
				require.ErrorContains(t, err, "expected")
				require.Regexp(t, "(?i)sandbox", err.Error(), "it names what is right")
				require.ErrorContains(t, err, "bytes", "and what came, without showing it")
				require.NotContains(t, err.Error(), strings.TrimSpace(value))
				require.NoError(t, wiretest.Leak(err.Error()))
				require.Less(t, len(err.Error()), 200)
			}
			got := faults.NewIn(plaidlink.Environment(value), creds)
			require.Nil(t, got.Response())
			require.ErrorContains(t, got.Err(), "plaidlink.Sandbox")
			refused(got.Err())
			row.Got("New, "+name, got)

			t.Setenv("PLAID_CLIENT_ID", creds.ClientID)
			t.Setenv("PLAID_SECRET", string(creds.Secret))
			t.Setenv("PLAID_ENV", value)
			got = faults.NewFromEnv()
			require.ErrorContains(t, got.Err(), "PLAID_ENV")
			refused(got.Err())
			row.Got("NewFromEnv, "+name, got)

			_, err := plaidlink.ParseEnvironment(value)
			refused(err)
		})
	}
	for name, value := range map[string]string{"a name of another": "staging", "short": "prod", "a slip": "sandbx", "another slip": "Prodution", "nothing": ""} {
		t.Run("shown: "+name, func(t *testing.T) { // most mistakes are of this kind
			got := faults.NewIn(plaidlink.Environment(value), creds)
			require.ErrorContains(t, got.Err(), `environment "`+value+`"`)
			row.Got("shown, "+name, got)
		})
	}
}

func TestFault46HeadersOfTheConnectionAreRefused(t *testing.T) {
	row := faults.Begin(t, "WithHeader with a header of the connection, or of the SDK")
	creds := plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: wiretest.Secret}
	m := wiretest.InMemory(wiretest.Reply(200, wiretest.TokenBody))
	for _, header := range []string{
		"Connection", "Upgrade", "Expect", "Trailer", "TE", "Transfer-Encoding", "Content-Encoding", "Content-Length", "Host",
		"Keep-Alive", "Proxy-Connection", "HTTP2-Settings", "Content-Type", "User-Agent", "PLAID-CLIENT-ID", "PLAID-SECRET", "Plaid-Version",
	} {
		for _, spelling := range []string{header, strings.ToLower(header), strings.ToUpper(header), http.CanonicalHeaderKey(header), strings.ToUpper(header[:1]) + strings.ToLower(header[1:])} {
			for _, value := range []string{"close", "h2c", "100-continue", "trailers", "chunked", "gzip", "0", "evil.test", ""} {
				option := plaidlink.WithHeader(spelling, value)
				got := faults.New(creds, option)
				require.ErrorContains(t, got.Err(), "WithHeader: "+http.CanonicalHeaderKey(header)+" is set by the SDK or by net/http")
				row.Got(header, got)

				got = faults.Get.Call(t.Context(), m.Client(t), option)
				require.ErrorContains(t, got.Err(), http.CanonicalHeaderKey(header))
				require.Nil(t, got.Response())
				require.Empty(t, m.Requests(t), "refused before anything is sent")
			}
		}
	}
	for _, name := range []string{"", " Host", "Host ", "Host:", "Connection\r\nX", "a b", "Ｈost"} {
		got := faults.New(creds, plaidlink.WithHeader(name, "a"))
		require.ErrorContains(t, got.Err(), "is not a header name", name)
		row.Got("a name that none can have", got)
	}
	for _, value := range []string{"a\r\nConnection: close", "a\nb", "a\x00", "\x7f", "é"} {
		got := faults.New(creds, plaidlink.WithHeader("X-Team", value))
		require.ErrorContains(t, got.Err(), "no header can carry")
		require.NotContains(t, got.Err().Error(), "\n")
		row.Got("a value that none can have", got)
	}
	got := succeeds(t, faults.Get, m.Client(t, plaidlink.WithHeader("X-Team", "payments"), plaidlink.WithHeader("Authorization", "Basic YTpi")))
	require.Equal(t, []string{"payments"}, m.Requests(t)[0].Header["X-Team"])
	require.Equal(t, []string{"Basic YTpi"}, m.Requests(t)[0].Header["Authorization"])
	row.Got("others are sent", got)
}
