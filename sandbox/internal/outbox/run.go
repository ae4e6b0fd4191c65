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
		d := o.due(now)
		if d == nil && !o.woken { // else the clock may have been moved since it was read
			o.rest(now)
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

// due returns the webhook to try now; nil for none. Those that were not tried yet are due whatever the clock shows, in the
// order they were put: moving the clock back holds up none of them.
func (o *Outbox) due(now time.Time) *Delivery {
	var untried, retried *Delivery
	for _, d := range o.kept {
		switch {
		case d.State != Pending:
		case len(d.Attempts) == 0:
			if untried == nil {
				untried = d
			}
		case !d.Next.After(now) && (retried == nil || d.Next.Before(retried.Next)):
			retried = d
		}
	}
	if untried == nil || retried != nil && !retried.Next.After(untried.Created) { // due longer than the other waits
		return retried
	}
	return untried
}

// shortestTimer keeps a clock that stands still just before the next attempt from keeping a processor busy.
const shortestTimer = time.Millisecond

// rest ends the goroutine as far as others see, and sets the one timer to the next attempt. Nothing is due.
func (o *Outbox) rest(now time.Time) {
	close(o.idle)
	o.idle = nil
	o.timer.Stop()
	var next time.Time
	for _, d := range o.kept {
		if d.State == Pending && (next.IsZero() || d.Next.Before(next)) {
			next = d.Next
		}
	}
	if !next.IsZero() {
		o.timer.Reset(max(next.Sub(now), shortestTimer))
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
