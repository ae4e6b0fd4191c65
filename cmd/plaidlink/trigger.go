package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// trigger is the command trigger.
type trigger struct {
	Name       string   `arg:"" optional:"" help:"What to set off, such as link/finish; --list prints all names."`
	Properties []string `arg:"" optional:"" help:"The properties of its body, such as seconds=1800."`
	List       bool     `help:"Print the names, with examples of their properties."`
	requestFlags
}

// usualSandbox is where plaidlink sandbox listens by default.
const usualSandbox = "http://127.0.0.1:8080"

func (c *trigger) Run(ctx context.Context, p *program) error {
	t, names := newTable(p.stdout, p.mask), []string{}
	for _, known := range sandbox.Controls() {
		t.line(0, known.Name, known.Example)
		names = append(names, known.Name)
	}
	switch {
	case c.List:
		return t.Flush()
	case c.Name == "":
		return usagef("expected a name, such as link/finish; --list prints them")
	case !slices.Contains(names, c.Name):
		return usagef("expected a name that --list prints, such as link/finish, found %q%s", c.Name, suggestion(c.Name, names))
	}
	body, err := c.body(ctx, p)
	if err != nil {
		return err
	}
	p.server = cmp.Or(p.server, p.getenv("PLAIDLINK_SANDBOX"), usualSandbox)
	opts := []plaidlink.Option{plaidlink.WithMaxAttempts(1)}
	if token := p.getenv(controlTokenVariable); token != "" {
		opts = append(opts, plaidlink.WithHeader("Authorization", "Bearer "+token))
	}
	client, err := p.connect(opts...)
	if err != nil {
		return err
	}
	response, err := callPath(ctx, client, "/_sandbox/"+c.Name, body)
	if err != nil {
		return err
	}
	var properties map[string]any
	if err := json.Unmarshal(response, &properties); err != nil {
		return fmt.Errorf("expected a sandbox of this module: its response is not a JSON object")
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		pairs = append(pairs, name, text(properties[name]))
	}
	return c.print(p, p.mask, string(response), pairs...)
}

// body puts the properties of the arguments over those of --body.
func (c *trigger) body(ctx context.Context, p *program) (map[string]jsontext.Value, error) {
	properties := map[string]jsontext.Value{}
	if err := c.read(ctx, p, &properties); err != nil {
		return nil, err
	}
	for _, property := range c.Properties {
		name, value, found := strings.Cut(property, "=")
		if !found || name == "" {
			return nil, usagef("%q: expected a property and its value, such as seconds=1800", property)
		}
		properties[name] = jsonOf(value)
	}
	return properties, nil
}

// jsonOf returns the JSON of an argument: a number, true or false where it is one, else a string.
func jsonOf(value string) jsontext.Value {
	if _, err := strconv.ParseInt(value, 10, 64); err == nil && value[0] != '+' || value == "true" || value == "false" {
		return jsontext.Value(value)
	}
	quoted, _ := jsontext.AppendQuote(nil, strings.ToValidUTF8(value, "\uFFFD"))
	return quoted
}

// text returns a property for people; those of a list are separated by commas.
func text(value any) string {
	if list, ok := value.([]any); ok {
		return join(list)
	}
	return fmt.Sprint(value)
}
