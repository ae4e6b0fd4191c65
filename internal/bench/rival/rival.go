// Package rival contains the clients that are measured, behind one interface: that of this module, Plaid's official one, and a
// floor, which a careful programmer writes by hand with net/http and encoding/json. All send the same requests.
package rival

import (
	"context"
	"net/http"
)

// Client is one of them.
type Client interface {
	Create(context.Context) error // /link/token/create
	Get(context.Context) error    // /link/token/get
	Encode() ([]byte, error)      // the request of Create
	Decode([]byte) error          // a response of Get
}

// Make returns a client of the server at a URL. If hc is nil, the client uses its default HTTP client.
type Make func(baseURL string, hc *http.Client) Client

// Names are the clients in the order of the tables. The first one is what the others are compared with.
var Names = []string{"floor", "plaidlink", "plaid-go"}

// All are the clients by name.
var All = map[string]Make{"floor": newFloor, "plaidlink": newOurs, "plaid-go": newOfficial}

// What every client sends.
const (
	clientID   = "5f0000000000000000000000"
	secret     = "0123456789abcdef0123456789abcd"
	clientName = "Example App"
	language   = "en"
	userID     = "user-123"
	webhook    = "https://www.example.com/webhook"
	linkToken  = "link-sandbox-6c691f2a-b0f7-4329-91b8-26eb27b028d8"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}
