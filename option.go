package plaidlink

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
	"github.com/plaidlink/plaidlink-go/internal/option"
)

// Option configures a client; see [New].
type Option interface{ applyClient(*config) error }

// CallOption configures one call. Where it can be given to a client too, the call's wins.
type CallOption interface{ applyCall(*call) error }

// SharedOption configures a client or one call.
type SharedOption interface {
	Option
	CallOption
}

// settings are what clients and calls can set.
type settings struct {
	maxAttempts      int
	attemptTimeout   time.Duration // 0 for the default
	callTimeout      time.Duration
	maxRetryDelay    time.Duration
	maxResponseBytes int64
	header           http.Header
}

type (
	clientOption func(*config) error
	callOption   func(*call) error
	sharedOption func(*settings) error
)

func (o clientOption) applyClient(c *config) error { return o(c) }
func (o callOption) applyCall(c *call) error       { return o(c) }
func (o sharedOption) applyClient(c *config) error { return o(&c.settings) }
func (o sharedOption) applyCall(c *call) error     { return o(&c.settings) }

// WithHTTPClient sends calls with client's Transport, Jar and Timeout; client itself is not changed. Its
// Timeout bounds an attempt, together with WithAttemptTimeout; its CheckRedirect is not used, because redirects would
// carry the secret elsewhere and are refused. Without this option the SDK makes a transport of its own, with TLS 1.2 or
// later, a dial timeout of 10 s, and headers of responses bounded to 256 KiB.
func WithHTTPClient(client *http.Client) Option {
	return clientOption(option.Checked(client != nil, func(c *config) { c.http = client },
		"WithHTTPClient: expected a client, found nil"))
}

// WithBaseURL sends calls to another server than the environment's, such as a proxy or a test server. It is https, or
// http to localhost or a loopback address, and may have a path, but no user, query or fragment. Without WithHTTPClient it may be
// http to a name below localhost too, such as http://plaid.localhost:8080: the SDK dials loopback for it, and asks neither a
// name server nor a proxy.
func WithBaseURL(base string) Option {
	return clientOption(func(c *config) error {
		c.baseURL, c.insecure = base, false
		return nil
	})
}

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

// WithUserAgent puts your application's name before the SDK's in the User-Agent header.
func WithUserAgent(product string) Option {
	return clientOption(option.Checked(product != "" && isHeaderValue(product), func(c *config) { c.userAgent = product + " " + defaultUserAgent },
		"WithUserAgent: %q is not a header value", product))
}

// WithLogger logs each attempt: its operation, number, status, duration, request_id, error code and the delay to the next
// attempt, at level Debug, failures at Warn. Bodies, tokens and headers are never logged.
func WithLogger(logger *slog.Logger) Option {
	return clientOption(option.Checked(logger != nil, func(c *config) { c.logger = logger },
		"WithLogger: expected a logger, found nil"))
}

// WithRetryBudget bounds the retries of all calls of the client: at most max at once, filled again by a tenth of a retry
// for each good response and by one each second, so that an outage is not made worse. The default is 100; 0 forbids
// retries.
func WithRetryBudget(max int) Option {
	return clientOption(option.Checked(max >= 0, func(c *config) { c.retryBudget = max },
		"WithRetryBudget: expected 0 or more, found %d", max))
}

// WithMaxAttempts bounds the attempts of a call, the first included: 1 to 10, 3 by default.
func WithMaxAttempts(n int) SharedOption {
	return sharedOption(option.Checked(n >= 1 && n <= maxMaxAttempts, func(s *settings) { s.maxAttempts = n },
		"WithMaxAttempts: expected 1 to %d, found %d", maxMaxAttempts, n))
}

// WithAttemptTimeout bounds one attempt, from dialing to the last byte of the response: 30 s by default. The context
// bounds the call as a whole.
func WithAttemptTimeout(d time.Duration) SharedOption {
	return sharedOption(option.Checked(d > 0, func(s *settings) { s.attemptTimeout = d },
		"WithAttemptTimeout: expected more than 0, found %v", d))
}

// WithCallTimeout bounds a call whose context has no deadline, with all its attempts and waits: 60 s by default. A longer
// [WithAttemptTimeout] raises it. The error of a call that takes longer is [context.DeadlineExceeded], and has that of the
// last attempt in [Error.Earlier]. A context with a deadline is not touched.
func WithCallTimeout(d time.Duration) SharedOption {
	return sharedOption(option.Checked(d > 0, func(s *settings) { s.callTimeout = d },
		"WithCallTimeout: expected more than 0, found %v", d))
}

// WithMaxResponseBytes bounds the body of a successful response, after decompression: 1 byte to 1 GiB, 8 MiB by default. The
// error of a call whose response is larger is [ErrTooLarge]. Of any other response, 64 KiB are read.
func WithMaxResponseBytes(n int64) SharedOption {
	return sharedOption(option.Checked(n >= 1 && n <= 1<<30, func(s *settings) { s.maxResponseBytes = n },
		"WithMaxResponseBytes: expected 1 to %d, found %d", 1<<30, n))
}

// WithMaxRetryDelay bounds the wait before a retry, 10 s by default. Where the server asks for more with Retry-After, its
// error is returned at once, with Error.RetryAfter set.
func WithMaxRetryDelay(d time.Duration) SharedOption {
	return sharedOption(option.Checked(d > 0, func(s *settings) { s.maxRetryDelay = d },
		"WithMaxRetryDelay: expected more than 0, found %v", d))
}

// ownHeaders are set by the SDK, or by net/http for a connection.
var ownHeaders = []string{
	"Plaid-Client-Id", "Plaid-Secret", "Plaid-Version", "Content-Type", "User-Agent",
	"Connection", "Content-Encoding", "Content-Length", "Expect", "Host", "Http2-Settings", "Keep-Alive", "Proxy-Connection", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade",
}

// WithHeader adds a header to every request, such as one that a proxy wants. The ones that the SDK sets are refused. Do not
// put a secret into it that a proxy's log must not see.
func WithHeader(name, value string) SharedOption {
	return sharedOption(func(s *settings) error {
		key := http.CanonicalHeaderKey(name)
		switch {
		case !isToken(name):
			return fmt.Errorf("WithHeader: %q is not a header name", name)
		case slices.Contains(ownHeaders, key):
			return fmt.Errorf("WithHeader: %s is set by the SDK or by net/http", key)
		case !isHeaderValue(value):
			return fmt.Errorf("WithHeader: the value of %s has a character that no header can carry", key)
		}
		s.header = s.header.Clone() // a call's header leaves the client's alone
		if s.header == nil {
			s.header = http.Header{}
		}
		s.header.Set(key, value)
		return nil
	})
}

// CaptureResponse fills r when the call ends, in a response or an error.
func CaptureResponse(r *Response) CallOption {
	return callOption(option.Checked(r != nil, func(c *call) {
		*r = Response{}
		c.capture = r
	}, "CaptureResponse: expected a *Response, found nil"))
}

// isToken and isHeaderValue follow RFC 9110, sections 5.6.2 and 5.5, without its obsolete parts.

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	})
}

func isHeaderValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f })
}
