package plaidlink

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// Error is why a call failed: Plaid refused it, or there was no response that could be used. Find it with [errors.As]; compare
// its code or type with [errors.Is]:
//
//	errors.Is(err, plaidlink.CodeInvalidLinkToken)
//
// It wraps what caused it: the context's error and cause, an error of the network, [ErrTooLarge] and the like. Neither its
// text nor that of an error that it wraps has a secret, a token or a body.
type Error struct {
	Operation  string // operationId of the specification
	StatusCode int    // 0 where there was no response

	// What Plaid responded. All are empty where the response was not from Plaid.
	Type             ErrorType
	Code             ErrorCode
	CodeReason       string // a finer code, rarely given
	Message          string // for developers; its wording may change
	DisplayMessage   string // for the user; often empty
	RequestID        string // for Plaid's support
	DocumentationURL string
	SuggestedAction  string

	RetryAfter      time.Duration // how long the server asked to wait; 0 where it did not
	Attempts        int           // made in all; 0 where the call ended before the first
	MaybeCarriedOut bool          // whether an attempt may have had its effect, though the call failed
	Earlier         []error       // of the attempts before the last, each an *Error; see also WithCallTimeout

	// Raw is the body of the last response, without your secret; of one that is not a success, the first 64 KiB. It may
	// hold tokens, so that none is lost, and is never part of a text, of JSON, YAML, XML or MessagePack; gob returns an error.
	Raw []byte `json:"-" yaml:"-" xml:"-" msgpack:"-"`

	cause error
}

// Causes beside the context's and the network's; for errors.Is.
var (
	ErrAttemptTimeout = transport.ErrTimeout                                                            // see WithAttemptTimeout
	ErrRedirect       = errors.New("the server redirected the request, and redirects are not followed") // your base URL is wrong, or a proxy interferes
	ErrDecode         = errors.New("the response cannot be decoded")                                    // not JSON, or not of the specification's types
	ErrIncomplete     = errors.New("incomplete response")                                               // it lacks what it is for, such as its token
	ErrTooLarge       = transport.ErrTooLarge                                                           // see WithMaxResponseBytes
)

// errStatus is the cause of errors of which nothing but the status is known.
var errStatus = errors.New("the status is not a success")

// newError returns the error of a call as it is now: of its last attempt, or of what came before or after that.
func (c *Client) newError(call *call, cause error) *Error {
	response := call.response
	e := &Error{
		Operation:       call.operation.ID,
		StatusCode:      response.Status,
		Attempts:        call.attempts,
		MaybeCarriedOut: call.maybe,
		Earlier:         call.earlier,
		Raw:             c.scrub(response.Body),
		cause:           safe.Error(cause, c.mask),
	}
	if response.Status != 0 && response.Status/100 != 3 && !call.succeeded() {
		readAPIError(response.Body).fill(e, c.mask)
		e.RetryAfter = retry.RetryAfter(response.Header, time.Now())
	} else {
		e.RequestID = c.mask(requestID(response.Body)) // the only thing that is read of it
	}
	return e
}

// Error returns one line of at most 2 kB: the operation, the status, what went wrong and, in brackets, what support and
// operators ask for. Characters that do not print are escaped as in Go.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "plaidlink: %s: ", cut(e.Operation, maxNameBytes))
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, "%d ", e.StatusCode)
	}
	b.WriteString(cut(e.reason(), maxReasonBytes))
	var notes []string
	if e.RequestID != "" {
		notes = append(notes, "request_id "+cut(e.RequestID, maxNameBytes))
	}
	if e.Attempts > 1 {
		notes = append(notes, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if e.MaybeCarriedOut {
		notes = append(notes, "perhaps carried out")
	}
	if len(notes) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(notes, ", "))
	}
	return b.String()
}

// Bounds of the parts of an error's text, in bytes. Plaid's are far shorter.
const (
	maxReasonBytes = 1500
	maxNameBytes   = 100
)

// cut returns a text as one line of about max bytes at most.
func cut(text string, max int) string {
	line := safe.Line(strings.ToValidUTF8(text[:min(len(text), max)], "\ufffd"))
	if len(text) <= max && len(line) <= max {
		return line
	}
	return strings.TrimRight(strings.ToValidUTF8(line[:min(len(line), max)], ""), "\ufffd") + "…"
}

// reason is the middle of the text.
func (e *Error) reason() string {
	var parts []string
	if e.Code != "" || e.Type != "" {
		parts = append(parts, fmt.Sprintf("%s/%s", cut(string(e.Type), maxNameBytes), cut(string(e.Code), maxNameBytes)))
		if e.Message != "" {
			parts = append(parts, e.Message)
		}
	}
	switch {
	case e.cause == nil && len(parts) == 0:
		return "failed"
	case e.cause == nil:
	case !errors.Is(e.cause, errStatus):
		parts = append(parts, e.cause.Error())
	case len(parts) == 0:
		return strings.TrimPrefix(http.StatusText(e.StatusCode)+": the response is not from Plaid", ": ")
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is makes codes and types targets of errors.Is.
func (e *Error) Is(target error) bool {
	switch t := target.(type) {
	case ErrorCode:
		return t != "" && e.Code == t
	case ErrorType:
		return t != "" && e.Type == t
	}
	return false
}

// Temporary reports whether the same call may succeed later without a change: rate limits, failures of Plaid, of the
// institution or of the network, and timeouts. It does not mean that a retry is safe; see MaybeCarriedOut.
func (e *Error) Temporary() bool {
	switch e.Code {
	case CodeInstitutionDown, CodeInstitutionNotResponding, CodeInstitutionNotAvailable:
		return true
	case CodeCreditsExhausted:
		return false
	}
	switch {
	case e.StatusCode != 0 && e.StatusCode != http.StatusOK:
		return e.StatusCode == http.StatusTooManyRequests || e.StatusCode >= 500
	case e.Attempts == 0, errors.Is(e.cause, ErrDecode), errors.Is(e.cause, ErrIncomplete):
		return false
	}
	f := transport.Failure(e.cause)
	return f == retry.Unsent || f == retry.Ambiguous
}

// Timeout reports whether the call, or its last attempt, took too long: an attempt timeout, a deadline or a timeout of the
// network. With it an Error is a [net.Error].
func (e *Error) Timeout() bool {
	var timeout interface{ Timeout() bool }
	return errors.As(e.cause, &timeout) && timeout.Timeout()
}

// Format prints the text for every verb, so that no dump shows Raw.
func (e Error) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.Error()) }

// GobEncode returns an error: gob has no way to leave Raw out.
func (e Error) GobEncode() ([]byte, error) {
	return nil, errors.New("plaidlink: an Error is not encoded with gob, because of Raw; encode the fields that you need")
}

// GoString returns the text, for printers that do not ask Format.
func (e Error) GoString() string { return e.Error() }

// LogValue returns a group of the fields that are safe in a log, bounded as in the text.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", cut(e.Operation, maxNameBytes)),
		slog.Int("status", e.StatusCode),
		slog.String("type", cut(string(e.Type), maxNameBytes)),
		slog.String("code", cut(string(e.Code), maxNameBytes)),
		slog.String("reason", cut(e.reason(), maxReasonBytes)),
		slog.String("request_id", cut(e.RequestID, maxNameBytes)),
		slog.Int("attempts", e.Attempts),
		slog.Bool("maybe_carried_out", e.MaybeCarriedOut),
	)
}
