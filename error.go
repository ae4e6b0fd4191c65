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

// Error is why a call failed: Plaid refused it, or there was no answer that could be used. Find it with errors.As; compare
// its code or type with errors.Is:
//
//	errors.Is(err, plaidlink.CodeInvalidLinkToken)
//
// It also is what caused it: the context's error and cause, an error of the network, ErrTooLarge and the like. Its text
// has no secret, no token and no body.
type Error struct {
	Operation  string // operationId of the specification
	StatusCode int    // 0 where there was no answer

	// What Plaid said. All are empty where the answer was not Plaid's.
	Type             ErrorType
	Code             ErrorCode
	CodeReason       string // a finer code, rarely given
	Message          string // for developers; its wording may change
	DisplayMessage   string // for the user; empty where there is nothing to tell
	RequestID        string // for Plaid's support
	DocumentationURL string
	SuggestedAction  string

	RetryAfter      time.Duration // what the server asked to wait, 0 where it did not
	Attempts        int           // made in all; 0 where the call ended before the first
	MaybeCarriedOut bool          // whether an attempt may have had its effect, though the call failed
	Earlier         []error       // of the attempts before the last, each an *Error

	// Raw is the body of the last answer, without your secret; of one that was not a 200, the first 64 KiB. It may hold
	// tokens, so that none is lost, and is never part of a text or of JSON.
	Raw []byte `json:"-"`

	cause error
}

// Causes beside the context's and the network's; for errors.Is.
var (
	ErrAttemptTimeout = transport.ErrTimeout                                        // see WithAttemptTimeout
	ErrRedirect       = errors.New("the server redirects, which is never followed") // your base URL is wrong, or a proxy interferes
	ErrDecode         = errors.New("the answer cannot be decoded")                  // no JSON, or not of the specification's types
	ErrIncomplete     = errors.New("incomplete answer")                             // it lacks what it is for, such as its token
	ErrTooLarge       = transport.ErrTooLarge                                       // over 8 MiB
)

// errStatus is the cause of errors that are told by their status alone.
var errStatus = errors.New("the status is not 200")

// newError makes the error of a call as it stands: of its last attempt, or of what came before or after that.
func (c *Client) newError(call *call, cause error) *Error {
	answer := call.answer
	e := &Error{
		Operation:       call.operation.ID,
		StatusCode:      answer.Status,
		Attempts:        int(call.attempt.Load()),
		MaybeCarriedOut: call.maybe,
		Earlier:         call.earlier,
		Raw:             c.scrub(answer.Body),
		cause:           &scrubbed{cause, c.mask(transport.SafeText(cause))},
	}
	if cause == errStatus {
		readAPIError(answer.Body).fill(e, c.mask)
		e.RetryAfter = retry.RetryAfter(answer.Header, time.Now())
	} else {
		e.RequestID = c.mask(requestID(answer.Body)) // the only thing that is read of it
	}
	return e
}

// scrubbed is an error with a text that is safe to show.
type scrubbed struct {
	error
	text string
}

func (s *scrubbed) Error() string              { return s.text }
func (s *scrubbed) Unwrap() error              { return s.error }
func (s *scrubbed) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.text) }

// Error reads: operation, status, what went wrong, and in brackets what support and operators ask for. It is one line:
// characters that do not print are escaped as in Go.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "plaidlink: %s: ", e.Operation)
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, "%d ", e.StatusCode)
	}
	b.WriteString(e.reason())
	var notes []string
	if e.RequestID != "" {
		notes = append(notes, "request_id "+e.RequestID)
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
	return safe.Line(b.String())
}

// reason is the middle of the text.
func (e *Error) reason() string {
	switch {
	case e.Code != "" || e.Type != "":
		return fmt.Sprintf("%s/%s: %s", e.Type, e.Code, e.Message)
	case errors.Is(e.cause, errStatus):
		return strings.TrimPrefix(http.StatusText(e.StatusCode)+": the answer is not Plaid's", ": ")
	case e.cause != nil:
		return e.cause.Error()
	}
	return "failed"
}

// Unwrap gives the cause.
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

// Temporary says whether the same call may succeed later without a change: rate limits, failures of Plaid or of the
// institution, of the network, and timeouts. It does not say that repeating is safe; see MaybeCarriedOut.
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

// Format prints the text for every verb, so that no dump shows Raw.
func (e Error) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.Error()) }

// LogValue is a group of the fields that are safe in a log.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation),
		slog.Int("status", e.StatusCode),
		slog.String("type", string(e.Type)),
		slog.String("code", string(e.Code)),
		slog.String("reason", e.reason()),
		slog.String("request_id", e.RequestID),
		slog.Int("attempts", e.Attempts),
		slog.Bool("maybe_carried_out", e.MaybeCarriedOut),
	)
}
