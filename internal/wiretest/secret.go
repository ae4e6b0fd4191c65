package wiretest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
)

// AccessToken is an access token that [Leak] finds.
const AccessToken = "access-sandbox-de3ce8ef-33f8-452c-a685-8671031fc0f6"

// Verbs are the formats that [Prints] prints with.
var Verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%10.3v", "%T"}

// Prints returns all that fmt and slog make of a value and of a pointer to it, by how.
func Prints(pointer, value any) map[string]string {
	type wrapped struct{ V any }
	all := map[string]string{}
	for _, verb := range Verbs {
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

// Leak returns an error if a text shows a good part of [Secret] or [AccessToken]: in clear, in hex, as decimal bytes, with or
// without spaces, or in base64.
func Leak(printed string) error {
	plain := strings.NewReplacer(" ", "", ",", "", "0x", "").Replace(strings.ToLower(printed))
	unique := AccessToken[len("access-sandbox-"):]
	for _, secret := range []struct{ whole, part string }{{Secret, Secret[:2*len(Secret)/3]}, {unique, unique[:8]}} {
		forms := []string{secret.part, hex.EncodeToString([]byte(secret.part)), strings.Trim(strings.ReplaceAll(fmt.Sprint([]byte(secret.part)), " ", ""), "[]")}
		for shift := range 3 {
			encoded := base64.StdEncoding.EncodeToString([]byte("___"[:shift] + secret.whole))
			forms = append(forms, strings.ToLower(encoded[4:len(encoded)-4]))
		}
		for _, form := range forms {
			if strings.Contains(plain, form) {
				return fmt.Errorf("%q shows %q as %q", printed, secret.whole, form)
			}
		}
	}
	return nil
}
