package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// rotate has Plaid replace the access token of an Item: the old one ends at once, and the response is the only copy of the new
// one. The caller stores it with keep. The rotation of an Item is
//
//	"" -> wanted            the user wants it
//	wanted -> rotating      written before Plaid is asked
//	rotating -> ""          the new access token is stored, or Plaid did not carry the rotation out
//	rotating -> lost        the old access token has ended, and nobody has the new one
func (x *exchanger) rotate(ctx context.Context, i item) error {
	token, err := x.store.open(i)
	if err != nil {
		return err
	}
	if i.Rotation == "rotating" { // nobody knows whether it was carried out: does the old access token work?
		asking, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		_, err := x.client.ItemGet(asking, gen.ItemGetRequest{AccessToken: token})
		if gone(err, token, x.environment) {
			return x.lose(ctx, i, err)
		}
		if err != nil {
			return err
		}
	}
	if err := x.store.setRotation(ctx, i, "rotating"); err != nil {
		return err
	}
	got, err := x.client.ItemAccessTokenInvalidate(ctx, gen.ItemAccessTokenInvalidateRequest{AccessToken: token})
	ctx = context.WithoutCancel(ctx) // what is known now is recorded, though the call took all the time
	var perr *plaidlink.Error
	switch {
	case err == nil:
		x.unstored = &unstored{i.ID, func(ctx context.Context) error {
			err := x.store.rotated(ctx, i, got.NewAccessToken)
			if err == nil {
				x.log.Info("replaced an access token", "item_id", i.ID)
			}
			return err
		}}
	case gone(err, token, x.environment) && i.Rotation == "rotating": // it was carried out in this moment
		return x.lose(ctx, i, err)
	case errors.As(err, &perr) && !perr.MaybeCarriedOut:
		return errors.Join(err, x.store.setRotation(ctx, i, ""))
	}
	return err // perhaps it was carried out: the next time shows
}

// lose records that the old access token of an Item has ended, and nobody has the new one.
func (x *exchanger) lose(ctx context.Context, i item, err error) error {
	return errors.Join(fmt.Errorf("the new access token of Item %s is lost: %w", i.ID, err), x.store.setRotation(ctx, i, "lost"))
}

// replace has the access token of an Item replaced, as is done with one that others may have seen.
func (a *app) replace(w http.ResponseWriter, r *http.Request, u user) {
	before, err := a.store.item(r.Context(), u.ID, r.PathValue("id"))
	if err == nil && before.Rotation == "" {
		err = a.store.setRotation(r.Context(), before, "wanted")
	}
	after := before
	if err == nil {
		a.exchanger.settle(r.Context())
		after, err = a.store.item(r.Context(), u.ID, before.ID)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if !bytes.Equal(after.sealed, before.sealed) {
		a.setNotice(w, noticeCookie, "The access token of "+after.Bank.Name+" was replaced. The old one has ended.")
	} else if after.Rotation == "" {
		a.setNotice(w, warningCookie, "The access token of "+after.Bank.Name+" was not replaced, and works as before. Please try again later.")
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
