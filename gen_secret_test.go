package plaidlink_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

const itemSecret = "access-sandbox-de3ce8ef-33f8-452c-a685-8671031fc0f6"

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%10.3v", "%T"}

// No generated type shows an access token that it holds, at any depth, in fmt or slog.
func TestTypesDoNotShowAccessTokens(t *testing.T) {
	var holders []string
	for _, typ := range objectTypes() {
		value := reflect.New(typ)
		if fillTokens(value.Elem()) == 0 {
			continue
		}
		holders = append(holders, typ.Name())
		for how, printed := range prints(value.Interface(), value.Elem().Interface()) {
			require.NotEmpty(t, printed)
			require.NoError(t, showsSecret(printed), "%s %s", typ, how)
		}
		data, err := codecs[0].marshal(value.Interface())
		require.NoError(t, err)
		require.Error(t, showsSecret(string(data)), "it must be sent as it is")
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
	for how, printed := range prints(&careless{itemSecret, []string{itemSecret}}, careless{itemSecret, []string{itemSecret}}) {
		if !strings.HasSuffix(how, "%T") && !strings.HasSuffix(how, "%10.3v") {
			require.Error(t, showsSecret(printed), how)
		}
	}
}

// prints is everything that fmt and slog make of a value, by how.
func prints(pointer, value any) map[string]string {
	type wrapped struct{ V any }
	all := map[string]string{}
	for _, verb := range verbs {
		all["pointer "+verb] = fmt.Sprintf(verb, pointer)
		all["value "+verb] = fmt.Sprintf(verb, value)
		all["slice "+verb] = fmt.Sprintf(verb, []any{value})
		all["map "+verb] = fmt.Sprintf(verb, map[string]any{"v": value})
		all["struct "+verb] = fmt.Sprintf(verb, wrapped{value})
	}
	var text, object bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewTextHandler(&text, nil)), slog.New(slog.NewJSONHandler(&object, nil))} {
		logger.Info("call", "value", value, "pointer", pointer, slog.Group("group", "value", value))
		logger.With("request", value).WithGroup("g").Info("call", "value", value)
	}
	all["slog text"], all["slog json"] = text.String(), object.String()
	return all
}

// showsSecret finds the secret in clear, in hex with or without spaces, or a good part of it.
func showsSecret(printed string) error {
	printed = strings.ToLower(strings.ReplaceAll(printed, " ", ""))
	part := itemSecret[len("access-sandbox-"):]
	for _, form := range []string{part, part[:8], hex.EncodeToString([]byte(part))} {
		if strings.Contains(printed, form) {
			return fmt.Errorf("%q shows the secret", printed)
		}
	}
	return nil
}

// fillTokens fills a value, so that whatever can hold an access token holds one, and counts them.
func fillTokens(v reflect.Value) (tokens int) {
	switch {
	case v.Type() == reflect.TypeFor[gen.AccessToken]():
		v.SetString(itemSecret)
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
