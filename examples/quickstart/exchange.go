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
//
// An access token that is replaced is kept in the same way, see rotate.go.
type exchanger struct {
	client      *plaidlink.Client
	environment plaidlink.Environment
	store       *store
	log         *slog.Logger
	wake        chan struct{}
	turn        chan struct{} // contains a value while somebody exchanges, and so uses unstored
	// unstored is what Plaid returned and the database does not have yet; usually nil.
	unstored *unstored
}

// unstored is the only copy of an access token.
type unstored struct {
	itemID string
	store  func(context.Context) error
}

const (
	exchangeTimeout = 20 * time.Second
	askTimeout      = 5 * time.Second // of what is asked before, within exchangeTimeout
	retryInterval   = 30 * time.Second
	storeTimeout    = 5 * time.Second  // of one try to store an access token
	storeInterval   = time.Second      // between two
	lastStore       = 30 * time.Second // for all of them, once the program must stop
)

func newExchanger(client *plaidlink.Client, environment plaidlink.Environment, store *store, log *slog.Logger) *exchanger {
	return &exchanger{client: client, environment: environment, store: store, log: log,
		turn: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
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

// settle exchanges what waits, and replaces access tokens. When ctx ends it begins nothing else, but finishes what is under
// way.
func (x *exchanger) settle(ctx context.Context) {
	err := x.alone(ctx, func() error {
		all, err := x.store.waiting(ctx)
		for _, w := range all {
			err = errors.Join(err, x.step(ctx, func(ctx context.Context) error { return x.exchange(ctx, w) }))
		}
		rotations, failed := x.store.rotations(ctx)
		for _, i := range rotations {
			err = errors.Join(err, x.step(ctx, func(ctx context.Context) error { return x.rotate(ctx, i) }))
		}
		return errors.Join(err, failed)
	})
	if err != nil && ctx.Err() == nil && !errors.Is(err, errUnstored) {
		x.log.Error("exchanging tokens", "error", err)
	}
}

// alone runs fn while nobody exchanges or replaces a token, and every access token that Plaid returned is stored.
func (x *exchanger) alone(ctx context.Context, fn func() error) error {
	select {
	case x.turn <- struct{}{}:
		defer func() { <-x.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if !x.keep() {
		return errUnstored
	}
	return fn()
}

var errUnstored = errors.New("quickstart: nothing is exchanged before an access token is stored")

// step runs fn, which may leave an access token, and stores that. It does nothing once ctx has ended or while one is not
// stored.
func (x *exchanger) step(ctx context.Context, fn func(context.Context) error) error {
	if ctx.Err() != nil || x.unstored != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exchangeTimeout)
	defer cancel()
	err := fn(ctx)
	x.keep()
	return err
}

// exchange has Plaid exchange a public token, unless the user must be asked first. The caller stores the access token with keep.
func (x *exchanger) exchange(ctx context.Context, w waiting) error {
	if w.state == "waiting" {
		if ask, err := x.check(ctx, &w); ask || err != nil {
			return err
		}
	}
	if err := x.store.reserve(ctx, w); err != nil {
		return err
	}
	got, err := x.client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: w.publicToken})
	ctx = context.WithoutCancel(ctx) // what is known now is recorded, though the call took all the time
	var perr *plaidlink.Error
	switch {
	case err == nil:
		c := connection{w, got.ItemID, got.AccessToken}
		x.unstored = &unstored{c.itemID, func(ctx context.Context) error { return x.connect(ctx, c) }}
	case errors.Is(err, plaidlink.CodeInvalidPublicToken) && w.state == "exchanging":
		return errors.Join(fmt.Errorf("an earlier exchange was carried out, and its access token is lost: %w", err), x.store.giveUp(ctx, w))
	case errors.Is(err, plaidlink.CodeInvalidPublicToken):
		return errors.Join(err, x.store.giveUp(ctx, w))
	case errors.As(err, &perr) && !perr.MaybeCarriedOut && w.state != "exchanging":
		return errors.Join(err, x.store.release(ctx, w)) // it waits for the next time
	}
	return err // it stays reserved, and is tried again: Plaid refuses it if the exchange was carried out
}

// connect stores an Item.
func (x *exchanger) connect(ctx context.Context, c connection) error {
	ours, err := x.store.connect(ctx, c)
	switch {
	case err != nil:
		return err
	case ours:
		x.log.Info("connected", "item_id", c.itemID, "institution", c.bank.Name)
	default:
		x.log.Error("the Item of a public token is another user's, so it is not stored", "item_id", c.itemID)
	}
	return nil
}

// keep stores the access token that Plaid returned last. It returns false where that did not work; then it will be called
// again.
func (x *exchanger) keep() bool {
	if x.unstored == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	if err := x.unstored.store(ctx); err != nil {
		x.log.Error("an access token is not stored yet; it is kept in memory, do not kill this program", "item_id", x.unstored.itemID, "error", err)
		time.AfterFunc(storeInterval, x.poke)
		return false
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
