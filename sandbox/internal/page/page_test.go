package page_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

var (
	drawn  = sync.OnceValue(views)
	parsed = map[string]*node{} // of drawn, as far as they were well-formed
)

// each runs a check of the markup on every page.
func each(t *testing.T, check func(t *testing.T, view any, root *node)) {
	for name, view := range drawn() {
		t.Run(name, func(t *testing.T) {
			if parsed[name] == nil {
				parsed[name] = parse(t, view)
			}
			check(t, view, parsed[name])
		})
	}
}

func TestEveryPageHasItsParts(t *testing.T) {
	each(t, func(t *testing.T, view any, root *node) {
		for _, name := range []string{"head", "title", "body", "main", "h1"} {
			require.Len(t, root.named(name), 1, name)
		}
		require.NotEmpty(t, root.named("footer")[0].label(), "the badge")
		if link, ok := view.(page.Link); !ok || link.Step != page.StepClosed || strings.TrimSpace(link.Title) != "" { // its title is the caller's
			require.NotEmpty(t, root.named("h1")[0].label())
			require.NotEmpty(t, root.named("title")[0].label())
		}
		jumps := root.all(func(n *node) bool { return n.attr["tabindex"] > "0" })
		require.Empty(t, jumps, "the order of the page is the order of the keys")
	})
}

var forbidden = regexp.MustCompile(`(?i)^(style|src|srcset|srcdoc|formaction|http-equiv|ping|on.*)$`)

func TestNothingRunsAndNothingIsFetched(t *testing.T) {
	each(t, func(t *testing.T, view any, root *node) {
		for _, n := range root.all(func(*node) bool { return true }) {
			require.NotContains(t, []string{"script", "style", "iframe", "object", "embed", "base", "img"}, n.name)
			for name, value := range n.attr {
				_, ofState := view.(page.State)
				refreshes := ofState && n.name == "meta" && value == "refresh" && n.attr["content"] == "5; url="+page.StatePath
				require.True(t, refreshes || !forbidden.MatchString(name), name)
				if name == "href" && ofState && n.name == "a" {
					require.Regexp(t, `^(/_sandbox/(\?hold|\?request=[^"]*)?|https?://.*)$`, value)
				} else if name == "href" {
					allowed := map[string]bool{page.StylesheetPath: n.name == "link", "data:,": n.name == "link"}
					require.True(t, allowed[value], "%s leads to %q", n.name, value)
				}
			}
		}
	})
}

func TestIDsAreUniqueAndMeantOnesExist(t *testing.T) {
	each(t, func(t *testing.T, _ any, root *node) {
		seen := map[string]bool{}
		for _, n := range root.all(func(n *node) bool { return n.has("id") }) {
			require.False(t, seen[n.attr["id"]], n.attr["id"])
			seen[n.attr["id"]] = true
		}
		for _, attr := range []string{"for", "aria-describedby", "aria-labelledby"} {
			for _, n := range root.all(func(n *node) bool { return n.has(attr) }) {
				require.True(t, seen[n.attr[attr]], "%s of %s is %q", attr, n.name, n.attr[attr])
			}
		}
	})
}

func TestEveryControlHasAName(t *testing.T) {
	each(t, func(t *testing.T, _ any, root *node) {
		for _, n := range root.named("button") {
			require.NotEmpty(t, name(root, n))
		}
		for _, n := range root.named("input") {
			if n.attr["type"] != "hidden" {
				require.NotEmpty(t, name(root, n), n.attr["name"])
			}
		}
		for _, n := range root.named("fieldset") {
			require.NotEmpty(t, n.named("legend")[0].label())
		}
		for _, n := range root.named("svg") {
			hidden := false
			for outer := n; outer != nil; outer = outer.parent {
				hidden = hidden || outer.attr["aria-hidden"] == "true"
			}
			require.True(t, hidden, "a drawing means nothing to a screen reader")
		}
	})
}

// name is what a screen reader calls a control. A name that the caller left empty counts as one.
func name(root, control *node) string {
	if id := control.attr["id"]; id != "" {
		for _, label := range root.with("for", id) {
			return label.label()
		}
	}
	for outer := control.parent; outer != nil; outer = outer.parent {
		if outer.name == "label" && len(outer.named("bdi")) > 0 {
			return "label"
		}
	}
	if control.name == "button" && len(control.named("bdi")) > 0 {
		return "label"
	}
	return control.label()
}

// All that a view holds is shown as text, as it is.
func TestTextIsEscaped(t *testing.T) {
	for name, hostile := range texts {
		for _, step := range steps {
			filled := variants(page.Link{Step: step})[name+", rows, problem"]
			filled.FieldByName("Action").SetString(action)
			root := parse(t, filled.Interface())
			if strings.TrimSpace(hostile) == "" {
				continue // nothing to look for
			}
			require.Contains(t, root.named("main")[0].text, hostile, "%s, %s", step, name)
			require.Contains(t, root.with("role", "alert")[0].text, hostile, "%s, %s", step, name)
			title := root.named("title")[0].text
			require.Contains(t, strings.ReplaceAll(title, "\n", " "), hostile, "%s, %s", step, name)
		}
	}
}

var class = regexp.MustCompile(`\.([a-z][a-z0-9_-]*)`)

func TestEveryClassHasARule(t *testing.T) {
	ruled := map[string]bool{}
	for _, found := range class.FindAllSubmatch(page.Stylesheet(), -1) {
		ruled[string(found[1])] = true
	}
	used := map[string]bool{}
	each(t, func(t *testing.T, _ any, root *node) {
		for _, n := range root.all(func(n *node) bool { return n.has("class") }) {
			for _, one := range strings.Fields(n.attr["class"]) {
				require.True(t, ruled[one], one)
				used[one] = true
			}
		}
	})
	for one := range ruled {
		require.True(t, used[one] || strings.HasPrefix(one, "hue-"), "no page has the class %s", one)
	}
}
