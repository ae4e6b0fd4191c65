package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// config is what the flags and the environment set.
type config struct {
	listen      string // host:port
	database    string // file
	publicURL   string // empty: only this machine reaches it
	key         string // empty: that of a file beside the database
	rotateKey   bool   // replace the key, and end
	newKey      string // the key after that; empty: one is made in the file
	sandboxURL  string // of a sandbox in another process; empty: the built-in one, or Plaid
	environment plaidlink.Environment
	credentials plaidlink.Credentials // empty: the built-in sandbox
}

// readConfig reads the flags, and PLAID_CLIENT_ID, PLAID_SECRET, PLAID_ENV, QUICKSTART_KEY, QUICKSTART_NEW_KEY and
// QUICKSTART_URL.
func readConfig(args []string, getenv func(string) string, out io.Writer) (config, error) {
	c := config{
		key:         getenv("QUICKSTART_KEY"),
		newKey:      getenv("QUICKSTART_NEW_KEY"),
		environment: plaidlink.Sandbox,
		credentials: plaidlink.Credentials{
			ClientID: getenv("PLAID_CLIENT_ID"),
			Secret:   plaidlink.Secret(getenv("PLAID_SECRET")),
		},
	}
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // a mistake gets one line, from main
	flags.StringVar(&c.listen, "listen", "127.0.0.1:8000", "`host:port` to listen on; port 0 is any free one")
	flags.StringVar(&c.database, "db", "", "database `file`; by default quickstart.db, or quickstart-<environment>.db with Plaid")
	flags.StringVar(&c.publicURL, "url", getenv("QUICKSTART_URL"),
		"`address` at which browsers and Plaid's webhooks reach this program, such as that of a tunnel; or QUICKSTART_URL")
	flags.StringVar(&c.sandboxURL, "sandbox", "", "`address` of a sandbox in another process, as plaidlink sandbox serves it")
	flags.BoolVar(&c.rotateKey, "rotate-key", false,
		"encrypt the access tokens with a new key, that of QUICKSTART_NEW_KEY or of the key file, and end")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(out)
		fmt.Fprintln(out, "Usage: quickstart [flags], or make quickstart ARGS='[flags]'")
		flags.PrintDefaults()
		return config{}, err
	} else if err != nil {
		return config{}, fmt.Errorf("quickstart: %w; -h lists the flags", err)
	}
	if flags.NArg() > 0 {
		return config{}, fmt.Errorf("quickstart: unexpected argument %q; -h lists the flags", flags.Arg(0))
	}
	if (c.credentials.ClientID == "") != (c.credentials.Secret == "") {
		return config{}, errors.New("quickstart: set both PLAID_CLIENT_ID and PLAID_SECRET, or neither for the built-in sandbox")
	}
	switch {
	case c.rotateKey && c.key != "" && c.newKey == "":
		return config{}, errors.New("quickstart: -rotate-key: the key is that of QUICKSTART_KEY; set QUICKSTART_NEW_KEY to the one to replace it")
	case !c.rotateKey && c.newKey != "":
		return config{}, errors.New("quickstart: QUICKSTART_NEW_KEY is for -rotate-key; afterwards, set QUICKSTART_KEY to it")
	}
	if c.builtIn() {
		c.database = cmp.Or(c.database, "quickstart.db")
		if c.sandboxURL != "" {
			return config{}, errors.New("quickstart: -sandbox: set PLAID_CLIENT_ID and PLAID_SECRET to the credentials that the sandbox printed")
		}
		if c.publicURL != "" {
			return config{}, errors.New("quickstart: the built-in sandbox serves this machine only: leave -url out")
		}
		return c, nil
	}
	var err error
	if c.environment, err = plaidlink.ParseEnvironment(cmp.Or(getenv("PLAID_ENV"), string(plaidlink.Sandbox))); err != nil {
		return config{}, err
	}
	if c.sandboxURL != "" && c.environment != plaidlink.Sandbox {
		return config{}, errors.New("quickstart: -sandbox is for PLAID_ENV=sandbox")
	}
	c.database = cmp.Or(c.database, "quickstart-"+string(c.environment)+".db")
	if c.environment == plaidlink.Production && c.key == "" {
		return config{}, errors.New("quickstart: set QUICKSTART_KEY for real accounts: a key beside its data protects little")
	}
	u, err := url.Parse(c.publicURL)
	if c.publicURL != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.Path+u.RawQuery != "") {
		return config{}, errors.New("quickstart: -url must be https://host, without a path")
	}
	return c, nil
}

func (c config) builtIn() bool { return c.credentials.ClientID == "" }

// plaid returns the client, and the built-in sandbox where that is in use.
func (c config) plaid(log *slog.Logger) (*plaidlink.Client, *sandbox.Server, error) {
	options := []plaidlink.Option{plaidlink.WithLogger(log), plaidlink.WithUserAgent("plaidlink-quickstart")}
	if c.sandboxURL != "" {
		options = append(options, plaidlink.WithBaseURL(c.sandboxURL))
	}
	if !c.builtIn() {
		client, err := plaidlink.New(c.environment, c.credentials, options...)
		return client, nil, err
	}
	server := sandbox.NewServer()
	client, err := server.Client(options...)
	return client, server, err
}
