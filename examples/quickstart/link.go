package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

const (
	plaidTimeout = 30 * time.Second
	unknownBank  = "Your bank" // where Plaid does not name it
)

// connect sends the user to Plaid's page, to connect a bank.
func (a *app) connect(w http.ResponseWriter, r *http.Request, u user) {
	url, err := a.start(r, u, "", gen.LinkTokenCreateRequest{Products: []gen.Products{gen.ProductsAuth}, Webhook: a.hook})
	if err != nil {
		a.fail(w, r, err)
		return
	}
	http.Redirect(w, r, url, http.StatusSeeOther)
}

// update sends the user to Plaid's page for an Item that is connected: update mode, which takes the access token.
func (a *app) update(w http.ResponseWriter, r *http.Request, u user) {
	i, err := a.store.item(r.Context(), u.ID, r.PathValue("id"))
	var token gen.AccessToken
	if err == nil {
		token, err = a.store.open(i)
	}
	url := ""
	if err == nil {
		req := gen.LinkTokenCreateRequest{AccessToken: token} // the webhooks of an Item go where they went
		if i.State() == "new" || i.Code == plaidlink.CodeNoAccounts {
			req.Update = &gen.LinkTokenCreateRequestUpdate{AccountSelectionEnabled: new(true)}
		}
		url, err = a.start(r, u, i.ID, req)
	}
	switch {
	case gone(err, token, a.environment): // the list shows that
		url, err = "/", a.inspect(r.Context(), i)
	case errors.Is(err, plaidlink.CodeUserPermissionRevoked): // for good: there is nothing to keep
		url = "/"
		if _, _, err = a.end(r.Context(), u.ID, i.ID); err == nil {
			a.setNotice(w, warningCookie, "You took back the access to "+i.Bank.Name+", so it was removed. You can connect it again.")
		}
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	http.Redirect(w, r, url, http.StatusSeeOther)
}

// start creates a link token, stores it, and only then returns the address of Plaid's page: whatever comes back later finds it.
func (a *app) start(r *http.Request, u user, itemID string, req gen.LinkTokenCreateRequest) (url string, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), plaidTimeout)
	defer cancel()
	id := rand.Text()
	req.ClientName = "Quickstart"
	req.Language = "en"
	req.CountryCodes = []gen.CountryCode{gen.CountryCodeUS}
	req.User = &gen.LinkTokenCreateRequestUser{ClientUserID: u.ID}
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
		return "", err
	}
	return created.HostedLinkURL, nil
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
	e = ending{linkToken: linkToken, publicTokens: map[string]bank{}}
	for _, session := range got.LinkSessions {
		e.ended = e.ended || !session.FinishedAt.IsZero()
		e.success = e.success || !session.FinishedAt.IsZero() && session.Exit == nil
		if session.Results == nil {
			continue
		}
		for _, added := range session.Results.ItemAddResults {
			b := bank{Name: unknownBank}
			if added.Institution != nil {
				b.ID, b.Name = added.Institution.InstitutionID, cmp.Or(added.Institution.Name, unknownBank)
			}
			for _, one := range added.Accounts {
				b.Accounts = append(b.Accounts, account{Name: one.Name, Mask: one.Mask})
			}
			e.publicTokens[added.PublicToken] = b
		}
	}
	return e, nil
}
