package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// proxyError is a proxy's refusal to connect to the server. It has the status alone: the proxy chooses the words.
type proxyError struct {
	status int   // 0 where it is not known
	cause  error // of net/http, with this text; nil for none
}

// Error names the proxy, so that nobody looks for the fault at Plaid.
func (e proxyError) Error() string {
	if e.status == 0 {
		return "the proxy refused to connect"
	}
	return strings.TrimSpace(fmt.Sprintf("the proxy refused to connect: %d %s", e.status, http.StatusText(e.status)))
}

func (e proxyError) Unwrap() error { return e.cause }

// refusedByProxy is the OnProxyConnectResponse of [Default].
func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return proxyError{status: resp.StatusCode}
}

// proxyRefusal returns the error of a request that never had a connection without words that a proxy may have chosen: those
// are all that net/http keeps of a refusal. It is a [proxyError] where it can be no other.
func proxyRefusal(wire http.RoundTripper, req *http.Request, err error) error {
	if req.URL.Scheme != "https" || !isText(err) {
		return err
	}
	refusal := proxyError{}
	for status := 400; status < 600; status++ {
		if text := http.StatusText(status); text != "" && len(err.Error()) >= len(text) && strings.EqualFold(text, err.Error()[:len(text)]) {
			refusal.status = status
		}
	}
	shown := refusal.Error()
	if t, ok := wire.(*http.Transport); !ok && refusal.status == 0 { // it may be of a dialer, too
		return safe.Error(err, func(string) string { return "no connection, and why is not shown: a proxy may have chosen the words" })
	} else if ok {
		if t.Proxy == nil {
			return err
		}
		if proxy, failed := t.Proxy(req); proxy == nil || failed != nil {
			return err
		}
	}
	refusal.cause = safe.Error(err, func(string) string { return shown })
	return refusal
}

// isText reports whether an error is nothing but a text, as a proxy's refusal is, and not a known one.
func isText(err error) bool {
	switch err {
	case context.Canceled, io.EOF, io.ErrUnexpectedEOF, http.ErrSchemeMismatch:
		return false
	}
	return reflect.TypeOf(err) == reflect.TypeOf(errors.New("")) && !strings.HasPrefix(err.Error(), "tls: ")
}
