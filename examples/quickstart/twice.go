package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/plaidlink/plaidlink-go"
)

// check reports whether the user must be asked before an exchange, because the bank seems to be connected already: the same
// login twice is two Items, and both are billed, while a public token that is never exchanged expires. As long as Plaid does
// not respond with what the bank is, there is no exchange.
func (x *exchanger) check(ctx context.Context, w *waiting) (ask bool, err error) {
	if w.bank.Name == "" { // the webhook does not have it
		asking, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		e, err := readEnding(asking, x.client, w.linkToken)
		if err != nil && !errors.Is(err, plaidlink.CodeInvalidLinkToken) {
			return false, err
		}
		if w.bank = e.publicTokens[w.publicToken]; w.bank.Name == "" {
			w.bank.Name = unknownBank
		}
	}
	items, err := x.store.items(ctx, w.userID)
	if err != nil {
		return false, err
	}
	for _, i := range items {
		ask = ask || i.State() != "gone" && i.State() != "lost" && same(i.Bank, w.bank)
	}
	return ask, x.store.check(ctx, *w, ask)
}

// same reports whether two connections share an account: at the same institution, with the same name and mask. Names and
// masks can be missing; then they make no difference.
func same(a, b bank) bool {
	if a.ID == "" || a.ID != b.ID {
		return false
	}
	for _, one := range a.Accounts {
		for _, other := range b.Accounts {
			if alike(one.Name, other.Name) && alike(one.Mask, other.Mask) {
				return true
			}
		}
	}
	return len(a.Accounts) == 0 || len(b.Accounts) == 0
}

func alike(a, b string) bool { return a == "" || b == "" || a == b }

// decide is where the user decides about a bank that is connected already.
func (a *app) decide(connect bool) func(http.ResponseWriter, *http.Request, user) {
	return func(w http.ResponseWriter, r *http.Request, u user) {
		l, err := a.store.link(r.Context(), u.ID, r.PathValue("id"))
		if err == nil {
			err = a.store.decide(r.Context(), l.ID, connect)
		}
		if err != nil {
			a.fail(w, r, err)
			return
		}
		if !connect {
			a.setNotice(w, noticeCookie, "Nothing was connected a second time.")
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		a.exchanger.settle(r.Context())
		http.Redirect(w, r, "/?link="+l.ID, http.StatusSeeOther)
	}
}
