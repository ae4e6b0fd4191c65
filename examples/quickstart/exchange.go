package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// exchanger trades public tokens for access tokens, one at a time, and takes care not to lose one. Plaid returns an access
// token once: until it is stored, the response is its only copy.
//
//  1. Webhooks and redirects only record public tokens, in the transaction that makes each of them unique. So each is
//     exchanged once, however often and in whatever order they arrive, and waits where the program stops.
//  2. A public token is reserved in the database before Plaid gets it. A database that cannot be written is noticed while
//     there is nothing to lose, and after a crash the row reports that an exchange was under way.
//  3. An access token that cannot be stored is kept in memory, and stored as soon as that works. No other exchange begins
//     before. When the program must stop, it stores the access token first.
//  4. Where Plaid refuses a reserved public token, an exchange before was carried out and nobody has the access token: the
//     program was killed before it was stored, or the response was lost on its way. That gap cannot be closed. The user is
//     told, and asked to connect the bank once more.
type exchanger struct {
	client *plaidlink.Client
	store  *store
	log    *slog.Logger
	wake   chan struct{}
	turn   chan struct{} // contains a value while somebody exchanges, and so uses unstored
	// unstored is what Plaid returned and the database does not have yet; usually nil.
	unstored *connection
}

const (
	exchangeTimeout = 20 * time.Second
	nameTimeout     = 5 * time.Second // of asking for the name of a bank, within exchangeTimeout
	retryInterval   = 30 * time.Second
	storeTimeout    = 5 * time.Second  // of one try to store an access token
	storeInterval   = time.Second      // between two
	lastStore       = 30 * time.Second // for all of them, once the program must stop
)

func newExchanger(client *plaidlink.Client, store *store, log *slog.Logger) *exchanger {
	return &exchanger{client: client, store: store, log: log, turn: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
}

// run exchanges what waits from an earlier run, what it is poked for, and again what failed, until ctx ends. Then it stores
// what is left to store.
func (x *exchanger) run(ctx context.Context) {
	again := time.NewTicker(retryInterval)
	defer again.Stop()
	for {
		x.settle(ctx)
		select {
		case <-ctx.Done():
			x.finish()
			return
		case <-x.wake:
		case <-again.C:
		}
	}
}

// poke makes run look for what waits, and returns at once.
func (x *exchanger) poke() {
	select {
	case x.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// settle exchanges what waits. When ctx ends it begins no other exchange, but finishes the one under way.
func (x *exchanger) settle(ctx context.Context) {
	select {
	case x.turn <- struct{}{}:
		defer func() { <-x.turn }()
	case <-ctx.Done():
		return
	}
	if !x.keep() {
		return
	}
	all, err := x.store.waiting(ctx)
	if err != nil && ctx.Err() == nil {
		x.log.Error("reading what waits for an exchange", "error", err)
	}
	for _, w := range all {
		if ctx.Err() != nil {
			return
		}
		if err := x.exchange(context.WithoutCancel(ctx), w); err != nil {
			x.log.Error("exchanging a public token", "error", err)
		}
		if !x.keep() {
			return
		}
	}
}

// exchange has Plaid exchange a public token. The caller stores the access token with keep.
func (x *exchanger) exchange(ctx context.Context, w waiting) error {
	ctx, cancel := context.WithTimeout(ctx, exchangeTimeout)
	defer cancel()
	if w.institution == "" {
		w.institution = x.institution(ctx, w)
	}
	if err := x.store.reserve(ctx, w); err != nil {
		return err
	}
	got, err := x.client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: w.publicToken})
	ctx = context.WithoutCancel(ctx) // what is known now is recorded, though the call took all the time
	var perr *plaidlink.Error
	switch {
	case err == nil:
		x.unstored = &connection{w, got.ItemID, got.AccessToken}
	case errors.Is(err, plaidlink.CodeInvalidPublicToken) && w.exchanging:
		return errors.Join(fmt.Errorf("an earlier exchange was carried out, and its access token is lost: %w", err), x.store.giveUp(ctx, w))
	case errors.Is(err, plaidlink.CodeInvalidPublicToken):
		return errors.Join(err, x.store.giveUp(ctx, w))
	case errors.As(err, &perr) && !perr.MaybeCarriedOut && !w.exchanging:
		return errors.Join(err, x.store.release(ctx, w)) // it waits for the next time
	}
	return err // it stays reserved, and is tried again: Plaid refuses it if the exchange was carried out
}

// keep stores the access token that Plaid returned last. It returns false where that did not work; then it will be called
// again.
func (x *exchanger) keep() bool {
	c := x.unstored
	if c == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	ours, err := x.store.connect(ctx, *c)
	switch {
	case err != nil:
		x.log.Error("an access token is not stored yet; it is kept in memory, do not kill this program", "item_id", c.itemID, "error", err)
		time.AfterFunc(storeInterval, x.poke)
		return false
	case ours:
		x.log.Info("connected", "item_id", c.itemID, "institution", c.institution)
	default:
		x.log.Error("the Item of a public token is another user's, so it is not stored", "item_id", c.itemID)
	}
	x.unstored = nil
	return true
}

// finish stores what is left when the program stops: it is lost with the process.
func (x *exchanger) finish() {
	x.turn <- struct{}{}
	defer func() { <-x.turn }()
	end, again := time.After(lastStore), time.NewTicker(storeInterval)
	defer again.Stop()
	for !x.keep() {
		select {
		case <-again.C:
		case <-end:
			x.log.Error("an access token is lost: it could not be stored before the program had to stop", "item_id", x.unstored.itemID)
			return
		}
	}
}

// institution returns the name of the bank behind a public token, which its webhook does not have.
func (x *exchanger) institution(ctx context.Context, w waiting) string {
	const unknown = "Your bank"
	ctx, cancel := context.WithTimeout(ctx, nameTimeout)
	defer cancel()
	e, err := readEnding(ctx, x.client, w.linkToken)
	if err != nil {
		x.log.Warn("reading the name of a bank", "error", err)
		return unknown
	}
	if name := e.publicTokens[w.publicToken]; name != "" {
		return name
	}
	return unknown
}
