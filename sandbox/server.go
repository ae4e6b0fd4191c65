package sandbox

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/loopback"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// closeTimeout is how long Close waits for responses under way.
const closeTimeout = 100 * time.Millisecond

// maxHeader is the largest header of a request, in bytes.
const maxHeader = 64 << 10

// Server is a [Sandbox] that listens. Make one with [NewServer] or [Listen].
type Server struct {
	*Sandbox
	URL string // base URL without a slash at its end, such as http://127.0.0.1:38211

	err   error // why it does not listen
	close func()
}

// NewServer listens on a free port of 127.0.0.1 until [Server.Close]. In the rare case that it cannot, URL is empty and
// [Server.Client] returns the reason.
func NewServer(opts ...Option) *Server {
	server, err := Listen("127.0.0.1:0", opts...)
	if err != nil {
		s := New(opts...)
		return &Server{Sandbox: s, err: err, close: s.Close}
	}
	return server
}

// Listen is [NewServer] on an address of your choice, host:port; port 0 is any free one. The connection is plain HTTP: an
// address other than loopback opens the API and the hosted pages to the network, and, with [WithControlToken], the control
// paths. The error wraps that of [net.Listen], or names what is wrong with the options.
func Listen(address string, opts ...Option) (*Server, error) {
	s := New(opts...)
	if s.misconfigured != nil {
		return nil, fmt.Errorf("sandbox: %w", s.misconfigured)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	httpServer := &http.Server{
		Handler: s, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = httpServer.Serve(listener) }) // always http.ErrServerClosed: Close is what ends it
	return &Server{
		Sandbox: s,
		URL:     baseURL(listener.Addr()),
		close: sync.OnceFunc(func() {
			ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
			defer cancel()
			if err := httpServer.Shutdown(ctx); err != nil {
				_ = httpServer.Close() // closes what is left, which ends the contexts of slow responses
			}
			serving.Wait()
			s.Close()
		}),
	}, nil
}

// baseURL returns the URL of an address; one of all interfaces, which cannot be called, becomes loopback.
func baseURL(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return "http://" + address.String()
	}
	return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
}

// Client makes a client of this server, with its URL and credentials. The options follow these and can replace them.
func (s *Server) Client(opts ...plaidlink.Option) (*plaidlink.Client, error) {
	if s.err != nil {
		return nil, s.err
	}
	all := append([]plaidlink.Option{plaidlink.WithBaseURL(s.URL)}, opts...)
	client, err := plaidlink.New(plaidlink.Sandbox, s.Credentials(), all...)
	return client, named("make a client", err)
}

// Close stops listening and closes every connection. Responses under way get 100 ms to end, then they are cut off, slow
// ones included. It may be called again.
func (s *Server) Close() { s.close() }

// WithAllowedHosts adds names by which the sandbox may be reached, and to which webhooks of link tokens may go, such as the
// names of containers. Addresses, localhost and the names below localhost always reach it; any other name in the header Host is
// refused with 421, as a web page may have pointed that name at this machine. A name has no port: any is accepted.
func WithAllowedHosts(names ...string) Option {
	return func(s *Sandbox) {
		for _, name := range names {
			if !hostName.MatchString(name) || net.ParseIP(name) != nil {
				s.fail(fmt.Errorf("WithAllowedHosts: %q: expected a host name without a port, such as sandbox", name))
			}
			s.allowedHosts[strings.ToLower(name)] = true
		}
	}
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$`)

// WithPublicURL sets the beginning of hosted_link_url, such as http://localhost:8080, for an application that reaches the
// sandbox by a name that a browser does not know, as in containers. By default it is how the application reached it. Its host
// is allowed as one of [WithAllowedHosts] is.
func WithPublicURL(base string) Option {
	return func(s *Sandbox) {
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || base != u.Scheme+"://"+u.Host {
			s.fail(errors.New("WithPublicURL: expected http:// or https:// and a host, such as http://localhost:8080"))
			return
		}
		s.publicURL = base
		s.allowedHosts[strings.ToLower(u.Hostname())] = true
	}
}

// WithControlToken demands a token on the sandbox's own paths below /_sandbox/, as "Authorization: Bearer <token>" or as the
// password of Basic authentication, which a browser asks for. Without it these paths serve this machine alone.
func WithControlToken(token string) Option {
	return func(s *Sandbox) {
		if len(token) < minControlToken || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			s.fail(fmt.Errorf("WithControlToken: expected at least %d printable ASCII characters without spaces", minControlToken))
		}
		s.controlToken = token
	}
}

// healthPath responds to who asks whether the sandbox serves, such as a container's health check, from wherever.
const healthPath = controlPrefix + "health"

const minControlToken = 8 // characters

// fail notes what is wrong with an option, which Listen returns.
func (s *Sandbox) fail(err error) { s.misconfigured = errors.Join(s.misconfigured, err) }

// checkHost refuses a name that a web page could have pointed here.
func (s *Sandbox) checkHost(hostport string) error {
	host := (&url.URL{Host: hostport}).Hostname()
	address, _, _ := strings.Cut(host, "%") // without a zone
	if net.ParseIP(address) != nil || loopback.IsName(host) || s.allowedHosts[strings.ToLower(host)] {
		return nil
	}
	return refuse(http.StatusMisdirectedRequest, plaidlink.TypeInvalidRequest, plaidlink.CodeInvalidHeaders,
		"the header Host must be an address, localhost, a name below localhost, or one of WithAllowedHosts (--allow-host)")
}

// checkControl refuses who may not use the sandbox's own paths: other web sites, other machines, and who lacks the token.
func (s *Sandbox) checkControl(w http.ResponseWriter, r *http.Request) error {
	switch {
	case r.URL.Path == page.StylesheetPath, r.URL.Path == healthPath: // which hold nothing
		return nil
	case !ownSite(r):
		return denied(http.StatusForbidden, "this path is not for other web sites")
	case s.controlToken == "" && !fromHere(r):
		return denied(http.StatusForbidden, "this path serves the sandbox's own machine alone, unless it has a token: set one with WithControlToken (--control-token)")
	case s.controlToken != "" && subtle.ConstantTimeCompare([]byte(controlTokenOf(r)), []byte(s.controlToken)) != 1:
		w.Header().Set("WWW-Authenticate", `Basic realm="plaidlink sandbox: the password is the control token", charset="UTF-8"`)
		return denied(http.StatusUnauthorized, "this path needs the control token, as Authorization: Bearer <token>")
	}
	return nil
}

func denied(status int, message string) refusal {
	return refuse(status, plaidlink.TypeInvalidInput, "UNAUTHORIZED_ROUTE_ACCESS", "%s", message)
}

// ownSite reports whether no other web site made a browser send a request. Following a link to a page is harmless: it is sent
// no form, and cannot be framed.
func ownSite(r *http.Request) bool {
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "same-origin", "none":
		return true
	case "": // no browser, an old one, or plain HTTP to a name
		origin, err := url.Parse(r.Header.Get("Origin"))
		return r.Header.Get("Origin") == "" || err == nil && origin.Host == r.Host
	}
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

// fromHere reports whether a request comes from this machine, and not by way of a proxy or tunnel that reports it.
func fromHere(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && loopback.IsHost(host) && r.Header.Get("Forwarded") == "" && r.Header.Get("X-Forwarded-For") == ""
}

func controlTokenOf(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}
