package main

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestReadConfig(t *testing.T) {
	plaid := map[string]string{"PLAID_CLIENT_ID": "id", "PLAID_SECRET": "secret"}
	for name, c := range map[string]struct {
		args  []string
		env   map[string]string
		err   string
		check func(*testing.T, config)
	}{
		"nothing": {check: func(t *testing.T, c config) {
			require.True(t, c.builtIn())
			require.Equal(t, config{listen: "127.0.0.1:8000", database: "quickstart.db", environment: plaidlink.Sandbox}, c)
		}},
		"two variables": {env: plaid, check: func(t *testing.T, c config) {
			require.False(t, c.builtIn())
			require.Equal(t, plaidlink.Sandbox, c.environment)
			require.Equal(t, "quickstart-sandbox.db", c.database, "not that of the built-in sandbox")
		}},
		"flags": {args: []string{"-listen", "127.0.0.1:0", "-db", "x.db", "-url", "https://app.example"}, env: plaid,
			check: func(t *testing.T, c config) {
				require.Equal(t, []string{"127.0.0.1:0", "x.db", "https://app.example"}, []string{c.listen, c.database, c.publicURL})
			}},
		"one variable":       {env: map[string]string{"PLAID_SECRET": "secret"}, err: "set both"},
		"no environment":     {env: with(plaid, "PLAID_ENV", "moon"), err: "expected sandbox, production"},
		"real accounts":      {env: with(plaid, "PLAID_ENV", "production"), err: "set QUICKSTART_KEY"},
		"an address, no TLS": {env: with(plaid, "QUICKSTART_URL", "http://app.example"), err: "https://host"},
		"an address, a path": {env: with(plaid, "QUICKSTART_URL", "https://app.example/x"), err: "https://host"},
		"sandbox in public":  {args: []string{"-url", "https://app.example"}, err: "this machine only"},
		"a sandbox": {args: []string{"-sandbox", "http://127.0.0.1:8080"}, env: plaid, check: func(t *testing.T, c config) {
			require.Equal(t, []string{"http://127.0.0.1:8080", "quickstart-sandbox.db"}, []string{c.sandboxURL, c.database})
		}},
		"a sandbox, no credentials": {args: []string{"-sandbox", "http://127.0.0.1:8080"}, err: "that the sandbox printed"},
		"a sandbox for real money": {args: []string{"-sandbox", "http://127.0.0.1:8080"},
			env: with(with(plaid, "PLAID_ENV", "production"), "QUICKSTART_KEY", testKey), err: "PLAID_ENV=sandbox"},
		"a new key": {args: []string{"-rotate-key"}, env: map[string]string{"QUICKSTART_KEY": testKey, "QUICKSTART_NEW_KEY": otherKey},
			check: func(t *testing.T, c config) {
				require.True(t, c.rotateKey)
				require.Equal(t, []string{testKey, otherKey}, []string{c.key, c.newKey})
			}},
		"no new key":            {args: []string{"-rotate-key"}, env: map[string]string{"QUICKSTART_KEY": testKey}, err: "set QUICKSTART_NEW_KEY"},
		"a new key for nothing": {env: map[string]string{"QUICKSTART_NEW_KEY": otherKey}, err: "for -rotate-key"},
		"an argument":           {args: []string{"serve"}, err: `unexpected argument "serve"; -h lists the flags`},
		"a wrong flag":          {args: []string{"-port", "1"}, err: "not defined: -port; -h lists the flags"},
		"help":                  {args: []string{"-h"}, err: flag.ErrHelp.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readConfig(c.args, func(name string) string { return c.env[name] }, io.Discard)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			c.check(t, got)
		})
	}
}

// Plaid gets an address for webhooks only where it can reach it.
func TestAddresses(t *testing.T) {
	cfg := config{environment: plaidlink.Sandbox, credentials: plaidlink.Credentials{ClientID: "id", Secret: "secret"}}
	client, server, err := cfg.plaid(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.Nil(t, server)
	require.Contains(t, client.String(), "https://sandbox.plaid.com")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	local := "http://" + listener.Addr().String()
	for name, c := range map[string]struct {
		server          *sandbox.Server
		public, sandbox string
		url, hook, form string
	}{
		"Plaid":            {nil, "", "", local, "", "form-action 'self' https://*.plaid.com"},
		"Plaid, in public": {nil, "https://app.example", "", "https://app.example", "https://app.example/plaid/webhook", "https://*.plaid.com"},
		"built-in sandbox": {&sandbox.Server{URL: "http://127.0.0.1:1"}, "", "", local, local + "/plaid/webhook", "form-action 'self' http://127.0.0.1:1"},
		"another sandbox":  {nil, "", "http://127.0.0.1:2", local, local + "/plaid/webhook", "form-action 'self' http://127.0.0.1:2"},
	} {
		a := newApp(client, plaidlink.Sandbox, c.server, nil, slog.New(slog.DiscardHandler))
		a.locate(listener, config{publicURL: c.public, sandboxURL: c.sandbox})
		require.Equal(t, []string{c.url, c.hook}, []string{a.url, a.hook}, name)
		response := httptest.NewRecorder()
		a.routes().ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/nothing", nil))
		require.Contains(t, response.Header().Get("Content-Security-Policy"), c.form, name)
	}
}

func with(env map[string]string, name, value string) map[string]string {
	more := map[string]string{name: value}
	for name, value := range env {
		more[name] = value
	}
	return more
}

// launch runs the program with its built-in sandbox until stop, and returns the address that it prints.
func launch(t *testing.T, cfg config) (address string, stop func()) {
	t.Helper()
	cfg.environment = plaidlink.Sandbox
	ctx, cancel := context.WithCancel(context.Background())
	out, ended := &safeBuffer{}, make(chan error, 1)
	go func() { ended <- run(ctx, cfg, out, io.Discard) }()
	printed := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	until(t, func() bool {
		address = printed.FindString(out.String())
		return address != "" || len(ended) > 0
	}, "it prints its address")
	require.NotEmpty(t, address)
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(t, <-ended)
		}
	}
	t.Cleanup(stop)
	return address, stop
}

// The whole program stops and starts again, its sandbox with it: the banks are there, and the user reads what is not.
func TestRestartWithTheBuiltInSandbox(t *testing.T) {
	cfg := config{listen: "127.0.0.1:0", database: filepath.Join(t.TempDir(), "quickstart.db")}
	address, stop := launch(t, cfg)
	q := &quickstart{t: t, app: &app{url: address}}
	v := q.visitor("Ada")
	status, _, page := v.do(http.MethodGet, "/", nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "No bank is connected yet")
	status, to, _ := v.do(http.MethodPost, "/links", nil)
	require.Equal(t, http.StatusSeeOther, status)
	require.Contains(t, to, "http://127.0.0.1:")
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, "You have not finished")
	stop()
	_, err := os.Stat(strings.TrimSuffix(cfg.database, ".db") + ".key")
	require.NoError(t, err, "the key that it made")

	address, _ = launch(t, cfg)
	q.app.url = address
	v = q.visitor("Ada")
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, "You have not finished", "that page is gone")
}

// A sandbox that was started anew does not know the Items: the user reads so, and can remove and connect them.
func TestForgottenBySandbox(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	_, back := v.begin("/links")
	q.plaid = sandbox.NewServer()
	t.Cleanup(q.plaid.Close)
	q.restart()
	require.Equal(t, []string{item}, v.banks())
	status, to, _ := v.do(http.MethodPost, "/items/"+item+"/update", nil)
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, "/", to)
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, "The built-in sandbox forgets its connections")
	require.Contains(t, v.comeBack(back), "That link has expired")
	v.do(http.MethodPost, "/items/"+item+"/remove", nil)
	require.Len(t, []string{v.connect()}, 1)
}

func TestRunRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	dir := t.TempDir()
	for name, c := range map[string]struct {
		cfg config
		err string
	}{
		"an address in use": {config{listen: taken.Addr().String(), database: filepath.Join(dir, "a.db")}, "-listen"},
		"a wrong key":       {config{key: "x", database: filepath.Join(dir, "b.db")}, "32 bytes in base64"},
		"no such folder":    {config{key: testKey, database: filepath.Join(dir, "none", "c.db")}, "opening the database"},
	} {
		require.ErrorContains(t, run(t.Context(), c.cfg, io.Discard, io.Discard), c.err, name)
	}
}

// The program stops while an exchange is under way: it waits for the access token, and stores it.
func TestStopDuringAnExchange(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	linkToken, _ := v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	reached, goOn := make(chan struct{}), make(chan struct{})
	require.NoError(t, q.plaid.Fail("itemPublicTokenExchange", func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(reached)
			<-goOn
			next.ServeHTTP(w, r)
		})
	}))
	q.webhooks()
	<-reached
	stopped := make(chan struct{})
	go func() { defer close(stopped); q.stop() }()
	until(t, func() bool {
		conn, err := net.DialTimeout("tcp", q.address, time.Second)
		if err == nil {
			conn.Close()
		}
		return err != nil
	}, "it accepts no more")
	close(goOn)
	<-stopped
	q.start()
	require.Len(t, v.banks(), 1)
	require.Equal(t, 1, q.exchanges())
}

func TestProblemPages(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	status, _, page := v.do(http.MethodGet, "/nothing", nil)
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, page, "There is nothing at this address")
	require.NoError(t, q.plaid.Fail("linkTokenCreate", sandbox.PlaidError(400, "INSTITUTION_ERROR", "INSTITUTION_DOWN", "for developers")))
	status, _, page = v.do(http.MethodPost, "/links", nil)
	require.Equal(t, http.StatusBadGateway, status)
	require.Contains(t, page, "Plaid cannot be reached now")
	require.NotContains(t, page, "for developers")
	require.NoError(t, q.plaid.Fail("linkTokenGet", sandbox.PlaidError(400, "API_ERROR", "X", "for developers")))
	_, back := v.begin("/links")
	status, _, _ = v.do(http.MethodGet, back, nil)
	require.Equal(t, http.StatusBadGateway, status)
}

// failure is the error of a call whose result does not matter.
func failure[T any](_ T, err error) error { return err }
