package gen

import (
	"errors"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go/wire"
)

type (
	// AccessToken is the secret that opens one Item's data; it prints as [redacted].
	AccessToken = wire.AccessToken
	// Date is a calendar day.
	Date = wire.Date
	// ExtraFields are the properties of an object that its type has no field for.
	ExtraFields = wire.ExtraFields
	// Operation describes an operation of the specification.
	Operation = wire.Operation
)

// DateOf is the day of t in its own time zone.
func DateOf(t time.Time) Date { return wire.DateOf(t) }

// Doer sends a request and returns its response, as [http.Client] does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Client sends the requests of the operations as they are. Package plaidlink adds credentials, limits, retries and errors.
type Client struct {
	server string
	doer   Doer
}

// NewClient returns a client of a server, whose URL must be absolute and may have a path.
func NewClient(server string, doer Doer) (*Client, error) {
	if _, err := wire.NewRequest(server, "/", nil); err != nil {
		return nil, err
	}
	if doer == nil {
		return nil, errors.New("gen: NewClient: expected a Doer, found nil")
	}
	return &Client{server, doer}, nil
}
