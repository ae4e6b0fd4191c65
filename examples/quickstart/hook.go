package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// receive records what a verified webhook reports, and returns at once: Plaid waits 10 seconds. A webhook of another kind
// succeeds too, or Plaid would deliver it again for a day.
func (a *app) receive(ctx context.Context, e webhook.Event) error {
	a.log.Info("webhook", "event", e)
	if finished, ok := e.Payload.(*gen.LinkSessionFinishedWebhook); ok {
		return a.sessionFinished(ctx, finished)
	}
	if e.Type == "ITEM" {
		return a.itemChanged(ctx, e)
	}
	return nil
}

// sessionFinished may come twice, and after the redirect: finish changes nothing then.
func (a *app) sessionFinished(ctx context.Context, p *gen.LinkSessionFinishedWebhook) error {
	end := ending{linkToken: p.LinkToken, ended: true, success: p.Status == "SUCCESS", publicTokens: map[string]bank{}}
	for _, token := range p.PublicTokens {
		end.publicTokens[token] = bank{}
	}
	err := a.store.tx(ctx, func(tx *sql.Tx) error { return finish(ctx, tx, end) })
	a.exchanger.poke()
	return err
}

// itemChanged takes a webhook of an Item as a hint to ask Plaid: it comes twice and late, and a second lost login has the bytes
// of the first. What is not known about here is asked too. Where Plaid does not respond, the webhook fails, and comes again.
func (a *app) itemChanged(ctx context.Context, e webhook.Event) error {
	var body struct {
		ItemID string `json:"item_id"`
	}
	if err := json.Unmarshal(e.Raw, &body); err != nil {
		return fmt.Errorf("quickstart: reading the webhook %s %s: %w", e.Type, e.Code, err)
	}
	i, err := a.store.item(ctx, "", body.ItemID)
	if errors.Is(err, errNotFound) {
		return nil // it is removed, or another program's
	}
	switch p := e.Payload.(type) {
	case *gen.WebhookUpdateAcknowledgedWebhook:
		return err
	case *gen.PendingExpirationWebhook:
		err = errors.Join(err, a.store.warn(ctx, i.ID, p.ConsentExpirationTime))
	case *gen.PendingDisconnectWebhook:
		ends := p.DisconnectTime
		if ends.IsZero() { // Plaid warns a week before
			ends = e.IssuedAt.AddDate(0, 0, 7)
		}
		err = errors.Join(err, a.store.warn(ctx, i.ID, ends))
	case *gen.NewAccountsAvailableWebhook:
		err = errors.Join(err, a.store.offer(ctx, i.ID))
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	return a.inspect(ctx, i)
}

const hookTimeout = 8 * time.Second // Plaid waits 10
