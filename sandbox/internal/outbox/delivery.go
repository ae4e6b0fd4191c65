package outbox

import "time"

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
