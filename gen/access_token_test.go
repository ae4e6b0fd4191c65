package gen_test

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

const secret gen.AccessToken = "access-sandbox-de3ce8ef-33f8-452c-a685-8671031fc0f6"

// TestTypesDoNotShowAccessTokens does the same for every generated type that has an access token.
func TestAccessTokenPrintsRedacted(t *testing.T) {
	type exported struct{ T gen.AccessToken }
	type deep struct {
		P *gen.AccessToken
		L []gen.AccessToken
		M map[gen.AccessToken]gen.AccessToken
		S exported
		A any
	}
	everywhere := deep{new(secret), []gen.AccessToken{secret}, map[gen.AccessToken]gen.AccessToken{secret: secret}, exported{secret}, secret}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%c", "%60s", "%.70s"} {
		require.Equal(t, "[redacted]", fmt.Sprintf(verb, secret), verb)
		for _, value := range []any{&everywhere.L[0], everywhere.L, everywhere.M, everywhere.S, &everywhere.S, everywhere, &everywhere, []any{secret}, errors.Join(fmt.Errorf("token %v", secret))} {
			printed := fmt.Sprintf(verb, value)
			require.NotContains(t, printed, "de3ce8ef", "%s of %T", verb, value)
			require.NotContains(t, printed, "6465336365386566", "%s of %T", verb, value) // the same in hex
		}
	}
	require.Equal(t, "[redacted]", fmt.Sprint(secret))
	require.Equal(t, "[redacted]", secret.String())
	require.Empty(t, fmt.Sprint(gen.AccessToken("")), "it shows that there is none")
	require.Equal(t, "access-sandbox-de3ce8ef-33f8-452c-a685-8671031fc0f6", string(secret), "the one way to it")
}

func TestAccessTokenInLogs(t *testing.T) {
	for _, c := range []struct {
		name string
		with any
		want string // in the JSON log
	}{
		{"token", secret, `"v":"[redacted]"`},
		{"pointer", new(secret), `"v":"[redacted]"`},
		{"response", gen.ItemPublicTokenExchangeResponse{AccessToken: secret, ItemID: "i"}, `"v":{"access_token":"[redacted]","item_id":"i","request_id":""}`},
		{"response by pointer", &gen.ItemPublicTokenExchangeResponse{AccessToken: secret}, `"access_token":"[redacted]"`},
		{"request", gen.LinkTokenCreateRequest{AccessToken: secret, AccessTokens: []gen.AccessToken{secret, secret}}, `"access_token":"[redacted]","access_tokens":["[redacted]","[redacted]"]`},
		{"request, below", &gen.LinkTokenCreateRequest{IncomeVerification: &gen.LinkTokenCreateRequestIncomeVerification{AccessTokens: []gen.AccessToken{secret}}}, `"income_verification":{"access_tokens":["[redacted]"]}`},
		{"no token", gen.LinkTokenCreateRequest{AccessTokens: []gen.AccessToken{""}}, `"access_tokens":[""]`},
		{"nobody's pointer", (*gen.LinkTokenCreateRequest)(nil), `"v":`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var text, object bytes.Buffer
			slog.New(slog.NewTextHandler(&text, nil)).Info("call", "v", c.with, slog.Group("g", "v", c.with))
			slog.New(slog.NewJSONHandler(&object, nil)).Info("call", "v", c.with, slog.Group("g", "v", c.with))
			require.Contains(t, object.String(), c.want)
			require.True(t, stdjson.Valid(object.Bytes()))
			require.NotContains(t, text.String()+object.String(), "de3ce8ef")
		})
	}
}

// TestAccessTokenInAPanic has programs crash, because what the runtime prints has rules of its own. The program is this
// test, started again with the number of a value.
func TestAccessTokenInAPanic(t *testing.T) {
	values := []any{
		secret, new(secret), fmt.Errorf("no item of %v", secret), []gen.AccessToken{secret},
		gen.ItemPublicTokenExchangeResponse{AccessToken: secret}, &gen.LinkTokenCreateRequest{AccessToken: secret},
	}
	if number := os.Getenv("GEN_TEST_PANIC"); number != "" {
		i, err := strconv.Atoi(number)
		require.NoError(t, err)
		panic(values[i])
	}
	for i, value := range values {
		func() {
			defer func() {
				got := recover()
				require.NotContains(t, fmt.Sprintf("recovered: %v %+v %#v %s", got, got, got, got), "de3ce8ef")
			}()
			panic(value)
		}()
		program := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAccessTokenInAPanic$")
		program.Env = append(os.Environ(), fmt.Sprintf("GEN_TEST_PANIC=%d", i))
		out, err := program.CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(out), "panic: ")
		require.NotContains(t, string(out), "de3ce8ef", "%T", value)
	}
}

func TestAccessTokenIsSentAsItself(t *testing.T) {
	resp := gen.ItemPublicTokenExchangeResponse{AccessToken: secret, ItemID: "i", RequestID: "r"}
	const want = `{"access_token":"access-sandbox-de3ce8ef-33f8-452c-a685-8671031fc0f6","item_id":"i","request_id":"r"}`
	v1, err := stdjson.Marshal(resp)
	require.NoError(t, err)
	require.Equal(t, want, string(v1))
	v2, err := json.Marshal(resp)
	require.NoError(t, err)
	require.JSONEq(t, want, string(v2))

	var back gen.ItemPublicTokenExchangeResponse
	require.NoError(t, stdjson.Unmarshal(v1, &back))
	require.Equal(t, resp, back)
}
