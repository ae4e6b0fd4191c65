// Command quickstart is a small web application whose users connect their banks: Plaid's Hosted Link, the redirect back, the
// verified webhook, and the connected Items in a database. It runs against the built-in sandbox, or with PLAID_CLIENT_ID and
// PLAID_SECRET, against Plaid.
package main

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

//go:embed pages
var pages embed.FS

var templates = template.Must(template.ParseFS(pages, "pages/*.html"))

// app is the application. Its handlers are in the files named after what they deal with.
type app struct {
	client      *plaidlink.Client
	environment plaidlink.Environment
	store       *store
	exchanger   *exchanger
	log         *slog.Logger
	url         string          // where the users' browsers reach it, without a slash at its end
	hook        string          // where Plaid's webhooks reach it; empty where they cannot
	plaidPages  string          // origin of the pages where users choose their banks
	sandbox     *sandbox.Server // the built-in one, or nil
}

const hookPath = "/plaid/webhook"

func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, pages, "pages/style.css")
	})
	mux.HandleFunc("POST /sign-in", a.signIn)
	mux.HandleFunc("POST /sign-out", a.signOut)
	mux.HandleFunc("POST /links", a.signedIn(a.connect))
	mux.HandleFunc("GET /links/{id}/done", a.signedIn(a.comeBack))
	mux.HandleFunc("POST /links/{id}/connect", a.signedIn(a.decide(true)))
	mux.HandleFunc("POST /links/{id}/decline", a.signedIn(a.decide(false)))
	mux.HandleFunc("POST /items/{id}/update", a.signedIn(a.update))
	mux.HandleFunc("POST /items/{id}/replace", a.signedIn(a.replace))
	mux.HandleFunc("POST /items/{id}/remove", a.signedIn(a.remove))
	if a.sandbox != nil {
		mux.HandleFunc("POST /items/{id}/break", a.signedIn(a.breakLogin))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { a.fail(w, r, errNotFound) })

	forms := http.NewCrossOriginProtection() // other sites cannot send a user's forms
	forms.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.page(w, http.StatusForbidden, "problem.html", problem{"That was not done", "This form came from another site, so nothing was done."})
	}))
	outer := http.NewServeMux()
	outer.Handle("/", a.headers(forms.Handler(mux)))
	verifier := webhook.NewVerifier(a.client, webhook.WithLogger(a.log))
	outer.Handle(hookPath, verifier.Handler(a.receive)) // its sender is not a browser: the signature protects it
	return outer
}

// headers keeps pages out of frames and caches, scripts out of pages, and bounds what a browser sends.
func (a *app) headers(next http.Handler) http.Handler {
	const policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; " +
		"form-action 'self' "
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy+a.plaidPages) // a browser applies form-action to redirects too
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
		next.ServeHTTP(w, r)
	})
}

// page writes a page, whole or not at all.
func (a *app) page(w http.ResponseWriter, status int, name string, data any) {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, data); err != nil {
		a.log.Error("making a page", "page", name, "error", err)
		http.Error(w, "This page cannot be shown now.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // it fails for a browser that went away
}

// problem is what the page problem.html shows.
type problem struct{ Title, Text string }

// fail shows the user what can be done, and logs what happened.
func (a *app) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	p := problem{"That did not work", "Something went wrong here. Please try again."}
	var perr *plaidlink.Error
	switch {
	case errors.Is(err, errNotFound):
		status = http.StatusNotFound
		p = problem{"Not found", "There is nothing at this address: it may be mistyped, or what was here is gone."}
	case plaidlink.ItemGone(err): // but not for gone: its access token is of another environment
		status = http.StatusConflict
		p.Text = "This connection was made in another environment of Plaid, where it continues. So it stays in your list."
	case errors.As(err, &perr):
		status = http.StatusBadGateway
		p.Text = "Plaid cannot be reached now, or did not accept this. Please try again in a moment."
		if perr.DisplayMessage != "" {
			p.Text = perr.DisplayMessage
		}
	}
	if status != http.StatusNotFound && r.Context().Err() == nil {
		a.log.Error("request failed", "method", r.Method, "route", r.Pattern, "error", err)
	}
	a.page(w, status, "problem.html", p)
}

// secure reports whether browsers reach the application over TLS.
func (a *app) secure() bool { return strings.HasPrefix(a.url, "https://") }
