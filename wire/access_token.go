package wire

import (
	"fmt"
	"log/slog"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// AccessToken is the secret that opens one Item's data. It does not expire. It prints as [redacted] with every verb of
// fmt, in a panic and through slog, and so do the generated types that have one. encoding/json writes it as it is,
// and string(t) returns it in clear.
//
// Three ways around it cannot be closed, because nothing asks the type there: an unexported field of your own struct, in
// fmt; a verb that does not suit its value, such as %w, or %s for a pointer within your own struct, which go vet reports;
// and a slice, map or struct of your own in slog's JSON handler, which uses encoding/json.
type AccessToken string

// String is "[redacted]", or empty if t is empty.
func (t AccessToken) String() string {
	if t == "" {
		return ""
	}
	return safe.Redacted
}

// GoString is the redacted form, for printers that do not ask Format.
func (t AccessToken) GoString() string { return t.String() }

// Format prints the redacted form for every verb.
func (t AccessToken) Format(f fmt.State, _ rune) { fmt.Fprint(f, t.String()) }

// LogValue is the redacted form.
func (t AccessToken) LogValue() slog.Value { return slog.StringValue(t.String()) }
