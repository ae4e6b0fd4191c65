package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// home is what the page home.html shows.
type home struct {
	User    user
	Notice  string // about what the user did last
	Link    link   // that the user comes from, or used last
	Items   []item
	Sandbox bool // the built-in one
}

// Primary returns the one button of the page that is emphasized: "link" to go on with a link, the id of the first Item that
// needs a new login, or "connect".
func (h home) Primary() string {
	if h.Link.State == "open" {
		return "link"
	}
	for _, i := range h.Items {
		if i.NeedsLogin {
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
		view.Items, err = a.store.items(r.Context(), u.ID)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	view.Notice = a.takeNotice(w, r)
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

const lookTimeout = 5 * time.Second

// remove ends an Item at Plaid, and only then deletes its access token: without that nobody could end it, and it would cost.
// Where a step fails, the user tries again.
func (a *app) remove(w http.ResponseWriter, r *http.Request, u user) {
	ctx, cancel := context.WithTimeout(r.Context(), plaidTimeout)
	defer cancel()
	itemID, institution := r.PathValue("id"), ""
	token, err := a.store.accessToken(ctx, u.ID, itemID)
	if err == nil {
		err = a.removeAtPlaid(ctx, token)
	}
	if err == nil {
		institution, err = a.store.removeItem(ctx, u.ID, itemID)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.setNotice(w, institution+" was removed from your list. The connection has ended at Plaid too.")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// removeAtPlaid succeeds for an Item that is gone already, such as after a removal whose response was lost. But a token of
// another environment is refused in the same way, and its Item is not gone.
func (a *app) removeAtPlaid(ctx context.Context, token gen.AccessToken) error {
	_, err := a.client.ItemRemove(ctx, gen.ItemRemoveRequest{AccessToken: token})
	if plaidlink.ItemGone(err) && strings.HasPrefix(string(token), "access-"+string(a.environment)+"-") {
		return nil
	}
	return err
}

// breakLogin has the built-in sandbox lose the login of an Item, which it reports by a webhook.
func (a *app) breakLogin(w http.ResponseWriter, r *http.Request, u user) {
	ctx, cancel := context.WithTimeout(r.Context(), plaidTimeout)
	defer cancel()
	token, err := a.store.accessToken(ctx, u.ID, r.PathValue("id"))
	if err == nil {
		_, err = a.client.SandboxItemResetLogin(ctx, gen.SandboxItemResetLoginRequest{AccessToken: token})
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
