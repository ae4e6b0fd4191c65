package webhook

import (
	"errors"
	"fmt"
)

// Why [Verifier.Verify] refuses; for errors.Is. The error's own text names the check that failed, and has no body and no
// token.
var (
	// ErrInvalid: the webhook is not Plaid's, or too old. Respond 401.
	ErrInvalid = errors.New("webhook: not valid")
	// ErrKeyUnavailable: the key cannot be fetched now, so nobody can know. Respond 503: Plaid delivers again.
	ErrKeyUnavailable = errors.New("webhook: the key is not available")
	// ErrDecode: the webhook is Plaid's, but its body is not of the known form. Verify returns the Event with it, whole but
	// for ID and Payload, and where the body is not a JSON object, Type and Code. Respond 500, or go by Raw.
	ErrDecode = errors.New("webhook: the body cannot be decoded")
)

// failure is an error of Verify.
type failure struct {
	kind   error // one of the above
	reason string
	cause  error // or nil
}

func (f *failure) Error() string { return "webhook: " + f.reason }

func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{f.kind}
	}
	return []error{f.kind, f.cause}
}

func invalid(format string, args ...any) error {
	return &failure{kind: ErrInvalid, reason: fmt.Sprintf(format, args...)}
}

func unavailable(kid string, cause error) error {
	return &failure{kind: ErrKeyUnavailable, reason: fmt.Sprintf("key %q cannot be fetched: %v", kid, cause), cause: cause}
}
