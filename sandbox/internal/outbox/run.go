package outbox

import (
	"context"
	"time"
)

// shortestTimer keeps a clock that stands still just before the next attempt from keeping a processor busy.
const shortestTimer = time.Millisecond

// Wake delivers what is due; call it after the clock was moved. It does not wait.
func (o *Outbox) Wake() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.wake()
}

// wake makes the goroutine look at the clock, and starts it where there is none. The caller holds o.mu.
func (o *Outbox) wake() {
	if o.closed {
		return
	}
	o.woken = true
	if o.idle == nil {
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
	if idle == nil {
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
	o.closed = true
	if o.timer != nil {
		o.timer.Stop()
	}
	for _, d := range o.kept {
		d.end(GivenUp, closedReason)
	}
	idle := o.idle
	o.mu.Unlock()
	o.cut(errClosed)
	if idle != nil {
		<-idle
	}
}

// run makes the attempts that are due, one after the other, and ends when none is.
func (o *Outbox) run() {
	for d := o.next(); d != nil; d = o.next() {
		attempt := o.attempt(d)
		now := o.config.Now()
		o.mu.Lock()
		d.attempted(attempt, now)
		o.mu.Unlock()
	}
}

// next is the webhook whose turn it is. Without one it sets the timer, and the goroutine has ended as far as others see.
func (o *Outbox) next() *Delivery {
	for {
		o.mu.Lock()
		o.woken = false
		o.mu.Unlock()
		now := o.config.Now()
		o.mu.Lock()
		d := o.due(now)
		if d == nil && o.woken { // the clock may have been moved since it was read
			o.mu.Unlock()
			continue
		}
		if d == nil {
			o.setTimer(now)
			close(o.idle)
			o.idle = nil
		}
		o.mu.Unlock()
		return d
	}
}

// due is the webhook to try now. Those that were not tried yet are due whatever the clock shows, in the order they were
// put: moving the clock back holds up none of them. The caller holds o.mu.
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

// setTimer sets the one timer to the next attempt. The caller holds o.mu, and nothing is due.
func (o *Outbox) setTimer(now time.Time) {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	var next time.Time
	for _, d := range o.kept {
		if d.State == Pending && (next.IsZero() || d.Next.Before(next)) {
			next = d.Next
		}
	}
	if !next.IsZero() {
		o.timer = time.AfterFunc(max(next.Sub(now), shortestTimer), o.Wake)
	}
}
