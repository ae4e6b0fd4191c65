package outbox

import (
	"context"
	"time"
)

// Wake delivers what is due; call it after the clock was moved. It does not wait.
func (o *Outbox) Wake() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.wake()
}

// wake makes the goroutine look at the clock; where there is none, it is started.
func (o *Outbox) wake() {
	switch {
	case o.ctx.Err() != nil:
	case o.idle != nil:
		o.woken = true
	default:
		o.idle = make(chan struct{})
		go o.run()
	}
}

// Wait returns when no attempt is under way and none is due: each webhook was delivered, was given up or waits for its
// next attempt. After Close it returns at once. The error is that of ctx, where ctx ends first.
func (o *Outbox) Wait(ctx context.Context) error {
	o.mu.Lock()
	o.wake()
	idle := o.idle
	o.mu.Unlock()
	if idle == nil { // closed
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close cuts the attempt under way off, gives up what is pending, and returns when no goroutine and no timer is left.
// It may be called again. A Client that does not heed a request's context holds it up.
func (o *Outbox) Close() {
	o.mu.Lock()
	o.cut(errClosed)
	o.timer.Stop()
	for _, d := range o.kept {
		d.end(GivenUp, errClosed.Error())
	}
	idle := o.idle
	o.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

// run makes the attempts that are due, one after the other, and ends when none is.
func (o *Outbox) run() {
	for {
		now := o.config.Now()
		o.mu.Lock()
		d, tried := o.next(now)
		if d == nil && !o.woken { // else the clock may have been moved since it was read
			o.rest(tried, now)
			o.mu.Unlock()
			return
		}
		o.woken = false
		o.mu.Unlock()
		if d == nil {
			continue
		}
		attempt := o.send(d)
		now = o.config.Now()
		o.mu.Lock()
		d.attempted(attempt, now)
		if o.config.FailuresStop && o.mostlyFails(now) {
			d.end(GivenUp, "over 90 % of the attempts of the last 24 hours failed")
		}
		o.mu.Unlock()
	}
}

// next returns the webhook to try now, and of those that were tried the one whose next attempt is the soonest; nil for none.
// What was not tried yet is due whatever the clock shows, in the order in which it was put: moving the clock back holds up none
// of it.
func (o *Outbox) next(now time.Time) (due, tried *Delivery) {
	for _, d := range o.kept {
		switch {
		case d.State != Pending:
		case len(d.Attempts) > 0:
			if tried == nil || d.Next.Before(tried.Next) {
				tried = d
			}
		case due == nil:
			due = d
		}
	}
	if tried != nil && !tried.Next.After(now) && (due == nil || !tried.Next.After(due.Created)) { // due longer than the other waits
		due = tried
	}
	return due, tried
}

// shortestTimer keeps a clock that stands still just before the next attempt from keeping a processor busy.
const shortestTimer = time.Millisecond

// rest ends the goroutine as far as others see, and sets the one timer to the next attempt. Nothing is due.
func (o *Outbox) rest(next *Delivery, now time.Time) {
	close(o.idle)
	o.idle = nil
	o.timer.Stop()
	if next != nil {
		o.timer.Reset(max(next.Next.Sub(now), shortestTimer))
	}
}

// fewestAttempts is how many attempts it takes to speak of a share that failed.
const fewestAttempts = 10

// mostlyFails reports whether over 90 % of the attempts of the last 24 hours failed.
func (o *Outbox) mostlyFails(now time.Time) bool {
	made, failed := 0, 0
	for _, d := range o.kept {
		for _, a := range d.Attempts {
			if a.Time.Before(now.Add(-lifetime)) {
				continue
			}
			if made++; a.Status != 200 {
				failed++
			}
		}
	}
	return made >= fewestAttempts && failed*10 > made*9
}

// State is what became of a webhook so far.
type State string

// The states.
const (
	Pending   State = "pending"   // an attempt is under way, or comes at Delivery.Next
	Delivered State = "delivered" // a response of 200 arrived in time
	GivenUp   State = "given up"  // neither delivered nor tried any more; Delivery.Reason is why
	NotSent   State = "not sent"  // never tried; Delivery.Reason is why
)

// Delivery is a webhook, with what became of it. Times are of the sandbox's clock.
type Delivery struct {
	ID          string    // for Outbox.Duplicate
	DuplicateOf string    // ID of the one that this is a duplicate of; empty elsewhere
	URL         string    // where it goes: Config.Target, if there is one
	Type, Code  string    // webhook_type and webhook_code
	Body        string    // the bytes that are signed and sent
	Created     time.Time // when it was put
	Attempts    []Attempt // oldest first, at most 7; without the one under way
	State       State
	Reason      string    // why it was given up or not sent; empty elsewhere
	Next        time.Time // when the next attempt is due; zero when none is

	Signature string // of every attempt; empty where each is signed anew
}

// Attempt is one request, and its response.
type Attempt struct {
	Time   time.Time // when it began
	Status int       // of the response; 0 without one
	Error  string    // why there is no response; empty where there is one

	Signature string // the header Plaid-Verification
}

// lifetime is how long after its creation a webhook is tried.
const lifetime = 24 * time.Hour

// delays are those between attempts: after the seventh the next would be more than 24 hours old.
var delays = [...]time.Duration{
	30 * time.Second, 2 * time.Minute, 8 * time.Minute, 32 * time.Minute, 128 * time.Minute, 512 * time.Minute,
}

// attempted notes an attempt that ended now, and when the next is due.
func (d *Delivery) attempted(a Attempt, now time.Time) {
	d.Attempts = append(d.Attempts, a)
	if a.Status == 200 {
		d.end(Delivered, "")
		return
	}
	if d.State != Pending {
		return // given up while the attempt was under way
	}
	if tried := len(d.Attempts); tried <= len(delays) {
		d.Next = now.Add(delays[tried-1])
		if !d.Next.After(d.Created.Add(lifetime)) {
			return
		}
	}
	d.end(GivenUp, "no response of 200 within 24 hours")
}

// end ends a webhook; one that was delivered or not sent stays as it is.
func (d *Delivery) end(state State, reason string) {
	if d.State == Pending || state == Delivered {
		d.State, d.Reason, d.Next = state, reason, time.Time{}
	}
}
