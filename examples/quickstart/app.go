// Command quickstart is a small web application whose users connect their banks: Plaid's Hosted Link, the redirect back, the
// verified webhook, and the connected Items in a database. It runs against the built-in sandbox, and against Plaid with
// PLAID_CLIENT_ID and PLAID_SECRET.
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
	client    *plaidlink.Client
	store     *store
	exchanger *exchanger
	log       *slog.Logger
	url       string          // where the users' browsers find it, without a slash at its end
	hook      string          // where Plaid finds it; empty where it cannot
	sandbox   *sandbox.Server // the built-in one, or nil
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
	mux.HandleFunc("POST /items/{id}/update", a.signedIn(a.update))
	mux.HandleFunc("POST /items/{id}/remove", a.signedIn(a.remove))
	if a.sandbox != nil {
		mux.HandleFunc("POST /items/{id}/break", a.signedIn(a.breakLogin))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { a.fail(w, r, errNotFound) })

	forms := http.NewCrossOriginProtection() // other sites cannot send a user's forms
	forms.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.page(w, http.StatusForbidden, "problem.html", "This form came from another site, so nothing was done.")
	}))
	outer := http.NewServeMux()
	outer.Handle("/", a.headers(forms.Handler(mux)))
	verifier := webhook.NewVerifier(a.client, webhook.WithLogger(a.log))
	outer.Handle(hookPath, verifier.Handler(a.receive)) // its sender is no browser: the signature protects it
	return outer
}

// headers keeps pages out of frames and caches, scripts out of pages, and bounds what a browser sends.
func (a *app) headers(next http.Handler) http.Handler {
	to := "https://*.plaid.com" // where the forms lead: a browser applies form-action to redirects too
	if a.sandbox != nil {
		to = a.sandbox.URL
	}
	const policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; " +
		"form-action 'self' "
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy+to)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
		next.ServeHTTP(w, r)
	})
}

// page answers with a page, whole or not at all.
func (a *app) page(w http.ResponseWriter, status int, name string, data any) {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, data); err != nil {
		a.log.Error("making a page", "page", name, "error", err)
		http.Error(w, "This page cannot be shown now.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // a browser that went away needs no answer
}

// fail tells the user what can be done, and the log what happened.
func (a *app) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusInternalServerError, "Something went wrong here. Nothing was lost; please try again."
	var perr *plaidlink.Error
	switch {
	case errors.Is(err, errNotFound):
		status, text = http.StatusNotFound, "There is nothing at this address."
	case errors.Is(err, plaidlink.CodeInvalidAccessToken):
		status, text = http.StatusConflict, "Plaid does not know this connection any more. Remove it, and connect the bank again."
		if a.sandbox != nil {
			text += " The built-in sandbox forgets its connections whenever it stops."
		}
	case errors.As(err, &perr):
		status, text = http.StatusBadGateway, "Plaid cannot be reached now, or did not accept this. Please try again in a moment."
		if perr.DisplayMessage != "" {
			text = perr.DisplayMessage
		}
	}
	if status != http.StatusNotFound && r.Context().Err() == nil {
		a.log.Error("request failed", "method", r.Method, "route", r.Pattern, "error", err)
	}
	a.page(w, status, "problem.html", text)
}

// secure says whether browsers reach the application over TLS.
func (a *app) secure() bool { return strings.HasPrefix(a.url, "https://") }
