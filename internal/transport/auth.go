package transport

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Auth is the round tripper nearest the wire. It alone adds the credentials, which live in a closure, so that printing
// it, or a client that holds it, shows none; and it sends to one origin only.
type Auth struct {
	next   http.RoundTripper
	origin *url.URL
	set    func(http.Header)
}

// NewAuth wraps next. Set writes the credentials into the headers of a request that goes to the origin.
func NewAuth(next http.RoundTripper, origin *url.URL, set func(http.Header)) *Auth {
	return &Auth{next: next, origin: origin, set: set}
}

// RoundTrip sends a copy of the request with the credentials.
func (a *Auth) RoundTrip(req *http.Request) (*http.Response, error) {
	if !sameOrigin(req.URL, a.origin) {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, fmt.Errorf("%w: expected %s://%s", ErrForeignOrigin, a.origin.Scheme, a.origin.Host)
	}
	with := *req
	with.Header = make(http.Header, len(req.Header)+3)
	for name, values := range req.Header {
		with.Header[name] = values
	}
	a.set(with.Header)
	return a.next.RoundTrip(&with)
}

// CloseIdleConnections passes the call of http.Client on.
func (a *Auth) CloseIdleConnections() {
	if c, ok := a.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host)
}
