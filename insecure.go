package plaidlink

import (
	"errors"
	"net/url"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
)

// WithInsecureBaseURL is WithBaseURL for plain http to a named host, such as http://plaid:8080 for a sandbox of this module in a
// container beside yours.
//
// IT SENDS THE CREDENTIALS AND EVERY ACCESS TOKEN IN CLEAR: whoever can see or redirect the traffic to that name has them. Use
// it in a network of your own, with credentials that the sandbox of this module made up, never with those of your Plaid
// account. [New] refuses it in every environment but [Sandbox], and for the hosts of plaid.com.
func WithInsecureBaseURL(base string) Option {
	return clientOption(func(c *config) error {
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
			return errors.New("WithInsecureBaseURL: expected http:// and a host name; WithBaseURL takes https")
		}
		if host := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")); host == "plaid.com" || strings.HasSuffix(host, ".plaid.com") {
			return errors.New("WithInsecureBaseURL: the hosts of plaid.com are reached over https only")
		}
		c.baseURL, c.insecure = base, true
		return nil
	})
}

// mayBePlain reports whether plain http to a host keeps the secret, or is wanted. A name below localhost is on this machine
// where the transport of the SDK dials it; another one may ask a name server, or a proxy.
func (c *config) mayBePlain(host string) bool {
	ours := c.http == nil
	return c.insecure || loopback.IsHost(host) || ours && loopback.IsName(host)
}
