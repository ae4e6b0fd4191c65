package transport

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Default is a transport of our own, for callers who bring none: proxies from the environment, TLS 1.2 or later, HTTP/2,
// and headers bounded.
func Default() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    512, // all calls go to one host: what a burst has opened serves the next one
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}
