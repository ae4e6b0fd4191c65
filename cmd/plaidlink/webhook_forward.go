package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/internal/transport"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// forwardTimeout is how long the receiver may take: Plaid waits 10 s for the response.
const forwardTimeout = 9 * time.Second

// forwarder hands webhooks on, byte for byte and with their signature.
type forwarder struct {
	to     string
	client *http.Client
}

func newForwarder(to string) (*forwarder, error) {
	if u, err := url.Parse(to); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
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
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.to, bytes.NewReader(e.Raw))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Plaid-Verification", signature)
	resp, err := f.client.Do(req)
	if err != nil {
		var failed *url.Error // names the URL, which may hold a key
		if errors.As(err, &failed) {
			err = failed.Err
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
