package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/safe"
)

type tokenGet struct {
	LinkToken string        `arg:"" help:"The link token."`
	Wait      bool          `help:"Wait until a session ends."`
	Timeout   time.Duration `type:"positive" placeholder:"TIME" help:"The longest time to wait. Default: 30m."`
	Interval  time.Duration `type:"positive" placeholder:"TIME" help:"The time between two calls. Default: 5s."`
	JSON      bool          `name:"json" help:"Print the response body as JSON."`
}

func (c *tokenGet) Run(ctx context.Context, p *program) error {
	if !c.Wait && (c.Timeout != 0 || c.Interval != 0) {
		return usagef("--timeout and --interval: expected --wait with them")
	}
	w := waiter{timeout: cmp.Or(c.Timeout, 30*time.Minute), interval: cmp.Or(c.Interval, 5*time.Second), progress: p.progress()}
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

// errLeft reports that the session ended, and nothing was linked.
var errLeft = errors.New("the user left the session")

// waiter reads a link token until a session of it ends.
type waiter struct {
	interval time.Duration
	timeout  time.Duration
	progress func(string) // shows what happened last; empty at the end
}

func (w waiter) wait(ctx context.Context, get func(context.Context) (*gen.LinkTokenGetResponse, error)) (*gen.LinkTokenGetResponse, error) {
	late := fmt.Errorf("no session ended within %v; --timeout sets how long to wait", w.timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, w.timeout, late)
	defer cancel()
	defer w.progress("")
	begun := time.Now()
	for {
		got, err := get(ctx)
		var perr *plaidlink.Error
		switch {
		case ctx.Err() != nil:
			return nil, ended(ctx)
		case err == nil && stateOf(got.LinkSessions) != pending:
			return got, nil
		case err == nil && got.Expiration != nil && time.Now().After(*got.Expiration) && len(got.LinkSessions) == 0:
			return nil, fmt.Errorf("the link token expired at %s, before a session began", got.Expiration.Format(time.RFC3339))
		case err == nil:
			w.progress(fmt.Sprintf("%s  %s", time.Since(begun).Round(time.Second), latest(got.LinkSessions)))
		case errors.As(err, &perr) && perr.Temporary():
			w.progress(fmt.Sprintf("%s  calling again after: %v", time.Since(begun).Round(time.Second), err))
		default:
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ended(ctx)
		case <-time.After(w.interval):
		}
	}
}

// ended is why waiting ended before the session did.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); ctx.Err() == context.DeadlineExceeded {
		return cause
	}
	return errors.New("interrupted before a session ended")
}

// latest is what happened last.
func latest(sessions []gen.LinkTokenGetSessionsResponse) string {
	if len(sessions) == 0 {
		return "nobody opened Link yet"
	}
	session := sessions[len(sessions)-1]
	if len(session.Events) == 0 {
		return "session " + session.LinkSessionID + " is open"
	}
	event := session.Events[len(session.Events)-1]
	return event.EventName + " " + event.EventMetadata.InstitutionName
}

// progress keeps one line of a terminal up to date, and does nothing elsewhere.
func (p *program) progress() func(string) {
	if _, ok := p.terminal(p.stderr); !ok {
		return func(string) {}
	}
	return func(text string) { fmt.Fprintf(p.stderr, "\r\x1b[K%.100s", safe.Line(p.mask(text))) }
}
