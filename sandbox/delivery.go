package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// Delivery is a webhook, with what became of it. Times are of the sandbox's clock.
type Delivery struct {
	ID          string            `json:"id"`                     // random; for RepeatWebhook
	DuplicateOf string            `json:"duplicate_of,omitempty"` // ID of the one that RepeatWebhook repeated
	URL         string            `json:"url"`                    // where it goes
	Type        string            `json:"webhook_type"`           // such as LINK
	Code        string            `json:"webhook_code"`           // such as SESSION_FINISHED
	Body        string            `json:"body"`                   // as it is signed and sent
	Created     time.Time         `json:"created"`                // when the session ended
	Attempts    []DeliveryAttempt `json:"attempts"`               // oldest first, at most 7; without the one under way
	State       DeliveryState     `json:"state"`                  // what became of it so far
	Reason      string            `json:"reason,omitempty"`       // why it was given up or not sent
	Next        time.Time         `json:"next,omitzero"`          // when the next attempt is due; zero when none is
}

// DeliveryAttempt is one request, and its answer.
type DeliveryAttempt struct {
	Time   time.Time `json:"time"`            // when it began
	Status int       `json:"status"`          // of the answer; 0 without one
	Error  string    `json:"error,omitempty"` // why there is no answer
}

// DeliveryState is what became of a webhook so far.
type DeliveryState string

// The states of a Delivery.
const (
	DeliveryPending   = DeliveryState(outbox.Pending)   // an attempt is under way, or comes at Next
	DeliveryDelivered = DeliveryState(outbox.Delivered) // answered with 200 within 10 s
	DeliveryGivenUp   = DeliveryState(outbox.GivenUp)   // tried for 24 hours
	DeliveryNotSent   = DeliveryState(outbox.NotSent)   // never tried, such as to an address that is not on loopback
)

// Deliveries are the last 1000 webhooks, oldest first.
func (s *Sandbox) Deliveries() []Delivery {
	var deliveries []Delivery
	for _, d := range s.outbox.Deliveries() {
		delivery := Delivery{
			ID:          d.ID,
			DuplicateOf: d.DuplicateOf,
			URL:         d.URL,
			Type:        d.Type,
			Code:        d.Code,
			Body:        d.Body,
			Created:     d.Created,
			State:       DeliveryState(d.State),
			Reason:      d.Reason,
			Next:        d.Next,
		}
		for _, a := range d.Attempts {
			delivery.Attempts = append(delivery.Attempts, DeliveryAttempt{a.Time, a.Status, a.Error})
		}
		deliveries = append(deliveries, delivery)
	}
	return deliveries
}

// row is a delivery on the page of the state.
func (d Delivery) row() page.Delivery {
	row := page.Delivery{
		Time:    atTime(d.Created),
		Webhook: d.Type + " " + d.Code,
		Target:  withoutSecrets(d.URL),
		Attempt: len(d.Attempts),
		Outcome: string(d.State),
	}
	if n := len(d.Attempts); n > 0 {
		row.Outcome = statusText(d.Attempts[n-1].Status)
	}
	if !d.Next.IsZero() {
		row.Outcome += ", again at " + atTime(d.Next)
	}
	if d.Reason != "" {
		row.Outcome += ": " + d.Reason
	}
	return row
}

// withoutSecrets is a URL without the parts that can hold a key.
func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "no URL"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// statusText is a status for people.
func statusText(status int) string {
	if status == 0 {
		return "no answer"
	}
	return strconv.Itoa(status) + " " + http.StatusText(status)
}
