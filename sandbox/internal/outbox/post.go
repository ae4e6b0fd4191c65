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
	responseTimeout = 10 * time.Second
	maxResponse     = 64 << 10 // bytes
	maxError        = 300      // bytes
)

var errSlow = fmt.Errorf("no response within %v", responseTimeout)

// send sends a webhook once. It reads only what stays as it was put.
func (o *Outbox) send(d *Delivery) Attempt {
	attempt := Attempt{Time: o.config.Now()}
	status, signature, err := o.post(d.URL, d.Body, d.Signature)
	attempt.Status, attempt.Signature = status, signature
	if err != nil {
		text := err.Error() // may quote the response
		attempt.Error = strings.ToValidUTF8(text[:min(len(text), maxError)], "")
	}
	return attempt
}

// post returns the status of the response, and the signature that was sent: the given one, or a new one. Its body decides nothing: it is read, within bounds, to let the receiver finish.
func (o *Outbox) post(to, body, signature string) (status int, sent string, err error) {
	ctx, cancel := context.WithTimeoutCause(o.ctx, responseTimeout, errSlow)
	defer cancel()
	defer func() { // Sign and the client are not ours; a panic here would end the program
		if p := recover(); p != nil {
			status, err = 0, fmt.Errorf("panic: %v", p)
		}
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	if signature == "" {
		signature = o.config.Sign([]byte(body))
	}
	request.Header.Set("Plaid-Verification", signature)
	response, err := o.client.Do(request)
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // Delivery has the URL, which may hold a key
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return 0, signature, err
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, maxResponse)
	return response.StatusCode, signature, nil
}
