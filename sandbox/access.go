package sandbox

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/loopback"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

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

func denied(status int, message string) *refusal {
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
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}
