package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

const (
	lookTimeout = 5 * time.Second // of what a page asks Plaid; it is shown without where that takes longer
	freshness   = time.Minute     // how long a page shows what Plaid reported; Plaid allows 15 reads of an Item a minute
)

// banks returns the Items of a user, and asks Plaid first for those that it was not asked for lately. What cannot be read is
// shown as it was.
func (a *app) banks(ctx context.Context, userID string) ([]item, error) {
	items, err := a.store.items(ctx, userID)
	if err != nil {
		return nil, err
	}
	reading, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	unread := make(map[string]bool)
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, i := range items {
		if a.store.now().Sub(i.Read) < freshness || i.Rotation == "rotating" || i.Rotation == "lost" {
			continue
		}
		all.Go(func() {
			if err := a.inspect(reading, i); err != nil {
				a.log.Warn("reading an Item", "item_id", i.ID, "error", err)
				mu.Lock()
				defer mu.Unlock()
				unread[i.ID] = true
			}
		})
	}
	all.Wait()
	items, err = a.store.items(ctx, userID)
	for n := range items {
		items[n].Unread = unread[items[n].ID]
	}
	return items, err
}

// inspect asks Plaid for the state of an Item and for its accounts, and records both. An Item whose webhooks go to an old
// address of this program gets the present one.
func (a *app) inspect(ctx context.Context, i item) error {
	token, err := a.store.open(i)
	if err != nil {
		return err
	}
	got, err := a.client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: token})
	if gone(err, token, a.environment) {
		i.Code, i.Bank.Accounts, i.Read = plaidlink.CodeItemNotFound, nil, a.store.now() // its data goes with it
		return a.store.record(ctx, i, time.Time{})
	}
	if err != nil {
		return err
	}
	i.Bank.ID, i.Bank.Name = got.Item.InstitutionID, cmp.Or(got.Item.InstitutionName, i.Bank.Name)
	i.Code, i.webhook = "", ""
	if got.Item.Error != nil {
		i.Code = plaidlink.ErrorCode(got.Item.Error.ErrorCode)
	}
	if got.Item.Webhook != nil {
		i.webhook = *got.Item.Webhook
	}
	var failed error
	if i.Code == "" {
		i.Bank.Accounts, i.Code, failed = a.accounts(ctx, token, i.Bank.Accounts)
	}
	if a.hook != "" && i.webhook != a.hook {
		_, err := a.client.ItemWebhookUpdate(ctx, gen.ItemWebhookUpdateRequest{AccessToken: token, Webhook: a.hook})
		if err == nil {
			i.webhook = a.hook
		}
		failed = errors.Join(failed, err)
	}
	if failed == nil {
		i.Read = a.store.now()
	}
	var consentEnds time.Time
	if got.Item.ConsentExpirationTime != nil {
		consentEnds = *got.Item.ConsentExpirationTime
	}
	return errors.Join(failed, a.store.record(ctx, i, consentEnds))
}

// accounts lists the accounts of an Item; those that are known where Plaid does not. It returns the code of an error that the
// user can mend.
func (a *app) accounts(ctx context.Context, token gen.AccessToken, known []account) ([]account, plaidlink.ErrorCode, error) {
	got, err := a.client.AccountsGet(ctx, gen.AccountsGetRequest{AccessToken: token})
	var perr *plaidlink.Error
	if errors.As(err, &perr) && perr.Code.NeedsUpdateMode() {
		return known, perr.Code, nil
	}
	if err != nil {
		return known, "", err
	}
	all := make([]account, 0, len(got.Accounts))
	for _, one := range got.Accounts {
		all = append(all, account{Name: one.Name, Mask: orEmpty(one.Mask), Balance: balance(one.Balances)})
	}
	return all, "", nil
}

// balance returns the amount in an account, or owed on it; empty where the bank does not report it.
func balance(b gen.AccountBalance) string {
	amount := cmp.Or(b.Current, b.Available)
	if amount == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%.2f %s", *amount, orEmpty(cmp.Or(b.IsoCurrencyCode, b.UnofficialCurrencyCode))))
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// gone reports whether a call failed because there is no Item any more. Plaid refuses the token of another environment in the
// same words, but that Item lives.
func gone(err error, token gen.AccessToken, environment plaidlink.Environment) bool {
	return plaidlink.ItemGone(err) && strings.HasPrefix(string(token), "access-"+string(environment)+"-")
}

// moveWebhooks gives the Items whose webhooks go to an old address of this program the present one.
func (a *app) moveWebhooks(ctx context.Context) {
	if a.hook == "" {
		return
	}
	items, err := a.store.selectItems(ctx, "webhook <> ? AND rotation IN ('', 'wanted')", a.hook)
	if err != nil {
		a.log.Error("reading which webhooks must move", "error", err)
	}
	for _, i := range items {
		if err := a.inspect(ctx, i); err != nil { // the user's next visit tries again
			a.log.Warn("moving the webhooks of an Item", "item_id", i.ID, "error", err)
		}
	}
}
