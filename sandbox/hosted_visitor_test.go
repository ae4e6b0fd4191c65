package sandbox_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// element is one of a page. The pages are well-formed XML, which is stricter than what a browser takes.
type element struct {
	name     string
	attr     map[string]string
	children []*element
	text     string   // of it and of what is in it
	texts    []string // of the page, one by one; at its root only
}

func parsePage(t testing.TB, html string) *element {
	t.Helper()
	open := []*element{{}}
	decoder := xml.NewDecoder(strings.NewReader(html))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return open[0]
		}
		require.NoError(t, err, html)
		switch token := token.(type) {
		case xml.StartElement:
			child := &element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				child.attr[a.Name.Local] = a.Value
			}
			parent := open[len(open)-1]
			parent.children = append(parent.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, e := range open {
				e.text += string(token)
			}
			open[0].texts = append(open[0].texts, strings.TrimSpace(string(token)))
		}
	}
}

func (e *element) all(name string) []*element {
	var found []*element
	for _, child := range e.children {
		if child.name == name {
			found = append(found, child)
		}
		found = append(found, child.all(name)...)
	}
	return found
}

// byName is the field with a name.
func (e *element) byName(name string) *element {
	inputs := e.all("input")
	return inputs[slices.IndexFunc(inputs, func(input *element) bool { return input.attr["name"] == name })]
}

// visitor is a browser without JavaScript and without cookies.
type visitor struct {
	t      testing.TB
	client *http.Client
	origin string

	at     string // the address shown
	status int
	header http.Header
	page   *element
	left   string // the address elsewhere to which the browser was sent; empty where it was not
}

// visit opens an address.
func visit(t testing.TB, server *sandbox.Server, address string) *visitor {
	t.Helper()
	v := &visitor{t: t, origin: server.URL, client: &http.Client{
		Transport:     newTransport(t),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	v.open(address)
	return v
}

func (v *visitor) open(address string) { v.t.Helper(); v.send(http.MethodGet, address, nil) }

func (v *visitor) send(method, address string, form url.Values) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, address, strings.NewReader(form.Encode()))
	require.NoError(v.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := v.client.Do(r)
	require.NoError(v.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(v.t, err)
	require.Empty(v.t, response.Cookies())
	v.left = ""
	if location := response.Header.Get("Location"); location != "" {
		require.Equal(v.t, http.StatusSeeOther, response.StatusCode, "so that a reload sends no form again")
		to, err := r.URL.Parse(location)
		require.NoError(v.t, err)
		if !strings.HasPrefix(to.String(), v.origin+"/") {
			v.left = to.String()
			return
		}
		v.open(to.String())
		return
	}
	v.at, v.status, v.header, v.page = address, response.StatusCode, response.Header, parsePage(v.t, string(body))
}

// values are what a form sends when its button do is pressed; nil where it has no such button.
func values(form *element, do string) url.Values {
	sent := url.Values{}
	for _, input := range form.all("input") {
		_, checked := input.attr["checked"]
		if kind := input.attr["type"]; kind != "checkbox" && kind != "radio" || checked {
			sent.Add(input.attr["name"], input.attr["value"])
		}
	}
	if sent.Get("do") == do {
		return sent
	}
	for _, button := range form.all("button") {
		if button.attr["name"] == "do" && button.attr["value"] == do {
			sent.Set("do", do)
			return sent
		}
	}
	return nil
}

// has reports whether the user can enter a value: into an input of that name, or by one that has the value already.
func has(form *element, name, value string) bool {
	return slices.ContainsFunc(append(form.all("input"), form.all("button")...), func(e *element) bool {
		own, fixed := e.attr["value"]
		switch e.attr["type"] {
		case "checkbox", "radio", "":
			return e.attr["name"] == name && fixed && own == value
		}
		return e.attr["name"] == name
	})
}

// form is the one with a button, and where names and values can be entered, in pairs; what it sends, and where to.
func (v *visitor) form(do string, entered ...string) (action string, sent url.Values) {
	v.t.Helper()
	for _, form := range v.page.all("form") {
		sent, fits := values(form, do), true
		for pair := range slices.Chunk(entered, 2) {
			fits = fits && has(form, pair[0], pair[1])
		}
		if sent == nil || !fits {
			continue
		}
		for pair := range slices.Chunk(entered, 2) {
			sent.Del(pair[0])
		}
		for pair := range slices.Chunk(entered, 2) {
			sent.Add(pair[0], pair[1])
		}
		require.Equal(v.t, "post", form.attr["method"])
		return v.origin + form.attr["action"], sent
	}
	require.Fail(v.t, "the page has no such form", "%s %v in: %s", do, entered, v.page.text)
	return "", nil
}

// press enters names and values, in pairs, and presses a button.
func (v *visitor) press(do string, entered ...string) *visitor {
	v.t.Helper()
	action, sent := v.form(do, entered...)
	v.send(http.MethodPost, action, sent)
	return v
}

// choose opens the link, and chooses a bank.
func (v *visitor) choose(institutionID string) *visitor {
	v.t.Helper()
	return v.press("next").press("next", "institution", institutionID)
}

func (v *visitor) signIn(username, password string) *visitor {
	v.t.Helper()
	return v.press("next", "username", username, "password", password)
}

// account is the id of an account that the page offers, by its name.
func (v *visitor) account(name string) string {
	v.t.Helper()
	for _, label := range v.page.all("label") {
		if inputs := label.all("input"); len(inputs) == 1 && strings.Contains(label.text, name) {
			return inputs[0].attr["value"]
		}
	}
	require.Fail(v.t, "the page has no such account", "%s in: %s", name, v.page.text)
	return ""
}

// share chooses an account, and agrees.
func (v *visitor) share(account string) *visitor {
	v.t.Helper()
	return v.press("next", "account", v.account(account)).press("next")
}

// title is the heading of the page.
func (v *visitor) title() string { v.t.Helper(); return v.page.all("h1")[0].text }

func (v *visitor) offers(do string) bool {
	return slices.ContainsFunc(v.page.all("form"), func(form *element) bool { return values(form, do) != nil })
}

// pageRequest is a request with Hosted Link, which ends at an app.
func pageRequest() gen.LinkTokenCreateRequest {
	req := createRequest()
	req.HostedLink = &gen.LinkTokenCreateHostedLink{CompletionRedirectURI: "https://app.example/done?user=1"}
	req.Webhook = "https://app.example/webhook"
	return req
}

// onlySession is the session of a link token that has just one.
func onlySession(t testing.TB, client *plaidlink.Client, linkToken string) gen.LinkTokenGetSessionsResponse {
	t.Helper()
	sessions := get(t, client, linkToken).LinkSessions
	require.Len(t, sessions, 1)
	return sessions[0]
}
