package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// healthTimeout is how long a sandbox may take to respond, which does nothing else for it.
const healthTimeout = 5 * time.Second

// checkHealth asks whether a sandbox listens at an address of this machine.
func checkHealth(ctx context.Context, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
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
