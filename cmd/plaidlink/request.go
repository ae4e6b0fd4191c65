package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// requestFlags are the flags of every command that makes one call.
type requestFlags struct {
	Body string `placeholder:"FILE" help:"Read the request body from this JSON file, or from standard input if it is -. Other flags override it."`
	JSON bool   `name:"json" help:"Print the response body as JSON."`
}

// read decodes the body of --body, if there is one. Properties that the types do not know are sent too.
func (f requestFlags) read(ctx context.Context, p *program, req any) error {
	if f.Body == "" {
		return nil
	}
	data, err := p.readInput(ctx, f.Body)
	if err != nil {
		return fmt.Errorf("--body: %w", err)
	}
	var properties map[string]jsontext.Value
	if err := json.Unmarshal(data, &properties); err != nil || properties == nil {
		return usagef("--body %s: expected one JSON object%s", f.Body, where(err))
	}
	for _, name := range []string{"client_id", "secret"} {
		if _, ok := properties[name]; ok {
			return usagef("--body: unexpected %s: it comes from the environment", name)
		}
	}
	if err := json.Unmarshal(data, req); err != nil {
		return usagef("--body %s: expected the properties of the request%s", f.Body, where(err))
	}
	return nil
}

// where is the place of an error in JSON, without any of its values.
func where(err error) string {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic) && semantic.JSONPointer != "":
		return fmt.Sprintf(", but %s is a JSON %s", semantic.JSONPointer, semantic.JSONKind)
	case errors.As(err, &syntactic):
		return fmt.Sprintf(", but it is not JSON at byte %d", syntactic.ByteOffset)
	}
	return ""
}

// need reports the first flag, by name, that a request lacks.
func need(values map[string]string) error {
	for _, flag := range slices.Sorted(maps.Keys(values)) {
		if values[flag] == "" {
			return usagef("expected %s, or its property in --body", flag)
		}
	}
	return nil
}

// orList returns the first list that has anything in it, as cmp.Or does of other values.
func orList[T any](lists ...[]T) (list []T) {
	for _, list = range lists {
		if len(list) > 0 {
			break
		}
	}
	return list
}

// perform is a command of one call: fill puts flags over the body of --body, and fields are the names and values to print.
func perform[Req, Resp any](ctx context.Context, p *program, f requestFlags, call method[Req, Resp], fill func(*Req) error, fields func(*Resp) []string) error {
	var req Req
	if err := f.read(ctx, p, &req); err != nil {
		return err
	}
	if err := fill(&req); err != nil {
		return err
	}
	resp, body, err := send(ctx, p, call, req)
	if err != nil {
		return err
	}
	return f.print(p, p.mask, body, fields(resp)...)
}

// method is a method of the client.
type method[Req, Resp any] func(*plaidlink.Client, context.Context, Req, ...plaidlink.CallOption) (*Resp, error)

// send makes one call. It returns the response, and its body as it came.
func send[Req, Resp any](ctx context.Context, p *program, call method[Req, Resp], req Req) (*Resp, string, error) {
	var recorded tape
	client, err := p.connect(plaidlink.WithHTTPClient(&http.Client{Transport: &recorded}))
	if err != nil {
		return nil, "", err
	}
	resp, err := call(client, ctx, req)
	return resp, recorded.body.String(), err
}

// tape keeps the body of the last response as it came. It is for one call at a time.
type tape struct{ body bytes.Buffer }

// RoundTrip records what the client reads, which the client bounds.
func (t *tape) RoundTrip(req *http.Request) (*http.Response, error) {
	t.body.Reset()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(resp.Body, &t.body), resp.Body}
	return resp, nil
}

// print prints a response: the body with --json, else names and values by turns. Both are edited.
func (f requestFlags) print(p *program, edit func(string) string, body string, pairs ...string) error {
	if f.JSON {
		_, err := fmt.Fprintln(p.stdout, jsonLine(edit(body)))
		return err
	}
	return p.printFields(edit, pairs...)
}

// maxInput bounds what is read from files and the standard input, in bytes.
const maxInput = 1 << 20

// readInput reads a file, or the standard input for "-", while ctx lasts.
func (p *program) readInput(ctx context.Context, name string) ([]byte, error) {
	return await(ctx, func() ([]byte, error) {
		in := p.stdin
		if name != "-" {
			file, err := os.Open(name)
			if err != nil && strings.ContainsAny(name, "{[\"") { // JSON, which may hold tokens
				err = errors.Unwrap(err)
			}
			if err != nil {
				return nil, fmt.Errorf("%w: expected a file, or - for standard input", err)
			}
			defer file.Close()
			in = file
		}
		data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
		if err == nil && len(data) > maxInput {
			err = fmt.Errorf("expected at most %d bytes", maxInput)
		}
		return data, err
	})
}

// await calls read, which no context can end, and returns when ctx ends all the same: the program ends then.
func await[T any](ctx context.Context, read func() (T, error)) (value T, err error) {
	done := make(chan struct{})
	var got T
	var failed error
	go func() {
		defer close(done)
		got, failed = read()
	}()
	select {
	case <-done:
		return got, failed
	case <-ctx.Done():
		return value, errors.New("interrupted while reading the input")
	}
}

func (p *program) credentials() plaidlink.Credentials {
	return plaidlink.Credentials{ClientID: p.getenv("PLAID_CLIENT_ID"), Secret: plaidlink.Secret(p.getenv("PLAID_SECRET"))}
}

// connect makes a client: of a running sandbox where one is named, else of Plaid.
func (p *program) connect(opts ...plaidlink.Option) (*plaidlink.Client, error) {
	opts = append(opts, plaidlink.WithUserAgent("plaidlink-command"))
	creds := p.credentials()
	p.server = cmp.Or(p.server, p.getenv("PLAIDLINK_SANDBOX"))
	if p.server == "" {
		env, err := p.environment()
		if err != nil {
			return nil, err
		}
		return plaidlink.New(env, creds, opts...)
	}
	base, err := sandboxURL(p.server)
	if err != nil { // a flag was read before
		return nil, usagef("PLAIDLINK_SANDBOX: expected %s, found %q", sandboxForm, p.server)
	}
	if creds == (plaidlink.Credentials{}) {
		creds = sandbox.New().Credentials()
	}
	at := plaidlink.WithBaseURL
	if p.insecure {
		at = plaidlink.WithInsecureBaseURL
	}
	return plaidlink.New(plaidlink.Sandbox, creds, append(opts, at(base))...)
}

// sandboxForm is what sandboxURL takes.
const sandboxForm = "a URL or host:port, such as localhost:8080"

// hostless matches an address that is a port alone, or nothing.
var hostless = regexp.MustCompile(`^(https?://)?:?\d*(/.*)?$`)

func sandboxURL(s string) (string, error) {
	if hostless.MatchString(s) {
		return "", errors.New("no host")
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	return strings.TrimSuffix(s, "/"), nil
}

// environment reads PLAID_ENV. No error shows its value, which may be the secret by mistake.
func (p *program) environment() (plaidlink.Environment, error) {
	missing := slices.DeleteFunc([]string{"PLAID_CLIENT_ID", "PLAID_SECRET", "PLAID_ENV"}, func(name string) bool { return p.getenv(name) != "" })
	if len(missing) > 0 {
		return "", usagef("expected %s to be set in the environment, or --sandbox", strings.Join(missing, ", "))
	}
	env, err := plaidlink.ParseEnvironment(p.getenv("PLAID_ENV"))
	if err != nil {
		return "", usagef("PLAID_ENV does not name an environment: expected sandbox or production")
	}
	return env, nil
}
