package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
)

const (
	responseTimeout   = 10 * time.Second
	maxResponseHeader = 64 << 10 // bytes
	maxResponse       = 64 << 10 // bytes
	maxError          = 300      // bytes
)

// refusal is why a webhook must not be sent to a URL; it is empty where it may. A target was named by a person and may be
// anywhere. What a link token names may be in the middle of somebody's production, so it must be on this machine, or have a
// name that a person allowed.
func (o *Outbox) refusal(to string) string {
	u, err := url.Parse(to)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "the URL is not of the form http://host or https://host"
	case o.config.Target == "" && !o.allows(u.Hostname()):
		return fmt.Sprintf("host %q is neither on loopback nor allowed: allow it, or set a webhook target, which then gets every webhook", u.Hostname())
	}
	return ""
}

// allows reports whether a link token may name a host. A name below localhost is on this machine only where the outbox dials.
func (o *Outbox) allows(host string) bool {
	return loopback.IsHost(host) || o.config.Client == nil && loopback.IsName(host) || o.config.Allowed[strings.ToLower(host)]
}

// newClient copies a client, or makes one where there is none, and makes it follow no redirect.
func newClient(given *http.Client) *http.Client {
	client := http.Client{Transport: &http.Transport{
		DialContext: loopback.Dialer(new(net.Dialer).DialContext).DialContext,
		// A receiver may close an idle connection at any time, which would fail the next attempt through no fault of its own.
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxResponseHeader,
	}}
	if given != nil {
		client = *given
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

var errSlow = fmt.Errorf("no response within %v", responseTimeout)

// send sends a webhook once. It reads only what stays as it was put.
func (o *Outbox) send(d *Delivery) Attempt {
	attempt := Attempt{Time: o.config.Now(), Signature: d.Signature}
	if err := o.post(d, &attempt); err != nil {
		text := err.Error() // may quote the response
		attempt.Error = strings.ToValidUTF8(text[:min(len(text), maxError)], "")
	}
	return attempt
}

// post notes the status of the response, and the signature where the attempt has none yet. The body decides nothing: it is
// read, within bounds, to let the receiver finish.
func (o *Outbox) post(d *Delivery, attempt *Attempt) (err error) {
	ctx, cancel := context.WithTimeoutCause(o.ctx, responseTimeout, errSlow)
	defer cancel()
	defer func() { // Sign and the client are not ours; a panic here would end the program
		if p := recover(); p != nil {
			attempt.Status, err = 0, fmt.Errorf("panic: %v", p)
		}
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, strings.NewReader(d.Body))
	if err != nil {
		return err
	}
	if attempt.Signature == "" {
		attempt.Signature = o.config.Sign([]byte(d.Body))
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Plaid-Verification", attempt.Signature)
	response, err := o.client.Do(request)
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // Delivery has the URL, which may hold a key
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	defer response.Body.Close()
	attempt.Status = response.StatusCode
	_, _ = io.CopyN(io.Discard, response.Body, maxResponse)
	return nil
}
