package gen_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// No generated type shows an access token that it holds, at any depth, in fmt or slog.
func TestTypesDoNotShowAccessTokens(t *testing.T) {
	var holders []string
	for _, typ := range objectTypes() {
		value := reflect.New(typ)
		if fillTokens(value.Elem()) == 0 {
			continue
		}
		holders = append(holders, typ.Name())
		for how, printed := range wiretest.Prints(value.Interface(), value.Elem().Interface()) {
			require.NotEmpty(t, printed)
			require.NoError(t, wiretest.Leak(printed), "%s %s", typ, how)
		}
		data, err := codecs[0].marshal(value.Interface())
		require.NoError(t, err)
		require.Error(t, wiretest.Leak(string(data)), "it must be sent as it is")
	}
	require.ElementsMatch(t, []string{
		"AccountsGetRequest", "ItemAccessTokenInvalidateRequest", "ItemAccessTokenInvalidateResponse", "ItemGetRequest",
		"ItemPublicTokenExchangeResponse", "ItemRemoveRequest", "ItemWebhookUpdateRequest", "LinkTokenCreateRequest",
		"LinkTokenCreateRequestIncomeVerification", "SandboxItemFireWebhookRequest", "SandboxItemResetLoginRequest",
	}, holders)
}

func TestShownTokensAreFound(t *testing.T) {
	type careless struct {
		AccessToken string
		Tokens      []string
	}
	for how, printed := range wiretest.Prints(&careless{wiretest.AccessToken, []string{wiretest.AccessToken}}, careless{wiretest.AccessToken, []string{wiretest.AccessToken}}) {
		if !strings.HasSuffix(how, "%T") && !strings.HasSuffix(how, "%10.3v") {
			require.Error(t, wiretest.Leak(printed), how)
		}
	}
}

// fillTokens fills a value, so that whatever can hold an access token holds one, and counts them.
func fillTokens(v reflect.Value) (tokens int) {
	switch {
	case v.Type() == reflect.TypeFor[gen.AccessToken]():
		v.SetString(wiretest.AccessToken)
		return 1
	case v.Type() == reflect.TypeFor[time.Time](), v.Type() == reflect.TypeFor[gen.Date](), v.Kind() == reflect.Map:
		return 0
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fillTokens(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		return fillTokens(v.Index(0)) + fillTokens(v.Index(1))
	case reflect.Struct:
		for i := range v.NumField() {
			tokens += fillTokens(v.Field(i))
		}
	}
	return tokens
}
