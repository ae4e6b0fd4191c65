package outbox

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
)

const maxResponseHeader = 64 << 10 // bytes

// refusal is why a webhook must not be sent to a URL; it is empty where it may. A target was named by a person and may be
// anywhere. What a link token names may be in the middle of somebody's production, so it must be on this machine.
func (o *Outbox) refusal(to string) string {
	u, err := url.Parse(to)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "the URL is not of the form http://host or https://host"
	case o.config.Target == "" && !loopback.IsHost(u.Hostname()):
		return fmt.Sprintf("host %q is not on loopback: set a webhook target, which then gets every webhook", u.Hostname())
	}
	return ""
}

// newClient copies a client, or makes one where there is none, and makes it follow no redirect.
func newClient(given *http.Client) *http.Client {
	client := http.Client{Transport: &http.Transport{
		DialContext: dialer(new(net.Dialer).DialContext).loopback,
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

// dialer is net.Dialer's DialContext.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// loopback dials localhost by its two addresses, of which the first error counts, and everything else as it is.
func (d dialer) loopback(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !loopback.IsLocalhost(host) {
		return d(ctx, network, address)
	}
	conn, err := d(ctx, network, net.JoinHostPort("127.0.0.1", port))
	if err == nil {
		return conn, nil
	}
	if conn, err6 := d(ctx, network, net.JoinHostPort("::1", port)); err6 == nil {
		return conn, nil
	}
	return nil, err
}
