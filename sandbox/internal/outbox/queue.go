package outbox

import (
	"slices"
	"time"
)

// maxKept is how many webhooks are kept.
const maxKept = 1000

// shortestTimer keeps a clock that stands still just before the next attempt from keeping a processor busy.
const shortestTimer = time.Millisecond

// queue is the webhooks and what attends to them. Outbox.mu guards it: its methods never lock.
type queue struct {
	kept   []*Delivery
	idle   chan struct{} // closed when the goroutine ends; nil while there is none
	woken  bool          // whether the goroutine must look again before it ends
	timer  *time.Timer   // wakes when the next attempt is due
	closed bool
}

// add keeps a new Delivery, and drops one where there are too many.
func (q *queue) add(d *Delivery) {
	if q.closed {
		d.Reason = closedReason
	}
	if d.State, d.Next = Pending, d.Created; d.Reason != "" {
		d.State, d.Next = NotSent, time.Time{}
	}
	if len(q.kept) == maxKept {
		over := max(0, slices.IndexFunc(q.kept, func(d *Delivery) bool { return d.State != Pending }))
		q.kept = slices.Delete(q.kept, over, over+1)
	}
	q.kept = append(q.kept, d)
}

// wake makes the goroutine look at the clock; where there is none, it is run.
func (q *queue) wake(run func()) {
	if q.closed {
		return
	}
	q.woken = true
	if q.idle == nil {
		q.idle = make(chan struct{})
		go run()
	}
}

// due returns the webhook to try now; nil for none. Those that were not tried yet are due whatever the clock shows, in the
// order they were put: moving the clock back holds up none of them.
func (q *queue) due(now time.Time) *Delivery {
	var untried, retried *Delivery
	for _, d := range q.kept {
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

// rest ends the goroutine as far as others see, and sets the one timer to the next attempt. Nothing is due.
func (q *queue) rest(now time.Time, wake func()) {
	close(q.idle)
	q.idle = nil
	if q.timer != nil {
		q.timer.Stop()
		q.timer = nil
	}
	var next time.Time
	for _, d := range q.kept {
		if d.State == Pending && (next.IsZero() || d.Next.Before(next)) {
			next = d.Next
		}
	}
	if !next.IsZero() {
		q.timer = time.AfterFunc(max(next.Sub(now), shortestTimer), wake)
	}
}

// giveUp gives up what is pending, for good.
func (q *queue) giveUp() {
	q.closed = true
	if q.timer != nil {
		q.timer.Stop()
	}
	for _, d := range q.kept {
		d.end(GivenUp, closedReason)
	}
}

// fewestAttempts is how many attempts it takes to speak of a share that failed.
const fewestAttempts = 10

// mostlyFails reports whether over 90 % of the attempts of the last 24 hours failed.
func (q *queue) mostlyFails(now time.Time) bool {
	made, failed := 0, 0
	for _, d := range q.kept {
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
