package main

import (
	"context"
	"net/http"

	"github.com/plaidlink/plaidlink-go/gen"
)

// home is what the page home.html shows.
type home struct {
	User    user
	Notice  string // about what the user did last
	Warning string // the same, where it is not all well
	Link    link   // that the user comes from, or used last
	Items   []item
	Sandbox bool // the built-in one
}

// Primary returns the one button of the page that is emphasized: "link" to go on with a link, the id of the first Item that
// needs a new login, now or soon, or "connect".
func (h home) Primary() string {
	if h.Link.State == "open" || h.Link.Twice.Name != "" {
		return "link"
	}
	for _, i := range h.Items {
		if state := i.State(); state == "login" || state == "soon" {
			return i.ID
		}
	}
	return "connect"
}

// home lists a user's banks, below news about the link that the user comes from.
func (a *app) home(w http.ResponseWriter, r *http.Request) {
	u, ok, err := a.user(r)
	if err == nil && !ok {
		a.page(w, http.StatusOK, "sign-in.html", "")
		return
	}
	view := home{User: u, Sandbox: a.sandbox != nil}
	if err == nil {
		view.Link, err = a.homeLink(r, u)
	}
	if err == nil {
		view.Items, err = a.banks(r.Context(), u.ID)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	view.Notice, view.Warning = a.takeNotice(w, r, noticeCookie), a.takeNotice(w, r, warningCookie)
	a.page(w, http.StatusOK, "home.html", view)
}

// homeLink returns the link of the address, or else the user's newest. A user who finished it in another window must not read
// that it is unfinished, so Plaid is asked.
func (a *app) homeLink(r *http.Request, u user) (link, error) {
	if id := r.FormValue("link"); id != "" {
		return a.store.link(r.Context(), u.ID, id)
	}
	l, err := a.store.newest(r.Context(), u.ID)
	if err != nil || l.State != "open" {
		return l, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), lookTimeout)
	defer cancel()
	if err := a.look(ctx, l); err != nil {
		a.log.Warn("asking how a link ended", "error", err) // the page can be shown without
	}
	a.exchanger.poke()
	return a.store.link(r.Context(), u.ID, l.ID)
}

// remove is where the user ends the connection of a bank.
func (a *app) remove(w http.ResponseWriter, r *http.Request, u user) {
	ctx, cancel := context.WithTimeout(r.Context(), plaidTimeout)
	defer cancel()
	name, ended, err := a.end(ctx, u.ID, r.PathValue("id"))
	switch {
	case err != nil:
		a.fail(w, r, err)
		return
	case ended:
		a.setNotice(w, noticeCookie, name+" was removed, and the connection has ended at Plaid.")
	default:
		a.setNotice(w, warningCookie, name+" was removed here. At Plaid the connection continues, because its access token is lost: Plaid's support can end it.")
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// end ends an Item at Plaid, and only then deletes it here, with its access token: without that nobody can end it, and Plaid
// goes on billing. An Item that is gone at Plaid counts as ended, so a removal can be repeated. It returns false where the
// access token is lost, so that the Item has not ended.
func (a *app) end(ctx context.Context, userID, itemID string) (name string, ended bool, err error) {
	err = a.exchanger.alone(ctx, func() error { // with the access token that works
		i, err := a.store.item(ctx, userID, itemID)
		if err != nil {
			return err
		}
		token, err := a.store.open(i)
		if err != nil {
			return err
		}
		_, err = a.client.ItemRemove(ctx, gen.ItemRemoveRequest{AccessToken: token})
		isGone := gone(err, token, a.environment)
		if err != nil && !isGone {
			return err
		}
		name, ended = i.Bank.Name, !isGone || i.Rotation == "" || i.Rotation == "wanted"
		if !ended {
			a.log.Error("an Item continues at Plaid, because its access token is lost", "item_id", i.ID)
		}
		return a.store.removeItem(context.WithoutCancel(ctx), i.ID)
	})
	return name, ended, err
}

// breakLogin has the user of the built-in sandbox get a new password at the bank, and waits until Plaid's webhook is here.
func (a *app) breakLogin(w http.ResponseWriter, r *http.Request, u user) {
	ctx, cancel := context.WithTimeout(r.Context(), plaidTimeout)
	defer cancel()
	i, err := a.store.item(ctx, u.ID, r.PathValue("id"))
	if err == nil {
		err = a.sandbox.RequireLogin(i.ID)
	}
	if err == nil {
		err = a.sandbox.WaitWebhooks(ctx)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
