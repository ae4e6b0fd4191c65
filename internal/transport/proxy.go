package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
)

// proxyError is a proxy's refusal to connect to the server. It has the status alone: the proxy chooses the words.
type proxyError struct{ status int }

// Error names the proxy, so that nobody looks for the fault at Plaid.
func (e proxyError) Error() string {
	if e.status == 0 {
		return "the proxy refused to connect"
	}
	return fmt.Sprintf("the proxy refused to connect: %d %s", e.status, http.StatusText(e.status))
}

// refusedByProxy is the OnProxyConnectResponse of [Default].
func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return proxyError{resp.StatusCode}
}

// proxyRefusal returns the error of a request that never had a connection as a [proxyError], if a transport of the caller's
// met a proxy's refusal: of that, net/http keeps nothing but the words.
func proxyRefusal(wire http.RoundTripper, req *http.Request, err error) error {
	t, ok := wire.(*http.Transport)
	if !ok || t.Proxy == nil || reflect.TypeOf(err) != reflect.TypeOf(errors.New("")) || strings.HasPrefix(err.Error(), "net/http: ") {
		return err
	}
	if proxy, failed := t.Proxy(req); proxy == nil || failed != nil {
		return err
	}
	for status := 400; status < 600; status++ {
		if text := http.StatusText(status); text != "" && text == err.Error() {
			return proxyError{status}
		}
	}
	return proxyError{}
}
