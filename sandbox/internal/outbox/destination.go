package outbox

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
)

const maxResponseHeader = 64 << 10 // bytes

// refusal is why a webhook must not be sent to a URL; it is empty where it may. A target was named by a person and may be
// anywhere. What a link token names may be in the middle of somebody's production, so it must be on this machine, or have a
// name that a person allowed.
func (o *Outbox) refusal(to string) string {
	u, err := url.Parse(to)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "the URL is not of the form http://host or https://host"
	case o.config.Target == "" && !o.allows(u.Hostname()):
		return fmt.Sprintf("host %q is neither on loopback nor allowed: allow it, or set a webhook target, which then gets every webhook", u.Hostname())
	}
	return ""
}

// allows reports whether a link token may name a host. A name below localhost is on this machine only where the outbox dials.
func (o *Outbox) allows(host string) bool {
	return loopback.IsHost(host) || o.config.Client == nil && loopback.IsName(host) || o.config.Allowed[strings.ToLower(host)]
}

// newClient copies a client, or makes one where there is none, and makes it follow no redirect.
func newClient(given *http.Client) *http.Client {
	client := http.Client{Transport: &http.Transport{
		DialContext: loopback.Dialer(new(net.Dialer).DialContext).DialContext,
		// A receiver may close an idle connection at any time, which would fail the next attempt through no fault of its own.
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxResponseHeader,
	}}
	if given != nil {
		client = *given
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}
