package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// hear handles the events of a window.
func (w *window) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var complaint string
	switch e := event.(type) {
	case *page.EventLifecycleEvent:
		w.turn(e.Name)
	case *page.EventFrameNavigated:
		if e.Type == page.NavigationTypeBackForwardCacheRestore {
			w.pages++ // as it was, without loading it
		}
	case *network.EventRequestWillBeSent:
		w.requests++
		if !onLoopback(e.Request.URL) && e.Request.URL != plaidScript {
			complaint = "request to " + e.Request.URL
		}
	case *log.EventEntryAdded: // also violations of the Content-Security-Policy
		if !refusedPage(e.Entry) {
			complaint = fmt.Sprintf("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		complaint = "console: " + string(e.Type)
		for _, arg := range e.Args {
			complaint += " " + strings.Trim(string(arg.Value), `"`)
		}
	case *runtime.EventExceptionThrown:
		complaint = e.ExceptionDetails.Text
	}
	if complaint != "" {
		w.complaints = append(w.complaints, complaint)
	}
}

// turn follows the current page until it is visible.
func (w *window) turn(event string) {
	switch event {
	case "init":
		w.loaded, w.painted = false, false
		return
	case "load":
		w.loaded = true
	case "firstContentfulPaint":
		w.painted = true
	default:
		return
	}
	if w.loaded && w.painted {
		w.pages++
	}
}

// refusedPage reports whether an entry is only about the status of a page for a link that cannot be used.
func refusedPage(entry *log.Entry) bool {
	at, err := url.Parse(entry.URL)
	return err == nil && entry.Source == log.EntrySourceNetwork && strings.HasPrefix(at.Path, "/hosted/") &&
		(strings.Contains(entry.Text, "410 (Gone)") || strings.Contains(entry.Text, "404 (Not Found)"))
}

func onLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "data" || err == nil && ip.IsLoopback()
}

// forgiven returns all complaints so far, which then no longer fail the test.
func (w *window) forgiven() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.past = append(w.past, w.complaints...)
	w.complaints = nil
	return strings.Join(w.past, "\n")
}

// The check can fail: a window hears of each fault of a page.
func TestBrowserComplains(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "style-src 'none'")
		fmt.Fprint(w, "<!doctype html><title>a page</title><link rel='icon' href='data:,'><p>a page</p>"+r.URL.Query().Get("body"))
	}))
	defer server.Close()
	browser := startBrowser(t)
	for name, one := range map[string]struct{ body, want string }{
		"a message":      {`<script>console.error("no")</script>`, "console: error"},
		"an exception":   {`<script>nothing()</script>`, "Uncaught"},
		"the policy":     {`<p style="color: red">no`, "Content Security Policy"},
		"another host":   {`<img src="http://bank.example/logo.png">`, "request to http://bank.example/logo.png"},
		"a missing file": {`<img src="/logo.png">`, "404 (Not Found)"},
	} {
		chromium.check(t, "it complains of "+name, func(t *testing.T) {
			w := newWindow(t, browser)
			w.open(t, server.URL+"?body="+url.QueryEscape(one.body))
			w.until(t, func() bool { return strings.Contains(w.forgiven(), one.want) }, func() string { return "it does not" })
		})
	}
}
