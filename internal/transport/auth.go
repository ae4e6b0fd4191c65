package transport

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Auth adds the credentials, which live in a closure, so that printing it, or a client that holds it, shows none; and it
// lets requests pass to one origin only.
type Auth struct {
	origin *url.URL
	set    func(http.Header)
}

// NewAuth makes an Auth. Set writes the credentials into the headers of a request that goes to the origin.
func NewAuth(origin *url.URL, set func(http.Header)) *Auth { return &Auth{origin, set} }

// sign sets headers of its own on a request, with the credentials. Headers of the same names are replaced.
func (a *Auth) sign(req *http.Request) error {
	if !sameOrigin(req.URL, a.origin) {
		return fmt.Errorf("%w: expected %s://%s", ErrForeignOrigin, a.origin.Scheme, a.origin.Host)
	}
	header := make(http.Header, len(req.Header)+4)
	for name, values := range req.Header {
		header[name] = values
	}
	a.set(header)
	req.Header = header
	return nil
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host)
}
