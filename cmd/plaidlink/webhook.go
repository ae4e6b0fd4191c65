package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/internal/transport"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

type webhookVerify struct {
	BodyFile string    `arg:"" default:"-" help:"The body, as it arrived. Default: standard input."`
	Header   string    `placeholder:"VALUE" help:"The header Plaid-Verification. Default: the variable PLAID_VERIFICATION."`
	Key      string    `placeholder:"FILE" help:"Verify with the key in this JSON file, a response of Plaid with a key, and call nobody."`
	At       time.Time `placeholder:"TIME" help:"When it arrived, such as 2026-03-02T09:30:00Z. Default: now, and with --key when it was signed."`
	JSON     bool      `name:"json" help:"Print the body as one line of JSON, instead of a summary."`
}

// verifier returns one with the keys of Plaid, or one with the key of --key, as of when the webhook was signed.
func (c *webhookVerify) verifier(ctx context.Context, p *program, signature string) (*webhook.Verifier, error) {
	var opts []webhook.Option
	if !c.At.IsZero() {
		opts = append(opts, webhook.WithClock(func() time.Time { return c.At }))
	}
	if c.Key == "" {
		keys, err := p.connect()
		return webhook.NewVerifier(keys, opts...), err
	}
	if c.Key == "-" && c.BodyFile == "-" {
		return nil, usagef("--key: standard input is already used by the body")
	}
	data, err := p.readInput(ctx, c.Key)
	if err != nil {
		return nil, fmt.Errorf("--key: %w", err)
	}
	var resp gen.WebhookVerificationKeyGetResponse
	if err := json.Unmarshal(data, &resp); err != nil || resp.Key.Kid == "" {
		return nil, usagef("--key %s: expected a response of /webhook_verification_key/get, whose key has a kid%s", c.Key, where(err))
	}
	return sandbox.Replay(resp.Key, signature, opts...)
}

func (c *webhookVerify) Run(ctx context.Context, p *program) error {
	signature := cmp.Or(c.Header, p.getenv("PLAID_VERIFICATION"))
	if signature == "" {
		return usagef("expected the header Plaid-Verification, with --header or PLAID_VERIFICATION")
	}
	verifier, err := c.verifier(ctx, p, signature)
	if err != nil {
		return err
	}
	body, err := p.readInput(ctx, c.BodyFile)
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	event, err := verifier.Verify(ctx, http.Header{"Plaid-Verification": {signature}}, body)
	if err != nil {
		return err
	}
	return p.printEvent(event, c.JSON, "")
}

type webhookListen struct {
	Listen    string `placeholder:"HOST:PORT" default:"127.0.0.1:9000" help:"Where to listen. Port 0 is any free one."`
	ForwardTo string `placeholder:"URL" help:"Send each verified webhook on to this URL, with its signature, and print the response. Another response than 200 goes back to the sender."`
	JSON      bool   `name:"json" help:"Print the body of each webhook as one line of JSON, instead of a summary."`
}

// Run prints the webhooks that arrive, until ctx ends.
func (c *webhookListen) Run(ctx context.Context, p *program) error {
	on, err := newForwarder(c.ForwardTo)
	if err != nil {
		return err
	}
	defer on.client.CloseIdleConnections()
	keys, err := p.connect()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return cannotListen(c.Listen, err)
	}
	var mu sync.Mutex
	verifier := webhook.NewVerifier(keys, webhook.WithLogger(slog.New(slog.NewTextHandler(p.stderr, nil))))
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signature := r.Header.Get("Plaid-Verification")
		verifier.Handler(func(ctx context.Context, e webhook.Event) error {
			status, failed := on.forward(ctx, signature, e)
			mu.Lock()
			defer mu.Unlock()
			return errors.Join(failed, p.printEvent(e, c.JSON, status))
		}).ServeHTTP(w, r)
	}))
	fmt.Fprintf(p.stderr, "Listening on http://%s\n", listener.Addr())
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// newServer bounds how long a sender may take, and how long a connection may be idle.
func newServer(handler http.Handler) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
}

// forwardTimeout is how long the receiver may take: Plaid waits 10 s for the response.
const forwardTimeout = 9 * time.Second

// forwarder hands webhooks on, byte for byte and with their signature.
type forwarder struct {
	to     string // empty for nowhere
	client *http.Client
}

func newForwarder(to string) (*forwarder, error) {
	if u, err := url.Parse(to); to != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return nil, usagef("--forward-to: expected a URL, such as http://localhost:3000/webhook")
	}
	return &forwarder{to, &http.Client{
		Transport:     transport.Default(),
		Timeout:       forwardTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// forward returns the status of the receiver, for a line. The error is that it is not 200, so that Plaid sends the webhook again.
func (f *forwarder) forward(ctx context.Context, signature string, e webhook.Event) (status string, err error) {
	if f.to == "" {
		return "", nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.to, bytes.NewReader(e.Raw))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Plaid-Verification", signature)
	resp, err := f.client.Do(req)
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok {
			err = failed.Err // without the URL, which may hold a key
		}
		return "no response: " + safe.Line(err.Error()), fmt.Errorf("forward: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	status = fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	if resp.StatusCode != http.StatusOK {
		return status, fmt.Errorf("forward: the receiver responded with %s", status)
	}
	return status, nil
}
