// Package outbox delivers the sandbox's webhooks: signed, one at a time, in the order they were put, and again after a
// failure as Plaid does.
//
// A webhook is delivered when its receiver answers 200 within 10 seconds of real time. After anything else it is tried
// again, 30 seconds later and then after delays four times as long, until the next attempt would be more than 24 hours
// after the webhook was made. The delays are of the sandbox's clock: Wake tells that a test moved it. An attempt that the
// clock was moved past is made once, late, and the next delay counts from there.
//
// No goroutine runs while nothing is due, and no lock is held while a receiver answers or a function of Config is called.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxKept is how many webhooks are kept.
const maxKept = 1000

const closedReason = "the sandbox was closed"

var errClosed = errors.New(closedReason)

// Config is what New needs. Only Target and Client may be left out. The functions are called from any goroutine.
type Config struct {
	Now    func() time.Time                  // the sandbox's clock; call Wake after moving it
	Sign   func(body []byte) (string, error) // makes the header Plaid-Verification of one attempt
	Target string                            // URL that gets every webhook; empty: each goes to its own URL, on loopback only
	NewID  func() string                     // of a Delivery

	// Client sends; the outbox uses a copy that follows no redirect. Without it one is made that knows no proxy, keeps no
	// idle connection, and takes localhost for 127.0.0.1 and ::1 without asking a name server.
	Client *http.Client
}

// Outbox holds the webhooks. Make one with New; its methods may be called from several goroutines.
type Outbox struct {
	config Config
	client *http.Client
	ctx    context.Context // of every attempt; ended by Close
	cut    context.CancelCauseFunc

	mu     sync.Mutex // guards what follows
	kept   []*Delivery
	done   chan struct{} // closed when the goroutine ends; nil while there is none
	woken  bool          // whether the goroutine must look again before it ends
	timer  *time.Timer   // wakes when the next attempt is due
	closed bool
}

// New makes an Outbox. Close it. In a bubble of testing/synctest, make it there, with a Client that works in memory.
func New(config Config) *Outbox {
	o := &Outbox{config: config, client: newClient(config.Client)}
	o.ctx, o.cut = context.WithCancelCause(context.Background())
	return o
}

// Put takes a webhook to deliver, and does not wait for it. Without a url, and without a Target, it does nothing. A webhook
// that may not be sent where it should go, or that is put after Close, is kept as NotSent.
//
// 1000 webhooks are kept. The oldest of those that are over makes room for a new one; where all are pending the oldest of
// these does, and is never tried again.
func (o *Outbox) Put(url, webhookType, webhookCode string, body []byte) {
	if o.config.Target != "" {
		url = o.config.Target
	}
	if url == "" {
		return
	}
	o.put(&Delivery{URL: url, Type: webhookType, Code: webhookCode, Body: string(body), Reason: o.refusal(url)})
}

// Again delivers one of Deliveries once more, as Plaid does at times: as a new Delivery with the same body, behind what is
// due. It does not wait. The error says that there is none with this id, that it may not be sent, or that Close was called.
func (o *Outbox) Again(id string) error {
	o.mu.Lock()
	at := slices.IndexFunc(o.kept, func(d *Delivery) bool { return d.ID == id })
	if at < 0 || o.closed || o.kept[at].State == NotSent {
		defer o.mu.Unlock()
		return o.refuseAgain(id, at)
	}
	known := o.kept[at]
	copied := &Delivery{DuplicateOf: id, URL: known.URL, Type: known.Type, Code: known.Code, Body: known.Body}
	o.mu.Unlock()
	o.put(copied)
	return nil
}

func (o *Outbox) refuseAgain(id string, at int) error {
	switch {
	case o.closed:
		return fmt.Errorf("outbox: again: %w", errClosed)
	case at < 0:
		return fmt.Errorf("outbox: again: no webhook that is kept has the id %q", id)
	default:
		return fmt.Errorf("outbox: again: the webhook %q was not sent: %s", id, o.kept[at].Reason)
	}
}

// put keeps a new Delivery, which is not sent where it has a Reason already.
func (o *Outbox) put(d *Delivery) {
	d.ID, d.Created = o.config.NewID(), o.config.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		d.Reason = closedReason
	}
	if len(o.kept) == maxKept {
		over := max(0, slices.IndexFunc(o.kept, func(d *Delivery) bool { return d.State != Pending }))
		o.kept = slices.Delete(o.kept, over, over+1)
	}
	o.kept = append(o.kept, d)
	if d.Reason != "" {
		d.State = NotSent
		return
	}
	d.State, d.Next = Pending, d.Created
	o.wake()
}

// Deliveries are the webhooks that are kept, in the order they were put. They are copies.
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
