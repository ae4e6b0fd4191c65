package main

import (
	"fmt"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// printEvent prints a webhook as one line; the status is that of the receiver which it was sent on to, or empty.
func (p *program) printEvent(e webhook.Event, asJSON bool, status string) error {
	line := safe.Line(p.mask(summary(e)))
	if asJSON {
		line = jsonLine(p.mask(string(e.Raw)))
	}
	if status != "" {
		line += " -> " + status
	}
	_, err := fmt.Fprintln(p.stdout, line)
	return err
}

// summary is what happened, in which session, and the public tokens to exchange.
func summary(e webhook.Event) string {
	text := e.Type + " " + e.Code
	switch p := e.Payload.(type) {
	case *gen.LinkSessionFinishedWebhook:
		return fmt.Sprintf("%s %s session=%q public_tokens=%q", text, p.Status, p.LinkSessionID, p.PublicTokens)
	case *gen.ItemAddResultWebhook:
		return fmt.Sprintf("%s session=%q public_token=%q", text, p.LinkSessionID, p.PublicToken)
	case *gen.LinkEventsWebhook:
		var names []string
		for _, event := range p.Events {
			names = append(names, event.EventName)
		}
		return fmt.Sprintf("%s session=%q events=%q", text, p.LinkSessionID, names)
	}
	if e.ID != "" {
		text += " id=" + e.ID
	}
	return text
}
