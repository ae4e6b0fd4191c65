package plaidlink

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// Defaults of a client.
const (
	defaultMaxAttempts    = 3
	maxMaxAttempts        = 10
	defaultAttemptTimeout = 30 * time.Second
	defaultMaxRetryDelay  = 10 * time.Second
	defaultRetryBudget    = 100
	defaultCallTimeout    = 60 * time.Second
	defaultMaxBytes       = 8 << 20
)

// Client calls the operations of Plaid Link. It is safe for concurrent use; make one and keep it.
type Client struct {
	server   string
	guard    *transport.Guard
	budget   *retry.Budget
	logger   *slog.Logger // nil for none
	settings settings
	scrub    func([]byte) []byte
	name     string
}

type config struct {
	settings
	http        *http.Client
	baseURL     string
	insecure    bool // whether baseURL may be plain http to any host
	userAgent   string
	logger      *slog.Logger
	retryBudget int
}

// New returns a client of an environment. It returns an error, which names what was expected, for an unknown environment,
// for credentials that no header can carry and for options that cannot be right. It makes no request.
func New(env Environment, creds Credentials, opts ...Option) (*Client, error) {
	c, err := newClient(env, creds, opts)
	if err != nil {
		return nil, fmt.Errorf("plaidlink: New: %w", err)
	}
	return c, nil
}

// NewFromEnv returns a client from the environment variables PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ENV, which names the
// environment ("sandbox" or "production"). No other function of this package reads them.
func NewFromEnv(opts ...Option) (*Client, error) {
	missing := slices.DeleteFunc([]string{"PLAID_CLIENT_ID", "PLAID_SECRET", "PLAID_ENV"}, func(name string) bool { return os.Getenv(name) != "" })
	if len(missing) > 0 {
		return nil, fmt.Errorf("plaidlink: NewFromEnv: expected %s to be set in the environment", strings.Join(missing, ", "))
	}
	env, err := ParseEnvironment(os.Getenv("PLAID_ENV"))
	if err != nil {
		return nil, fmt.Errorf("plaidlink: NewFromEnv: PLAID_ENV is %s: expected sandbox or production", quoteName(os.Getenv("PLAID_ENV")))
	}
	return New(env, Credentials{ClientID: os.Getenv("PLAID_CLIENT_ID"), Secret: Secret(os.Getenv("PLAID_SECRET"))}, opts...)
}

func newClient(env Environment, creds Credentials, opts []Option) (*Client, error) {
	if env.BaseURL() == "" {
		return nil, fmt.Errorf("environment %s: expected plaidlink.Sandbox or plaidlink.Production", quoteName(string(env)))
	}
	cfg := config{
		settings: settings{
			maxAttempts: defaultMaxAttempts, callTimeout: defaultCallTimeout,
			maxRetryDelay: defaultMaxRetryDelay, maxResponseBytes: defaultMaxBytes,
		},
		baseURL:     env.BaseURL(),
		userAgent:   defaultUserAgent,
		retryBudget: defaultRetryBudget,
	}
	errs := []error{creds.validate()}
	for i, opt := range opts {
		if opt == nil {
			errs = append(errs, fmt.Errorf("option %d is nil", i+1))
			continue
		}
		errs = append(errs, opt.applyClient(&cfg))
	}
	if cfg.insecure && env != Sandbox {
		errs = append(errs, errors.New("WithInsecureBaseURL: expected the environment sandbox, whose secrets open no real account"))
	}
	base, err := parseBaseURL(cfg.baseURL, cfg.mayBePlain)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return assemble(env, base, creds, cfg), nil
}

// assemble returns the client of a valid configuration. A call takes this way:
//
//	makeCall -> wire.NewRequest (builds the request) -> makeAttempts (retry, log)
//	-> guard (credentials, one origin, cookies, time, size) -> the round tripper -> decode
func assemble(env Environment, base *url.URL, creds Credentials, cfg config) *Client {
	if cfg.http == nil {
		cfg.http = &http.Client{Transport: transport.Default()}
	}
	sign, scrub := creds.closures(cfg.userAgent)
	return &Client{
		server:   base.String(),
		guard:    transport.NewGuard(cfg.http, base, sign),
		budget:   retry.NewBudget(cfg.retryBudget),
		logger:   cfg.logger,
		settings: cfg.settings,
		scrub:    scrub,
		name:     fmt.Sprintf("plaidlink.Client(%s, %s)", env, base),
	}
}

func parseBaseURL(s string, mayBePlain func(host string) bool) (*url.URL, error) {
	const expected = "expected https://host, or http:// with a loopback address"
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("the base URL cannot be parsed: " + expected) // the text may hold a password
	case u.User != nil:
		return nil, errors.New("the base URL has a user: " + expected)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(s, "#"):
		return nil, errors.New("the base URL has a query or a fragment: " + expected)
	case u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New("the base URL has no host: " + expected) // as above: a password in the wrong place
	case u.Scheme == "https", u.Scheme == "http" && mayBePlain(u.Hostname()):
		return u, nil
	}
	return nil, fmt.Errorf("base URL %q would send the secret in clear: %s", s, expected)
}

// String returns the environment and the server.
func (c *Client) String() string { return c.name }

// Format prints what String returns, whatever the verb, so that no dump shows headers or a transport of the caller.
func (c Client) Format(f fmt.State, _ rune) { fmt.Fprint(f, c.name) }

// CloseIdleConnections closes the connections that no call uses. Call it when a program has made its last call.
func (c *Client) CloseIdleConnections() { c.guard.CloseIdleConnections() }
