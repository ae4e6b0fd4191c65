// Package outbox delivers the sandbox's webhooks: signed, one at a time, in the order they were put, and retried as Plaid
// does.
//
// A webhook is delivered when its receiver responds with 200 within 10 seconds of real time. After anything else it is
// retried, 30 seconds later and then after delays four times as long, until the next attempt would be more than 24 hours
// after the webhook was made. The delays are of the sandbox's clock: call Wake after moving it. An attempt that the clock
// was moved past is made once, late, and the next delay counts from there.
//
// No goroutine runs while nothing is due, and no lock is held while a receiver responds or a function of Config is called.
package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
)

// maxKept is how many webhooks are kept.
const maxKept = 1000

var errClosed = errors.New("the sandbox was closed")

// Config is what New needs. Target, Allowed and Client may be left out. The functions are called from any goroutine.
type Config struct {
	Now    func() time.Time         // the sandbox's clock; call Wake after moving it
	Sign   func(body []byte) string // makes the header Plaid-Verification of one attempt
	Target string                   // URL that gets every webhook; empty: each goes to its own URL, on loopback or of an allowed host
	NewID  func() string            // of a Delivery

	Allowed map[string]bool // host names in lower case that a URL of a webhook may have beside loopback

	SignOnce     bool // whether every attempt of a webhook has the signature that was made when it was put
	FailuresStop bool // whether a webhook is given up where over 90 % of the last 24 hours' attempts failed, of 10 or more

	// Client sends; the outbox uses a copy that follows no redirect. Without it one is made that uses no proxy, keeps no
	// idle connection, and takes localhost for 127.0.0.1 and ::1 without asking a name server.
	Client *http.Client
}

// Outbox delivers webhooks. Make one with New; its methods may be called from several goroutines.
type Outbox struct {
	config Config
	client *http.Client
	ctx    context.Context // of every attempt; ended by Close
	cut    context.CancelCauseFunc

	mu    sync.Mutex    // guards what follows: wake, next, rest and mostlyFails are called with it held
	kept  []*Delivery   // in the order they were put
	idle  chan struct{} // closed when the goroutine ends; nil while there is none
	woken bool          // whether the goroutine must look again before it ends
	timer *time.Timer   // wakes when the next attempt is due
}

// New makes an Outbox. Close it. In a bubble of testing/synctest, make it there, with a Client that works in memory.
func New(config Config) *Outbox {
	o := &Outbox{config: config, client: newClient(config.Client)}
	o.ctx, o.cut = context.WithCancelCause(context.Background())
	o.timer = time.AfterFunc(lifetime, o.Wake)
	o.timer.Stop()
	return o
}

// Put takes a webhook to deliver, and does not wait for it. Without a url, and without a Target, it does nothing. A webhook
// that must not be sent where it should go, or that is put after Close, is kept as NotSent.
//
// 1000 webhooks are kept. The oldest of those that are over makes room for a new one; where all are pending the oldest of
// these does, and is never tried again.
func (o *Outbox) Put(url, webhookType, webhookCode string, body []byte) {
	url = cmp.Or(o.config.Target, url)
	if url != "" {
		o.enqueue(&Delivery{URL: url, Type: webhookType, Code: webhookCode, Body: string(body), Reason: o.refusal(url)})
	}
}

// Duplicate delivers one of Deliveries once more, as Plaid does at times: as a new Delivery with the same body, behind what
// is due. It does not wait. The error is that none has this id, that it was not sent, or that Close was called.
func (o *Outbox) Duplicate(id string) error {
	kept := o.Deliveries()
	at := slices.IndexFunc(kept, func(d Delivery) bool { return d.ID == id })
	switch {
	case o.ctx.Err() != nil:
		return errClosed
	case at < 0:
		return fmt.Errorf("no webhook that is kept has the id %q", id)
	case kept[at].State == NotSent:
		return fmt.Errorf("the webhook %q was not sent: %s", id, kept[at].Reason)
	}
	known := kept[at]
	o.enqueue(&Delivery{DuplicateOf: id, URL: known.URL, Type: known.Type, Code: known.Code, Body: known.Body, Signature: known.Signature})
	return nil
}

// enqueue keeps a new Delivery, which is not sent where it has a Reason already, and drops one where there are too many.
func (o *Outbox) enqueue(d *Delivery) {
	d.ID, d.Created = o.config.NewID(), o.config.Now()
	if o.config.SignOnce && d.Signature == "" {
		d.Signature = o.config.Sign([]byte(d.Body))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ctx.Err() != nil {
		d.Reason = errClosed.Error()
	}
	if len(o.kept) == maxKept {
		over := max(0, slices.IndexFunc(o.kept, func(d *Delivery) bool { return d.State != Pending }))
		o.kept = slices.Delete(o.kept, over, over+1)
	}
	o.kept = append(o.kept, d)
	if d.State = NotSent; d.Reason == "" {
		d.State, d.Next = Pending, d.Created
		o.wake()
	}
}

// Deliveries returns copies of the webhooks that are kept, in the order they were put.
func (o *Outbox) Deliveries() []Delivery {
	o.mu.Lock()
	defer o.mu.Unlock()
	copies := make([]Delivery, len(o.kept))
	for i, d := range o.kept {
		copies[i] = *d
		copies[i].Attempts = slices.Clone(d.Attempts)
	}
	return copies
}

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
	ctx, cancel := context.WithTimeoutCause(o.ctx, responseTimeout, fmt.Errorf("no response within %v", responseTimeout))
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
