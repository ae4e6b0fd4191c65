package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// maxInput bounds what is read from files and the standard input.
const maxInput = 1 << 20

// operation is a command that makes one call.
type operation[Req, Resp any] struct {
	fill  func(*cli.Command, *Req) error // puts flags and arguments over the body of --json
	call  func(*plaidlink.Client, context.Context, Req, ...plaidlink.CallOption) (*Resp, error)
	print func(*cli.Command, *Resp) error
}

// bodyFlags are the flags of every operation.
func bodyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "json", Usage: "the request's body, a JSON `file`, or - for the standard input; other flags override it"},
		&cli.BoolFlag{Name: "raw", Usage: "print the answer's body as it came"},
	}
}

func (o operation[Req, Resp]) run(ctx context.Context, cmd *cli.Command) error {
	var req Req
	if cmd.IsSet("json") {
		if err := readBody(cmd, &req); err != nil {
			return err
		}
	}
	if err := o.fill(cmd, &req); err != nil {
		return err
	}
	var answer tape
	client, err := connect(cmd, answer.option())
	if err != nil {
		return err
	}
	resp, err := o.call(client, ctx, req)
	if err != nil {
		return err
	}
	if cmd.Bool("raw") {
		return answer.print(cmd.Root().Writer, shown(cmd))
	}
	return o.print(cmd, resp)
}

// readBody reads the request of --json. Its members that the types do not know are sent too.
func readBody(cmd *cli.Command, req any) error {
	name := cmd.String("json")
	data, err := readInput(cmd, name)
	if err != nil {
		return fmt.Errorf("--json: %w", err)
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(data, &members); err != nil || members == nil {
		return usagef("--json %s: expected one JSON object%s", name, where(err))
	}
	for _, name := range []string{"client_id", "secret"} {
		if _, ok := members[name]; ok {
			return usagef("--json: expected no %s: it comes from the environment, and goes into a header", name)
		}
	}
	if err := json.Unmarshal(data, req); err != nil {
		return usagef("--json %s: expected the members of the request%s", name, where(err))
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
		return fmt.Sprintf(", but it is no JSON at byte %d", syntactic.ByteOffset)
	}
	return ""
}

// readInput reads a file, or the standard input for "-".
func readInput(cmd *cli.Command, name string) ([]byte, error) {
	in := cmd.Root().Reader
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err == nil && len(data) > maxInput {
		err = fmt.Errorf("expected at most %d bytes", maxInput)
	}
	return data, err
}

// override sets texts of a request whose flags are given.
func override(cmd *cli.Command, fields map[string]*string) {
	for name, field := range fields {
		if cmd.IsSet(name) {
			*field = cmd.String(name)
		}
	}
}

// need says which flags are missing, where a request lacks what they give.
func need(fields map[string]string) error {
	for _, flag := range slices.Sorted(maps.Keys(fields)) {
		if fields[flag] == "" {
			return usagef("expected --%s, or its member in the body of --json", flag)
		}
	}
	return nil
}
