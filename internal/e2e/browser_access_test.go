package e2e_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// controls are the roles of what a user can do something with.
var controls = []string{"button", "link", "textbox", "searchbox", "checkbox", "radio"}

// barriers returns what would stop a user of a screen reader on a page.
func (all elements) barriers() (found []string) {
	if all[0].name == "" {
		found = append(found, "the page has no title")
	}
	if n := len(all.with("main")); n != 1 {
		found = append(found, fmt.Sprintf("%d main parts", n))
	}
	if n := len(all.headings()); n != 1 || all.headings()[0].name == "" {
		found = append(found, fmt.Sprintf("%d first headings", n))
	}
	seen := map[string]bool{}
	for _, e := range all[1:] {
		if !slices.Contains(controls, e.role) && e.properties["focusable"] != true {
			continue
		}
		if e.name == "" || seen[e.String()] {
			found = append(found, "not told apart from others: "+e.String())
		}
		seen[e.String()] = true
	}
	for _, alert := range all.with("alert") {
		if alert.text == "" || alert.properties["live"] != "assertive" {
			found = append(found, "not announced: "+alert.text)
		}
	}
	return found
}

// The check can fail: it finds each barrier on a page that has one.
func TestBrowserFindsBarriers(t *testing.T) {
	const good = `<title>a page</title><main><h1>a page</h1><div role="alert">no</div><button>go</button></main>`
	browser := startBrowser(t)
	for name, change := range map[string]struct{ old, replacement, barrier string }{
		"none":                 {"go", "go", ""},
		"no title":             {"<title>a page</title>", "", "no title"},
		"no main part":         {"main>", "div>", "0 main parts"},
		"two main parts":       {"<main>", "<main>more</main><main>", "2 main parts"},
		"no heading":           {"h1>", "h2>", "0 first headings"},
		"two headings":         {"<h1>", "<h1>more</h1><h1>", "2 first headings"},
		"an empty heading":     {"<h1>a page", `<h1>`, "first headings"},
		"a button, no name":    {">go<", "><", "not told apart from others: button"},
		"a field, no name":     {"<button>go</button>", "<input>", "not told apart from others: textbox"},
		"two of the same name": {"<button>", "<button>go</button><button>", "not told apart from others: button go"},
		"an alert, no words":   {">no<", "><", "not announced"},
		"an alert, kept mute":  {`role="alert"`, `role="alert" aria-live="off"`, "not announced"},
	} {
		chromium.check(t, "barrier: "+name, func(t *testing.T) {
			w := newWindow(t, browser)
			w.open(t, "data:text/html,"+url.PathEscape("<!doctype html>text"+strings.ReplaceAll(good, change.old, change.replacement)))
			found := w.look(t).barriers()
			if change.barrier == "" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			require.Contains(t, found[0], change.barrier)
		})
	}
}
