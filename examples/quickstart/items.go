package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// home is the list of a user's banks, with a word about the link that the user comes from.
func (a *app) home(w http.ResponseWriter, r *http.Request) {
	u, ok, err := a.user(r)
	if err == nil && !ok {
		a.page(w, http.StatusOK, "sign-in.html", "")
		return
	}
	view := struct {
		User    user
		Items   []item
		Link    link
		Sandbox bool
	}{User: u, Sandbox: a.sandbox != nil}
	if id := r.FormValue("link"); err == nil && id != "" {
		view.Link, err = a.store.link(r.Context(), u.ID, id)
	} else if err == nil {
		view.Link, err = a.store.unfinished(r.Context(), u.ID)
	}
	if err == nil {
		view.Items, err = a.store.items(r.Context(), u.ID)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.page(w, http.StatusOK, "home.html", view)
}

// remove takes an Item off the list. At Plaid it goes on to exist: /item/remove, which ends it there and needs the access
// token, is not part of Plaid Link, and so not of the SDK. Call it here, before the token is forgotten.
func (a *app) remove(w http.ResponseWriter, r *http.Request, u user) {
	if err := a.store.removeItem(r.Context(), u.ID, r.PathValue("id")); err != nil {
		a.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// breakLogin lets the built-in sandbox tell, in a signed webhook as Plaid's, that an Item needs a new login.
func (a *app) breakLogin(w http.ResponseWriter, r *http.Request, u user) {
	itemID := r.PathValue("id")
	if _, err := a.store.accessToken(r.Context(), u.ID, itemID); err != nil {
		a.fail(w, r, err)
		return
	}
	if err := a.sendLoginRequired(r.Context(), itemID); err != nil {
		a.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) sendLoginRequired(ctx context.Context, itemID string) error {
	ctx, cancel := context.WithTimeout(ctx, plaidTimeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{
		"webhook_type": "ITEM", "webhook_code": "ERROR", "item_id": itemID, "environment": "sandbox",
		"error": map[string]string{"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED", "request_id": rand.Text()},
	})
	if err != nil {
		return err
	}
	req, err := a.sandbox.Signer().Request(a.hook, body)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req.WithContext(ctx))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("quickstart: the webhook was answered %s", resp.Status)
	}
	return errors.Join(err, resp.Body.Close())
}
