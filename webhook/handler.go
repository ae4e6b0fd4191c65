package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// Bounds of a request.
const (
	maxBodyBytes = 1 << 20
	readTimeout  = 10 * time.Second
	drainTimeout = time.Second // in which the server may read what was refused, to keep the connection
)

// Handler receives webhooks, and calls fn for each one that is verified, with the request's context, perhaps several times
// at once. It responds with these statuses, and with nothing more for the sender: the reason is in the log, see
// [WithLogger].
//
//	200  fn returned nil, or WithSeen knows the event
//	401  ErrInvalid
//	405  the method is not POST
//	413  the body is over 1 MiB
//	408  the body did not arrive within 10 s; 400, it broke off
//	503  ErrKeyUnavailable
//	500  fn or WithSeen returned an error, ErrDecode, or the verifier was not made correctly
//
// Plaid delivers again what did not get 200 within 10 s. The signature is verified before the body is read, so that nobody
// else can fill the memory. A panic of fn is left to the server. The time for the body is bounded where the
// [http.ResponseWriter] can do it.
func (v *Verifier) Handler(fn func(context.Context, Event) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, status, err := v.receive(w, r, fn)
		if err != nil {
			v.log(r.Context(), status, e, err)
			http.Error(w, http.StatusText(status), status)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// receive returns the event, and where there is an error, the status to respond.
func (v *Verifier) receive(w http.ResponseWriter, r *http.Request, fn func(context.Context, Event) error) (Event, int, error) {
	ctx := r.Context()
	if fn == nil {
		return Event{}, http.StatusInternalServerError, errors.New("webhook: Handler: expected a function, found nil")
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return Event{}, http.StatusMethodNotAllowed, fmt.Errorf("webhook: the method is %.20q, expected POST", r.Method)
	}
	if err := v.usable(ctx); err != nil {
		return Event{}, http.StatusInternalServerError, err
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(readTimeout)) // not every server has deadlines
	t, err := readToken(r.Header, v.keys.now(), v.leeway)
	if err == nil {
		err = v.keys.verify(ctx, t)
	}
	if err != nil {
		_ = control.SetReadDeadline(time.Now().Add(drainTimeout))
		return Event{}, statusOf(err), err
	}
	body, status, err := readBody(w, r)
	if err != nil {
		return Event{}, status, err
	}
	_ = control.SetReadDeadline(time.Time{}) // passing it later would end the request's context
	if err := t.covers(body); err != nil {
		return Event{}, statusOf(err), err
	}
	e, err := newEvent(t.issuedAt, body)
	if err != nil {
		return e, statusOf(err), err
	}
	if v.seen != nil && e.ID != "" {
		seen, err := v.seen(ctx, e)
		if err != nil || seen {
			return e, http.StatusInternalServerError, err
		}
	}
	return e, http.StatusInternalServerError, fn(ctx, e)
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, int, error) {
	if r.Body == nil { // as adapters to other servers leave it
		return nil, 0, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return body, 0, nil
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("webhook: the body is over %d bytes", maxBodyBytes)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, http.StatusRequestTimeout, fmt.Errorf("webhook: the body did not arrive within %v", readTimeout)
	}
	return nil, http.StatusBadRequest, fmt.Errorf("webhook: the body broke off: %w", err)
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, ErrInvalid):
		return http.StatusUnauthorized
	case errors.Is(err, ErrKeyUnavailable):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// log writes one record for a webhook that did not get 200. Its fields are these and no others; none holds a body, a header
// or a token.
func (v *Verifier) log(ctx context.Context, status int, e Event, err error) {
	if v == nil || v.keys == nil {
		return
	}
	text := "plaid: webhook refused"
	if status >= http.StatusInternalServerError {
		text = "plaid: webhook failed"
	}
	attrs := []slog.Attr{slog.Int("status", status), slog.String("reason", reason(err))}
	if !e.IssuedAt.IsZero() { // it is verified
		attrs = append(attrs, e.attrs()...)
	}
	warn(ctx, v.keys.logger, text, attrs...)
}

// warn writes a record to a logger, if there is one. A logger that panics harms nothing.
func warn(ctx context.Context, logger *slog.Logger, text string, attrs ...slog.Attr) {
	if logger == nil {
		return
	}
	defer func() { _ = recover() }()
	logger.LogAttrs(ctx, slog.LevelWarn, text, attrs...)
}

const maxReason = 4 << 10

// reason is the text of an error, which may be the user's own: without tokens, and bounded.
func reason(err error) string {
	text := safe.Tokens(err.Error())
	return text[:min(len(text), maxReason)]
}
