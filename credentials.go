package plaidlink

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// Credentials are what a Plaid account calls its keys. The secret differs by environment.
type Credentials struct {
	ClientID string // the same in every environment; safe to show
	Secret   Secret // of one environment
}

// Format prints the client id and the redacted secret, whatever the verb: behind a nested pointer, fmt would not ask Secret.
func (c Credentials) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "{%s %s}", c.ClientID, c.Secret) }

// Secret prints as [redacted] in fmt, in a panic, through slog and in encoding/json. Other encoders get an error, so that no
// file holds a redacted text in place of a secret. Decoding works, so a configuration can be read into one; string(s)
// returns it in clear.
//
// Three ways around it cannot be closed, because nothing asks the type there: an unexported field of your own struct, in
// fmt; a verb that does not suit its value, such as %w or %p, which go vet refuses; and the key of a map, in encoding/json.
type Secret string

// String returns "[redacted]", or an empty text where there is no secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return safe.Redacted
}

// GoString returns the redacted form, for printers that do not ask Format.
func (s Secret) GoString() string { return s.String() }

// Format prints the redacted form for every verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// LogValue returns the redacted form.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON returns the redacted form.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalText returns an error: gob, YAML, XML and the like do not encode a secret.
func (s Secret) MarshalText() ([]byte, error) { return nil, errSecretEncoded }

// MarshalBinary returns an error, as MarshalText does.
func (s Secret) MarshalBinary() ([]byte, error) { return nil, errSecretEncoded }

var errSecretEncoded = errors.New("plaidlink: a Secret is not encoded; write string(secret) where you mean to store it")

// UnmarshalText reads a secret.
func (s *Secret) UnmarshalText(text []byte) error { *s = Secret(text); return nil }

// UnmarshalBinary reads a secret.
func (s *Secret) UnmarshalBinary(data []byte) error { *s = Secret(data); return nil }

// validate refuses what cannot be a header. It never shows the value.
func (c Credentials) validate() error {
	var errs []error
	for _, f := range []struct{ name, value string }{{"client id", c.ClientID}, {"secret", string(c.Secret)}} {
		switch {
		case f.value == "":
			errs = append(errs, fmt.Errorf("the %s is empty", f.name))
		case strings.TrimSpace(f.value) != f.value:
			errs = append(errs, fmt.Errorf("the %s begins or ends with white space", f.name))
		case strings.ContainsFunc(f.value, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }):
			errs = append(errs, fmt.Errorf("the %s has a line break or another character that no header can carry", f.name))
		}
	}
	return errors.Join(errs...)
}

// closures keep the credentials where no printer reaches them: sign adds them to a request, and scrub takes the secret out of
// a text.
func (c Credentials) closures(userAgent string) (sign func(http.Header), scrub func([]byte) []byte) {
	agent, version := []string{userAgent}, []string{APIVersion}
	id, secret := []string{c.ClientID}, []string{string(c.Secret)}
	sign = func(h http.Header) {
		h["User-Agent"], h["Plaid-Version"], h["Plaid-Client-Id"], h["Plaid-Secret"] = agent, version, id, secret
	}
	return sign, func(text []byte) []byte { return safe.Secret(text, secret[0], 4) }
}
