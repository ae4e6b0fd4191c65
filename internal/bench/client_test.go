package bench

import (
	"context"
	"net/http"
)

// client is one of those that are measured: that of this module, Plaid's official one, and a floor, which a careful programmer
// writes by hand with net/http and encoding/json. All send the same requests.
type client interface {
	Create(context.Context) error // /link/token/create
	Get(context.Context) error    // /link/token/get
	Encode() ([]byte, error)      // the request of Create
	Decode([]byte) error          // a response of Get
}

// names are the clients in the order of the tables. The first one is what the others are compared with.
var names = []string{"floor", "plaidlink", "plaid-go"}

// clients make a client of the server at a URL, by name. If hc is nil, the client uses its default HTTP client.
var clients = map[string]func(baseURL string, hc *http.Client) client{"floor": newFloor, "plaidlink": newOurs, "plaid-go": newOfficial}

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
