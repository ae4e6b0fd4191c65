package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

const plaidTimeout = 30 * time.Second

// connect sends the user to Plaid's page, to connect a bank.
func (a *app) connect(w http.ResponseWriter, r *http.Request, u user) {
	a.start(w, r, u, "", gen.LinkTokenCreateRequest{Products: []gen.Products{gen.ProductsAuth}})
}

// update sends the user to Plaid's page, to sign in again at a bank: update mode, which takes the access token.
func (a *app) update(w http.ResponseWriter, r *http.Request, u user) {
	itemID := r.PathValue("id")
	token, err := a.store.accessToken(r.Context(), u.ID, itemID)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.start(w, r, u, itemID, gen.LinkTokenCreateRequest{AccessToken: token})
}

// start creates a link token, stores it, and only then sends the user on: whatever comes back later finds it.
func (a *app) start(w http.ResponseWriter, r *http.Request, u user, itemID string, req gen.LinkTokenCreateRequest) {
	ctx, cancel := context.WithTimeout(r.Context(), plaidTimeout)
	defer cancel()
	id := rand.Text()
	req.ClientName = "Quickstart"
	req.Language = "en"
	req.CountryCodes = []gen.CountryCode{gen.CountryCodeUS}
	req.User = &gen.LinkTokenCreateRequestUser{ClientUserID: u.ID}
	req.Webhook = a.hook
	req.HostedLink = &gen.LinkTokenCreateHostedLink{
		CompletionRedirectURI: a.url + "/links/" + id + "/done",
	}
	created, err := a.client.LinkTokenCreate(ctx, req)
	if err == nil && created.HostedLinkURL == "" {
		err = errors.New("quickstart: Plaid's response has no hosted_link_url: Hosted Link is not enabled for this account")
	}
	if err == nil {
		err = a.store.addLink(ctx, u.ID, link{ID: id, ItemID: itemID, Token: created.LinkToken, HostedURL: created.HostedLinkURL})
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	http.Redirect(w, r, created.HostedLinkURL, http.StatusSeeOther)
}

// comeBack is where Plaid's page sends the user at its end. The address proves nothing, anybody can open it: Plaid is asked
// how the session ended, unless the webhook has reported it already.
func (a *app) comeBack(w http.ResponseWriter, r *http.Request, u user) {
	ctx, cancel := context.WithTimeout(r.Context(), plaidTimeout)
	defer cancel()
	l, err := a.store.link(ctx, u.ID, r.PathValue("id"))
	if err == nil {
		err = a.look(ctx, l)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.exchanger.settle(ctx)
	http.Redirect(w, r, "/?link="+l.ID, http.StatusSeeOther)
}

// look asks Plaid how a link ended, where that is not known yet, and records it.
func (a *app) look(ctx context.Context, l link) error {
	if l.State != "open" && l.State != "exited" {
		return nil
	}
	end, err := readEnding(ctx, a.client, l.Token)
	switch {
	case errors.Is(err, plaidlink.CodeInvalidLinkToken):
		return a.store.expire(ctx, l.ID)
	case err != nil:
		return err
	}
	return a.store.tx(ctx, func(tx *sql.Tx) error { return finish(ctx, tx, end) })
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
