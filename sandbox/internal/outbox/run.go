package outbox

import "context"

// Wake delivers what is due; call it after the clock was moved. It does not wait.
func (o *Outbox) Wake() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue.wake(o.run)
}

// Wait returns when no attempt is under way and none is due: each webhook was delivered, was given up or waits for its
// next attempt. After Close it returns at once. The error is that of ctx, where ctx ends first.
func (o *Outbox) Wait(ctx context.Context) error {
	o.mu.Lock()
	o.queue.wake(o.run)
	idle := o.queue.idle
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
	o.queue.giveUp()
	idle := o.queue.idle
	o.mu.Unlock()
	o.cut(errClosed)
	if idle != nil {
		<-idle
	}
}

// run makes the attempts that are due, one after the other, and ends when none is.
func (o *Outbox) run() {
	for d := o.next(); d != nil; d = o.next() {
		attempt := o.send(d)
		now := o.config.Now()
		o.mu.Lock()
		d.attempted(attempt, now)
		if o.config.FailuresStop && o.queue.mostlyFails(now) {
			d.end(GivenUp, "over 90 % of the attempts of the last 24 hours failed")
		}
		o.mu.Unlock()
	}
}

// next returns the webhook whose turn it is; without one the goroutine has ended as far as others see.
func (o *Outbox) next() *Delivery {
	for {
		o.mu.Lock()
		o.queue.woken = false
		o.mu.Unlock()
		now := o.config.Now()
		o.mu.Lock()
		d := o.queue.due(now)
		again := d == nil && o.queue.woken // the clock may have been moved since it was read
		if d == nil && !again {
			o.queue.rest(now, o.Wake)
		}
		o.mu.Unlock()
		if !again {
			return d
		}
	}
}
