package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cfg, err := readConfig(os.Args[1:], os.Getenv, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		err = run(ctx, cfg, os.Stdout, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves the application until ctx ends, and then what is under way.
func run(ctx context.Context, cfg config, out, logs io.Writer) (err error) {
	log := slog.New(slog.NewTextHandler(logs, nil))
	seal, err := cfg.sealer()
	if err != nil {
		return err
	}
	store, err := openStore(ctx, cfg.database, seal)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	client, server, err := cfg.plaid(log)
	if err != nil {
		return err
	}
	if server != nil {
		defer server.Close()
		if err := store.expire(ctx, ""); err != nil { // their pages went with the last run's sandbox
			return err
		}
	}
	listener, err := net.Listen("tcp", cfg.listen)
	if err != nil {
		return fmt.Errorf("quickstart: %w; choose another address with -listen, such as 127.0.0.1:0", err)
	}
	a := newApp(client, server, store, log)
	a.locate(listener, cfg.publicURL)
	fmt.Fprintf(out, "Open %s in a browser; end with Ctrl-C.\n", a.url)
	fmt.Fprintf(out, "Plaid: %s. Data: %s.\n", a.client, cfg.database)
	return a.serve(ctx, listener)
}

func newApp(client *plaidlink.Client, server *sandbox.Server, store *store, log *slog.Logger) *app {
	return &app{client: client, sandbox: server, store: store, log: log, exchanger: newExchanger(client, store, log)}
}

// locate tells the application where it can be found: Plaid cannot reach an address of this machine, the sandbox can.
func (a *app) locate(l net.Listener, publicURL string) {
	a.url = cmp.Or(publicURL, "http://"+l.Addr().String())
	if publicURL != "" || a.sandbox != nil {
		a.hook = a.url + hookPath
	}
}

// serve answers requests and exchanges public tokens until ctx ends, and then finishes what it began.
func (a *app) serve(ctx context.Context, l net.Listener) error {
	const grace = plaidTimeout + exchangeTimeout
	server := &http.Server{
		Handler:           a.routes(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      grace + 10*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	exchanging, cancel := context.WithCancel(ctx)
	var exchanges sync.WaitGroup
	exchanges.Go(func() { a.exchanger.run(exchanging) })
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		closing, stop := context.WithTimeout(context.WithoutCancel(ctx), grace)
		err = server.Shutdown(closing)
		stop()
		<-ended // http.ErrServerClosed
	}
	cancel()
	exchanges.Wait()
	a.client.CloseIdleConnections()
	return err
}
