package page_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

func TestRenderRefusesWhatIsNoPage(t *testing.T) {
	for _, view := range []any{nil, 1, page.Link{}, page.Link{Step: "state"}, page.Link{Step: "layout"}, &page.Link{Step: page.StepStart}} {
		out, err := page.Render(view)
		require.Nil(t, out)
		require.ErrorContains(t, err, "page: Render: ")
	}
}

func TestContentSecurityPolicyFitsThePages(t *testing.T) {
	policy := map[string]string{}
	for directive := range strings.SplitSeq(page.ContentSecurityPolicy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		policy[name] = value
	}
	require.Equal(t, map[string]string{
		"default-src":     "'none'",
		"style-src":       "'self'",
		"img-src":         "data:",
		"base-uri":        "'none'",
		"frame-ancestors": "'none'",
	}, policy)
	require.NotRegexp(t, `url\(|@import|@font-face`, string(page.Stylesheet()), "the policy lets a stylesheet fetch nothing")
	page.Stylesheet()[0] = 'x'
	require.NotEqual(t, byte('x'), page.Stylesheet()[0], "each caller has a copy")
}

func TestScriptQuotesItsOrigin(t *testing.T) {
	require.Contains(t, string(page.Script(`http://a"</script>`)), `const SANDBOX = "http://a\"\u003c/script\u003e";`)
}

func TestTitles(t *testing.T) {
	root := parse(t, page.Link{Step: page.StepInstitution, ClientName: "Example App"})
	require.Equal(t, "Choose your bank – Example App", root.named("title")[0].text)
	root = parse(t, page.Link{Step: page.StepInstitution})
	require.Equal(t, "Choose your bank", root.named("title")[0].text, "of an unknown app")
	root = parse(t, page.Link{Step: page.StepBank, ClientName: "Example App", Institution: bank.Institution{Name: "Tartan Bank"}})
	require.Equal(t, "Allow access – Tartan Bank", root.named("title")[0].text, "another site")
}

func TestUpdateModeReadsDifferently(t *testing.T) {
	for _, step := range steps {
		filled := variants(page.Link{Step: step})["plain, rows"]
		before := parse(t, filled.Interface()).named("h1")[0].text
		filled.FieldByName("UpdateMode").SetBool(true)
		after := parse(t, filled.Interface()).named("h1")[0].text
		switch step {
		case page.StepInstitution, page.StepAccounts, page.StepClosed, page.StepEmbedded:
			require.Equal(t, before, after, "%s: the question is the same", step)
		default:
			require.NotEqual(t, before, after, step)
		}
	}
}

func TestProgress(t *testing.T) {
	tests := map[string]struct {
		step  page.Step
		shown string // empty where no progress is
		back  bool
	}{
		"the first step has nothing before it": {step: page.StepStart, shown: "Step 1 of 5"},
		"a later step":                         {step: page.StepCredentials, shown: "Step 3 of 5", back: true},
		"a step that is not on the path":       {step: page.StepOAuth},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root := parse(t, page.Link{Step: tt.step, Path: path})
			var shown string
			if progress := root.with("class", "progress"); len(progress) > 0 {
				shown = progress[0].label()
			}
			require.Equal(t, tt.shown, shown)
			require.Equal(t, tt.back, len(root.with("value", "back")) == 1)
		})
	}
	bars := parse(t, page.Link{Step: page.StepCredentials, Path: path}).with("class", "bars")[0]
	require.Len(t, bars.named("i"), 5)
	require.Len(t, bars.with("class", "on"), 3)
}

func TestDoneLeadsBack(t *testing.T) {
	tests := map[string]struct{ url, href string }{
		"the app":                         {"https://app.example/done?a=1&b=%20", "https://app.example/done?a=1&b=%20"},
		"an app on a phone":               {"myapp://done", "myapp://done"},
		"nowhere":                         {"", ""},
		"no absolute URL":                 {"/done", ""},
		"a script":                        {"javascript:alert(1)", ""},
		"a script that looks like a host": {"JavaScript://x.example/%0aalert(1)", ""},
		"what a browser takes for one":    {"java\nscript:alert(1)", ""},
		"a page of its own":               {"data:text/html,<script>alert(1)</script>", ""},
		"a file":                          {"file:///etc/hosts", ""},
		"an attribute's end":              {`https://app.example/"onclick="x`, `https://app.example/%22onclick=%22x`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root := parse(t, page.Link{Step: page.StepDone, ClientName: "Example App", Continue: tt.url})
			links := root.named("a")
			if tt.href == "" {
				require.Empty(t, links)
				require.Contains(t, root.text, "You can close this window")
				return
			}
			require.Len(t, links, 1)
			require.Equal(t, tt.href, links[0].attr["href"])
			require.Equal(t, "Return to Example App", links[0].label())
		})
	}
}

func TestDoneLeadsToNoSchemeThatABrowserRuns(t *testing.T) {
	for _, scheme := range strings.Fields("javascript vbscript data blob about file filesystem view-source DATA") {
		require.Empty(t, page.Link{Step: page.StepDone, Continue: scheme + "://x.example/"}.Href(), scheme)
	}
	require.NotEmpty(t, page.Link{Step: page.StepDone, Continue: "x://x.example/"}.Href())
}

func TestEveryKnownBankHasItsLogo(t *testing.T) {
	drawn := map[string]bool{}
	for _, id := range append(knownIDs, "ins_1") {
		root := parse(t, page.Link{Step: page.StepCredentials, Institution: bank.Institution{ID: id, Name: "Örebro"}})
		logo := root.all(func(n *node) bool { return n.name == "svg" && n.attr["class"] == "logo" })
		if id == "ins_1" {
			require.Empty(t, logo)
			require.Equal(t, "Ö", root.all(func(n *node) bool { return n.name == "span" && n.has("aria-hidden") && n.text == "Ö" })[0].text)
			continue
		}
		require.Len(t, logo, 1, id)
		var shape string
		for _, part := range logo[0].all(func(*node) bool { return true }) {
			shape += part.attr["d"] + part.attr["fill"]
		}
		require.False(t, drawn[shape], "%s looks like another", id)
		drawn[shape] = true
	}
}
