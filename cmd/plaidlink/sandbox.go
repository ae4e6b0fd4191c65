package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/loopback"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/internal/schema"
	"github.com/plaidlink/plaidlink-go/internal/transport"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// sandboxUse is printed with the URL, the client id and the secret.
//
//go:embed sandbox_use.txt
var sandboxUse string

// sandboxServe is the command sandbox.
type sandboxServe struct {
	Listen       string        `placeholder:"HOST:PORT" default:"127.0.0.1:8080" help:"Where to listen. Port 0 is any free one."`
	ClientID     string        `name:"client-id" placeholder:"ID" help:"The client id to accept instead of the default."`
	Secret       string        `placeholder:"SECRET" help:"The secret to accept instead of the default. Do not use a real one."`
	Webhook      string        `placeholder:"URL" help:"Send every webhook to this URL. By default each goes to the URL of its link token, if that is on this machine."`
	AllowHost    []string      `placeholder:"NAME" help:"Serve requests to this host name too, and send webhooks of link tokens there. Can be given several times."`
	PublicURL    string        `name:"public-url" placeholder:"URL" help:"Begin hosted links with this URL, such as http://localhost:8080. By default with the one by which the application reached the sandbox."`
	ControlToken string        `placeholder:"TOKEN" help:"Demand this token on the paths below /_sandbox/, which otherwise serve this machine alone. Default: the variable PLAIDLINK_CONTROL_TOKEN."`
	Quiet        bool          `help:"Print no line for each request."`
	Health       bool          `help:"Serve nothing: ask whether a sandbox responds at the address of --listen. The exit code is 0 if it does, else 1."`
	Strict       bool          `help:"Refuse properties and enum values that the specification does not list."`
	Fixtures     string        `placeholder:"DIR" help:"Respond to other paths of Plaid with JSON files of this folder: accounts/balance/get.json is the response of /accounts/balance/get."`
	Latency      time.Duration `placeholder:"TIME" help:"Delay every response by this time, such as 300ms."`
	Seed         *uint64       `placeholder:"NUMBER" help:"Derive identifiers from this number, the same in every run. By default they are random."`
}

// Run serves package sandbox until ctx ends.
func (c *sandboxServe) Run(ctx context.Context, p *program) error {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return usagef("--listen %s: expected host:port, such as 127.0.0.1:8080", c.Listen)
	}
	if c.Health {
		return checkHealth(ctx, host, port)
	}
	if u, err := url.Parse(c.Webhook); c.Webhook != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return usagef("--webhook: expected a URL, such as http://127.0.0.1:9000/webhook")
	}
	token := cmp.Or(c.ControlToken, p.getenv(controlTokenVariable))
	server, err := sandbox.Listen(c.Listen,
		sandbox.WithCredentials(plaidlink.Credentials{ClientID: c.ClientID, Secret: plaidlink.Secret(c.Secret)}),
		sandbox.WithLatency(c.Latency),
		sandbox.WithAllowedHosts(c.AllowHost...),
		sandbox.WithWebhookTarget(c.Webhook),
		given(c.PublicURL, sandbox.WithPublicURL),
		given(token, sandbox.WithControlToken),
		given(c.Strict, func(bool) sandbox.Option { return sandbox.WithStrict() }),
		given(c.Fixtures, func(dir string) sandbox.Option { return sandbox.WithFixtures(os.DirFS(dir)) }),
		given(c.Seed, func(seed *uint64) sandbox.Option { return sandbox.WithSeed(*seed) }),
		given(!c.Quiet, func(bool) sandbox.Option { return sandbox.WithRequestLog(p.requestLog()) }),
	)
	var failed *net.OpError
	switch {
	case errors.As(err, &failed):
		return cannotListen(c.Listen, err)
	case err != nil:
		return usageError{err.Error()}
	}
	defer server.Close()
	go schema.Load() // or the first request waits for it
	creds := server.Credentials()
	if _, err := fmt.Fprintf(p.stdout, sandboxUse, server.URL, creds.ClientID, string(creds.Secret)); err != nil {
		return fmt.Errorf("print how to use it: %w", err)
	}
	if !loopback.IsName(host) && !loopback.IsHost(host) {
		fmt.Fprintln(p.stderr, exposed[token != ""])
	}
	<-ctx.Done()
	return nil
}

// given returns the option of a flag, or nil where the flag is not given.
func given[T comparable](flag T, option func(T) sandbox.Option) sandbox.Option {
	var none T
	if flag == none {
		return nil
	}
	return option(flag)
}

// requestLog prints a line for each request: its time by the clock of the sandbox, path, status, error code and request_id.
func (p *program) requestLog() func(sandbox.Request) {
	var mu sync.Mutex
	return func(r sandbox.Request) {
		status := strconv.Itoa(r.Status)
		if r.Status == 0 {
			status = "no response"
		}
		line := strings.Join([]string{r.Time.Format(time.TimeOnly), r.Path, status, cmp.Or(r.ErrorCode, "-"), cmp.Or(r.RequestID, "-")}, "  ")
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(p.stdout, safe.Line(p.mask(line)))
	}
}

// controlTokenVariable has the control token, for the sandbox and for the commands that use its control paths.
const controlTokenVariable = "PLAIDLINK_CONTROL_TOKEN"

// exposed is what listening beyond loopback means, with a control token or without.
var exposed = map[bool]string{
	false: "Warning: whoever reaches this address can use the API, in plain HTTP; the paths below /_sandbox/ serve this machine alone (see --control-token).",
	true:  "Warning: whoever reaches this address can use the API, in plain HTTP, and with the control token the paths below /_sandbox/.",
}

// cannotListen explains why an address cannot be listened on.
func cannotListen(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use: stop the program that listens there, or choose another port with --listen", address)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err // the rest of it is the address again
	}
	return fmt.Errorf("cannot listen on %s, choose another address with --listen: %w", address, err)
}

// healthTimeout is how long a sandbox may take to respond, which does nothing else for it.
const healthTimeout = 5 * time.Second

// checkHealth asks whether a sandbox listens at an address of this machine.
func checkHealth(ctx context.Context, host, port string) error {
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/_sandbox/health", http.NoBody)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Transport: transport.Default()}).Do(req)
	if err != nil {
		return fmt.Errorf("no sandbox responds: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 1<<10)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("expected a sandbox that responds with 200, found %s", resp.Status)
	}
	return nil
}
