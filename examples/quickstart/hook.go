package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/plaidlink/plaidlink-go"
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
	end := ending{linkToken: p.LinkToken, ended: true, success: p.Status == "SUCCESS", publicTokens: map[string]string{}}
	for _, token := range p.PublicTokens {
		end.publicTokens[token] = ""
	}
	err := a.store.tx(ctx, func(tx *sql.Tx) error { return finish(ctx, tx, end) })
	a.exchanger.poke()
	return err
}

// itemChanged reads the Item that a webhook is about. A webhook has neither an id nor a time, and may come late, twice, or
// after a later one: it is a hint that something changed, and Plaid knows what.
func (a *app) itemChanged(ctx context.Context, e webhook.Event) error {
	var about struct {
		ItemID string `json:"item_id"`
	}
	if err := json.Unmarshal(e.Raw, &about); err != nil {
		return fmt.Errorf("quickstart: reading the webhook %s %s: %w", e.Type, e.Code, err)
	}
	token, err := a.store.tokenOf(ctx, about.ItemID)
	if errors.Is(err, errNotFound) { // it is another program's, or was removed
		return nil
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	got, err := a.client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: token})
	switch {
	case plaidlink.ItemGone(err): // the new login that the page offers reports what to do
		return a.store.setNeedsLogin(ctx, about.ItemID, true)
	case err != nil:
		return err // Plaid delivers the webhook again
	case got.Item.Error != nil && plaidlink.ErrorCode(got.Item.Error.ErrorCode).NeedsUpdateMode(),
		e.Code == "PENDING_EXPIRATION", e.Code == "PENDING_DISCONNECT": // a new login is required soon
		return a.store.setNeedsLogin(ctx, about.ItemID, true)
	case e.Code == "LOGIN_REPAIRED": // the user did it in another program
		return a.store.setNeedsLogin(ctx, about.ItemID, false)
	}
	return nil
}
