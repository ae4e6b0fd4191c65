package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	answerTimeout = 10 * time.Second
	maxAnswer     = 64 << 10 // bytes
	maxError      = 300      // bytes
)

var errSlow = fmt.Errorf("no answer within %v", answerTimeout)

// attempt sends a webhook once. It reads only what stays as it was put.
func (o *Outbox) attempt(d *Delivery) Attempt {
	attempt, began := Attempt{Time: o.config.Now()}, time.Now()
	status, err := o.post(d.URL, d.Body)
	attempt.Status, attempt.Duration = status, time.Since(began)
	if err != nil {
		text := err.Error() // may quote the answer
		attempt.Error = strings.ToValidUTF8(text[:min(len(text), maxError)], "")
	}
	return attempt
}

// post returns the status of the answer. Its body decides nothing: it is read, within bounds, to let the receiver finish.
func (o *Outbox) post(to, body string) (status int, err error) {
	ctx, cancel := context.WithTimeoutCause(o.ctx, answerTimeout, errSlow)
	defer cancel()
	defer func() { // Sign and the client are not ours; a panic here would end the program
		if p := recover(); p != nil {
			status, err = 0, fmt.Errorf("panic: %v", p)
		}
	}()
	signature, err := o.config.Sign([]byte(body))
	if err != nil {
		return 0, fmt.Errorf("sign: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Plaid-Verification", signature)
	answer, err := o.client.Do(request)
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // Delivery has the URL, which may hold a key
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer)
	return answer.StatusCode, nil
}
