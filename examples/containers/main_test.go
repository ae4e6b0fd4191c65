package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// The two are one process here; the names of containers become localhost, and a name below it.
func TestUserConnectsABank(t *testing.T) {
	plaid := sandbox.NewServer()
	defer plaid.Close()
	client, err := newClient(strings.Replace(plaid.URL, "127.0.0.1", "localhost", 1))
	if err != nil {
		t.Fatal(err)
	}
	var app http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	defer server.Close()
	logged := make(chan string, 10)
	hook := strings.Replace(server.URL, "127.0.0.1", "app.localhost", 1) + "/webhook"
	app = routes(client, hook, func(format string, args ...any) { logged <- fmt.Sprintf(format, args...) })

	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if to := response.Header.Get("Location"); !strings.Contains(to, "/hosted/") {
		t.Fatalf("the browser was sent to %q", to)
	}
	token := plaid.State().LinkTokens[0].LinkToken
	if _, err := plaid.FinishLink(token, sandbox.Success()); err != nil {
		t.Fatal(err)
	}
	if err := plaid.WaitWebhooks(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-logged; !strings.HasPrefix(got, "linked the Item ") {
		t.Fatal(got)
	}
}
