package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// exchanger trades public tokens for access tokens. Webhooks and redirects only record public tokens, in the transaction
// that makes each of them unique; the exchanger takes what waits, one at a time. So each is exchanged once, however often
// and in which order they arrive, and what waits is not lost when the program stops.
//
// One gap cannot be closed: when Plaid carried an exchange out and its answer was lost, or the program died before it was
// stored, nobody knows the access token. The public token still waits then and is tried again. Where Plaid refuses it, the
// link has failed, and the user is asked to connect the bank once more.
type exchanger struct {
	client *plaidlink.Client
	store  *store
	log    *slog.Logger
	turn   chan struct{} // holds one value while somebody exchanges
	wake   chan struct{}
}

const (
	exchangeTimeout = 20 * time.Second
	retryInterval   = 30 * time.Second
)

func newExchanger(client *plaidlink.Client, store *store, log *slog.Logger) *exchanger {
	return &exchanger{client: client, store: store, log: log, turn: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
}

// run exchanges what waits from an earlier run, what it is poked for, and again what failed, until ctx ends.
func (x *exchanger) run(ctx context.Context) {
	again := time.NewTicker(retryInterval)
	defer again.Stop()
	for {
		x.settle(ctx)
		select {
		case <-ctx.Done():
			return
		case <-x.wake:
		case <-again.C:
		}
	}
}

// poke lets run look for what waits, and does not wait for it.
func (x *exchanger) poke() {
	select {
	case x.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// settle exchanges what waits. When ctx ends it begins no other exchange, and finishes the one that it is at: its answer is
// the only copy of an access token.
func (x *exchanger) settle(ctx context.Context) {
	select {
	case x.turn <- struct{}{}:
		defer func() { <-x.turn }()
	case <-ctx.Done():
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
	}
}

func (x *exchanger) exchange(ctx context.Context, w waiting) error {
	ctx, cancel := context.WithTimeout(ctx, exchangeTimeout)
	defer cancel()
	if w.institution == "" {
		w.institution = x.institution(ctx, w)
	}
	got, err := x.client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: w.publicToken})
	if errors.Is(err, plaidlink.CodeInvalidPublicToken) {
		return errors.Join(err, x.store.lose(ctx, w))
	}
	if err != nil {
		return err // it waits for the next time
	}
	x.log.Info("connected", "item_id", got.ItemID, "institution", w.institution)
	return x.store.connect(context.WithoutCancel(ctx), w, got.ItemID, got.AccessToken)
}

// institution is the name of the bank behind a public token, which its webhook does not tell.
func (x *exchanger) institution(ctx context.Context, w waiting) string {
	const unknown = "Your bank"
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

// readEnding asks Plaid how the sessions of a link token ended.
func readEnding(ctx context.Context, client *plaidlink.Client, linkToken string) (e ending, err error) {
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: linkToken})
	if err != nil {
		return ending{}, err
	}
	e = ending{linkToken: linkToken, publicTokens: map[string]string{}}
	for _, session := range got.LinkSessions {
		e.ended = e.ended || !session.FinishedAt.IsZero()
		e.success = e.success || !session.FinishedAt.IsZero() && session.Exit == nil
		if session.Results == nil {
			continue
		}
		for _, added := range session.Results.ItemAddResults {
			name := ""
			if added.Institution != nil {
				name = added.Institution.Name
			}
			e.publicTokens[added.PublicToken] = name
		}
	}
	return e, nil
}
