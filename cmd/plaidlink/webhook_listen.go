package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/plaidlink/plaidlink-go/webhook"
)

type webhookListen struct {
	Listen    string `placeholder:"HOST:PORT" default:"127.0.0.1:9000" help:"Where to listen. Port 0 is any free one."`
	ForwardTo string `placeholder:"URL" help:"Send each verified webhook on to this URL, with its signature, and print the response. Another response than 200 goes back to the sender."`
	JSON      bool   `name:"json" help:"Print the body of each webhook as one line of JSON, instead of a summary."`
}

// Run prints the webhooks that arrive, until ctx ends.
func (c *webhookListen) Run(ctx context.Context, p *program) error {
	var on *forwarder
	if c.ForwardTo != "" {
		var err error
		if on, err = newForwarder(c.ForwardTo); err != nil {
			return err
		}
		defer on.client.CloseIdleConnections()
	}
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
		verifier.Handler(func(ctx context.Context, e webhook.Event) (failed error) {
			status := ""
			if on != nil {
				status, failed = on.forward(ctx, signature, e)
			}
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
