package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/api"
)

// commands is the tree of commands, in the order of the help.
type commands struct {
	Server   string   `name:"sandbox" xor:"sandbox" type:"sandbox" placeholder:"URL" help:"Send calls to the plaidlink sandbox at this URL or host:port. Default: the variable PLAIDLINK_SANDBOX."`
	Insecure string   `name:"insecure-sandbox" xor:"sandbox" type:"sandbox" placeholder:"URL" help:"As --sandbox, by plain http to another host, IN CLEAR: never with the credentials of your Plaid account."`
	Usage    helpFlag `name:"help" short:"h" help:"Print the help of the command."`

	Token struct {
		Create tokenCreate `cmd:"" help:"Create a link token, which starts Link."`
		Get    tokenGet    `cmd:"" help:"Show a link token and what happened in its sessions."`
	} `cmd:"" help:"Create and show link tokens."`
	Eligibility eligibility `cmd:"" help:"Ask whether Plaid has a saved profile for a phone number."`
	OAuth       struct {
		Exchange oauthExchange `cmd:"" help:"Exchange the correlation id of an OAuth redirect for its link token."`
	} `cmd:"" name:"oauth" help:"Handle what OAuth redirects bring back."`
	PublicToken struct {
		Create   publicTokenCreate   `cmd:"" help:"Create a public token without Link, in the sandbox."`
		Exchange publicTokenExchange `cmd:"" help:"Exchange a public token for the access token of its Item."`
	} `cmd:"" help:"Create and exchange public tokens."`
	Webhook struct {
		Listen webhookListen `cmd:"" help:"Receive webhooks, verify them and print them."`
		Verify webhookVerify `cmd:"" help:"Verify a webhook and print it."`
	} `cmd:"" help:"Receive and verify webhooks."`
	Call       call            `cmd:"" help:"Call any operation of Plaid by its path."`
	Trigger    trigger         `cmd:"" help:"Set something off in a running sandbox: the end of a session, a fault, the time."`
	Sandbox    sandboxServe    `cmd:"" nosandbox:"" help:"Serve Plaid Link on this machine, for tests and demos."`
	Demo       demo            `cmd:"" nosandbox:"" help:"Run Plaid Link end to end, on loopback or in Plaid's sandbox."`
	Version    version         `cmd:"" nosandbox:"" help:"Print the versions of the module, the specification and Go."`
	Completion completion      `cmd:"" nosandbox:"" help:"Print a script that completes commands, flags and values in a shell."`
	Complete   completionWords `cmd:"" name:"__complete" hidden:""`
}

// newParser makes the parser of the command line. It panics if the tree's tags are wrong, which every test would show.
func newParser(ctx context.Context, p *program, tree *commands) *kong.Kong {
	return kong.Must(tree,
		kong.Name("plaidlink"),
		kong.NoDefaultHelp(), // the library's ends the process
		kong.Bind(p),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Vars{"products": enum("Products"), "countries": enum("CountryCode")},
		kong.KindMapper(reflect.String, mapper("a value", func(s string) (string, error) { return s, nil })),
		kong.KindMapper(reflect.Uint64, mapper("a whole number", func(s string) (uint64, error) { return strconv.ParseUint(s, 10, 64) })),
		kong.NamedMapper("sandbox", mapper(sandboxForm, sandboxURL)),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), mapper("a time such as 300ms, 90s or 5m", time.ParseDuration)),
		kong.NamedMapper("positive", mapper("a time above 0, such as 90s", multiple(1))),
		kong.NamedMapper("seconds", mapper("whole seconds, such as 90s or 24h", multiple(time.Second))),
		kong.TypeMapper(reflect.TypeFor[time.Time](), mapper("a time such as 2026-03-02T09:30:00Z",
			func(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) })),
	)
}

// mapper reads a flag or argument. Its errors have one form: what was expected, and what was found.
func mapper[T any](expected string, parse func(string) (T, error)) kong.MapperFunc {
	return func(ctx *kong.DecodeContext, target reflect.Value) error {
		token := ctx.Scan.Pop()
		if token.IsEOL() {
			return fmt.Errorf("expected %s", expected)
		}
		parsed, err := parse(token.String())
		if err != nil || !token.IsValue() { // a flag is not a value
			return fmt.Errorf("expected %s, found %q", expected, token)
		}
		if names := ctx.Value.EnumSlice(); ctx.Value.Enum != "" && !slices.Contains(names, token.String()) {
			return fmt.Errorf("unexpected value %q%s (expected one of %s)", token, suggestion(token.String(), names), strings.Join(names, ", "))
		}
		target.Set(reflect.ValueOf(parsed).Convert(target.Type()))
		return nil
	}
}

// multiple returns a function that reads a time of at least one unit, and of whole ones.
func multiple(unit time.Duration) func(string) (time.Duration, error) {
	return func(s string) (time.Duration, error) {
		d, err := time.ParseDuration(s)
		if err == nil && (d < unit || d%unit != 0) {
			err = errors.New("not a multiple")
		}
		return d, err
	}
}

// enum returns the values of an enum of the specification, as the parser takes them. It looks for their lines: to decode the
// document takes longer than all else of a run.
func enum(schema string) string {
	_, rest, _ := strings.Cut(string(api.OpenAPI), "\n    "+schema+":\n")
	_, rest, _ = strings.Cut(rest, "\n      enum:\n")
	var values []string
	for line := range strings.Lines(rest) {
		value, isValue := strings.CutPrefix(line, "        - ")
		if !isValue {
			break
		}
		values = append(values, strings.Trim(value, "' \n"))
	}
	return strings.Join(slices.Sorted(slices.Values(values)), ",")
}

// version is the command version.
type version struct{}

func (*version) Run(p *program) error {
	var document struct{ Info map[string]any }
	_ = yaml.Unmarshal(api.OpenAPI, &document) // it is valid: a test reads all of it
	info := document.Info
	return p.printFields(p.mask,
		"plaidlink", plaidlink.Version,
		"specification", fmt.Sprintf("%v, completed to %v", info["version"], info["x-completed-to"]),
		"go", runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
}
