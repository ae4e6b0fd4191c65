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
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
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

// run serves the application until ctx ends, and then finishes what is under way.
func run(ctx context.Context, cfg config, out, logs io.Writer) (err error) {
	log := slog.New(slog.NewTextHandler(logs, nil))
	store, err := openStore(ctx, cfg.database, cfg.key, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	if cfg.rotateKey {
		return rotate(ctx, store, cfg.newKey, out)
	}
	client, server, err := cfg.plaid(log)
	if err != nil {
		return err
	}
	if server != nil {
		defer server.Close()
		if err := errors.Join(store.expire(ctx, ""), store.reread(ctx)); err != nil { // the last run's sandbox is gone
			return err
		}
	}
	listener, err := net.Listen("tcp", cfg.listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("quickstart: another program, or another quickstart, is running at %s; choose another address with -listen", cfg.listen)
	}
	if err != nil {
		return fmt.Errorf("quickstart: %w; choose another address with -listen, such as 127.0.0.1:0", err)
	}
	a := newApp(client, cfg.environment, server, store, log)
	a.locate(listener, cfg)
	fmt.Fprintf(out, "Open %s in a browser; end with Ctrl-C.\n", a.url)
	fmt.Fprintf(out, "Plaid: %s. Data: %s.\n", a.client, cfg.database)
	if err := a.serve(ctx, listener); err != nil {
		return err
	}
	fmt.Fprintln(out, "Goodbye.")
	return nil
}

func rotate(ctx context.Context, store *store, newKey string, out io.Writer) error {
	if err := store.rotateKey(ctx, newKey); err != nil {
		return err
	}
	where := "the key file has it"
	if newKey != "" {
		where = "set QUICKSTART_KEY to it from now on"
	}
	_, err := fmt.Fprintf(out, "The access tokens are encrypted with the new key; %s.\n", where)
	return err
}

func newApp(client *plaidlink.Client, environment plaidlink.Environment, server *sandbox.Server, store *store, log *slog.Logger) *app {
	return &app{client: client, environment: environment, sandbox: server, store: store, log: log,
		exchanger: newExchanger(client, environment, store, log)}
}

// locate sets where the application is reached, and where Plaid's pages are: Plaid cannot reach an address of this machine,
// a sandbox can.
func (a *app) locate(l net.Listener, cfg config) {
	a.url = cmp.Or(cfg.publicURL, "http://"+l.Addr().String())
	a.plaidPages = cmp.Or(cfg.sandboxURL, "https://*.plaid.com")
	if a.sandbox != nil {
		a.plaidPages = a.sandbox.URL
	}
	if cfg.publicURL != "" || cfg.sandboxURL != "" || a.sandbox != nil {
		a.hook = a.url + hookPath
	}
}

// serve handles requests and exchanges public tokens until ctx ends, and then finishes what is under way.
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
	exchanges.Go(func() { a.moveWebhooks(exchanging) })
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		a.log.Info("stopping: what is under way finishes first; Ctrl-C again ends it at once")
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
