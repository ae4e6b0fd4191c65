package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

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

// itemChanged handles webhooks that the specification of Link does not have: the SDK passes their type, code and body. They
// have neither an id nor a time, so that a second loss of the login may have the same body as the first: each is recorded.
func (a *app) itemChanged(ctx context.Context, e webhook.Event) error {
	var body struct {
		ItemID string `json:"item_id"`
		Error  struct {
			Code string `json:"error_code"`
		} `json:"error"`
	}
	if err := json.Unmarshal(e.Raw, &body); err != nil {
		return fmt.Errorf("quickstart: reading the webhook %s %s: %w", e.Type, e.Code, err)
	}
	switch {
	case e.Code == "ERROR" && body.Error.Code == "ITEM_LOGIN_REQUIRED",
		e.Code == "PENDING_EXPIRATION", e.Code == "PENDING_DISCONNECT": // a new login is required soon
		return a.store.setNeedsLogin(ctx, body.ItemID, true)
	case e.Code == "LOGIN_REPAIRED": // the user did it in another program
		return a.store.setNeedsLogin(ctx, body.ItemID, false)
	}
	return nil
}
