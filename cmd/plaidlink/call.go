package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// call is the command call.
type call struct {
	Path string `arg:"" help:"The path of the operation, such as /accounts/balance/get."`
	Body string `placeholder:"FILE" help:"Read the request body from this JSON file, or from standard input if it is -. Default: an empty object."`
	JSON bool   `name:"json" help:"Print the response body on one line, instead of indented."`
}

// Run makes any call of Plaid, without retries that could do its work twice.
func (c *call) Run(ctx context.Context, p *program) error {
	req := map[string]jsontext.Value{}
	if err := (requestFlags{Body: c.Body}).read(ctx, p, &req); err != nil {
		return err
	}
	client, err := p.connect()
	if err != nil {
		return err
	}
	body, err := callPath(ctx, client, c.Path, req)
	if err != nil {
		return err
	}
	if !jsontext.Value(body).IsValid() {
		return fmt.Errorf("the response is not JSON: expected a path whose response is, found %d bytes of %s", len(body), http.DetectContentType(body))
	}
	printed := jsontext.Value(jsonLine(p.mask(string(body))))
	if !c.JSON {
		_ = printed.Indent(jsontext.WithIndent("  ")) // it is valid
	}
	_, err = fmt.Fprintln(p.stdout, printed)
	return err
}

// callPath makes a call by its path, and returns the body of the response.
func callPath(ctx context.Context, client *plaidlink.Client, path string, req any, opts ...plaidlink.CallOption) (body []byte, err error) {
	return body, client.Post(ctx, path, req, &body, opts...)
}
