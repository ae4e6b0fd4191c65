package main

import (
	"context"
	"fmt"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

type tokenGet struct {
	LinkToken string         `arg:"" help:"The link token."`
	Wait      bool           `help:"Wait until a session ends."`
	Timeout   *time.Duration `placeholder:"TIME" help:"The longest time to wait. Default: 30m."`
	Interval  *time.Duration `placeholder:"TIME" help:"The time between two calls. Default: 5s."`
	JSON      bool           `name:"json" help:"Print the response body as JSON."`
}

func (c *tokenGet) Run(ctx context.Context, p *program) error {
	w := waiter{timeout: 30 * time.Minute, interval: 5 * time.Second, progress: p.progress()}
	for _, flag := range []struct {
		name  string
		given *time.Duration
		value *time.Duration
	}{{"--timeout", c.Timeout, &w.timeout}, {"--interval", c.Interval, &w.interval}} {
		switch {
		case flag.given == nil:
			continue
		case *flag.given <= 0:
			return usagef("%s %v: expected a time above 0, such as 90s", flag.name, *flag.given)
		case !c.Wait:
			return usagef("%s: expected --wait with it", flag.name)
		}
		*flag.value = *flag.given
	}
	var body string
	get := func(ctx context.Context) (got *gen.LinkTokenGetResponse, err error) {
		got, body, err = send(ctx, p, (*plaidlink.Client).LinkTokenGet, gen.LinkTokenGetRequest{LinkToken: c.LinkToken})
		return got, err
	}
	read := get
	if c.Wait {
		read = func(ctx context.Context) (*gen.LinkTokenGetResponse, error) { return w.wait(ctx, get) }
	}
	got, err := read(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		_, err = fmt.Fprintln(p.stdout, jsonLine(p.mask(body)))
	} else {
		err = p.printToken(got)
	}
	if err == nil && c.Wait && stateOf(got.LinkSessions) == left {
		err = errLeft
	}
	return err
}

// sessionState is how far a session, or those of a token, got.
type sessionState string

const (
	pending sessionState = "open" // or not begun
	linked  sessionState = "success"
	left    sessionState = "exit"
)

// stateOf is linked where any session linked something: the token is used up then. After an exit it can be used again.
func stateOf(sessions []gen.LinkTokenGetSessionsResponse) sessionState {
	state := pending
	for i, session := range sessions {
		switch s := stateOfOne(session); {
		case s == linked:
			return linked
		case i == 0 || s == pending:
			state = s
		}
	}
	return state
}

func stateOfOne(s gen.LinkTokenGetSessionsResponse) sessionState {
	switch {
	case s.FinishedAt.IsZero() && s.Exit == nil:
		return pending
	case s.Exit != nil && len(resultCounts(value(s.Results))) == 0:
		return left
	}
	return linked // products without an Item have no results
}
