package spec

import (
	"go/format"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

func TestDescriptionsBecomeComments(t *testing.T) {
	for _, c := range []struct{ why, description, want string }{
		{"a sentence", "Name of the shop.", "// Name of the shop."},
		{"no full stop", "Name of the shop", "// Name of the shop."},
		{"a question is an end too", "Is it open?", "// Is it open?"},
		{"a colon announces something", "One of these:", "// One of these:"},
		{"an end in parentheses", "Name of the shop (as on the sign)", "// Name of the shop (as on the sign)."},
		{"a condition", "If true, the shop is open. Defaults to `false`.", "// If true, the shop is open. Defaults to false."},
		{"a verb", "Specifies options for opening a shop with the Paint product", "// Specifies options for opening a shop with the Paint product."},
		{"a schema", "ShopOpenRequest defines the request schema for `/shop/open`", "// ShopOpenRequest defines the request schema for /shop/open."},
		{"a question word", "Whether `shop.open` was set", "// Whether shop.open was set."},
		{"marks and no text", "** **", ""},
		{"nothing", "", ""},
		{"nothing but space", " \n\n ", ""},
		{"space and line breaks within a paragraph", "  Name of\nthe\t shop.\r\n", "// Name of the shop."},
		{"a long line", "Colors that the shop sells, by their names in the catalog; once one is set, the colors that are not in the list are hidden.",
			"// Colors that the shop sells, by their names in the catalog; once one is set, the colors that\n// are not in the list are hidden."},
		{"a word that no line can hold", "See https://shop.example/" + strings.Repeat("a", 100) + " for it",
			"// See\n// https://shop.example/" + strings.Repeat("a", 100) + "\n// for it."},
		{"paragraphs", "Name of the shop.\n\nIt can change.\n\n\nAsk for it", "// Name of the shop.\n//\n// It can change.\n//\n// Ask for it."},
		{"a link", "Opened as in [the manual](https://shop.example/docs#open).", "// Opened as in the manual (https://shop.example/docs#open)."},
		{"a link of code", "Returned by [`/shop/open`](https://shop.example/open)", "// Returned by /shop/open (https://shop.example/open)."},
		{"a link without a host leads nowhere", "See [opening](/docs/open#now).", "// See opening."},
		{"a link to itself", "See [https://shop.example](https://shop.example).", "// See https://shop.example."},
		{"a link that breaks over lines", "A time in [ISO\n8601](https://shop.example/time) form", "// A time in ISO 8601 (https://shop.example/time) form."},
		{"an address in angle brackets", "See <https://shop.example/a_b_c>", "// See https://shop.example/a_b_c."},
		{"brackets without an address", "Must be `['US']` [sic]", "// Must be ['US'] [sic]."},
		{"emphasis", "**Required** where it is *not* empty, _or_ open: **`all`**.", "// Required where it is not empty, or open: all."},
		{"names with marks", "Set color_code_id, or 2 * width * height", "// Set color_code_id, or 2 * width * height."},
		{"code with marks", "Matches `COLOR_*`, `*` and `a_b_`.", "// Matches COLOR_*, * and a_b_."},
		{"an escaped mark", `Ends in \* or \_.`, "// Ends in * or _."},
		{"HTML", "A color that fades <em>slowly</em>.<br/>", "// A color that fades slowly."},
		{"a placeholder that is not HTML", "In the form `shop-<number>`", "// In the form shop-<number>."},
		{"an empty string, which gofmt would make one quotation mark", "Sent as '' when unknown", `// Sent as "" when unknown.`},
		{"a list", "Colors:\n- `red`: warm\n- `blue`: cold", "// Colors:\n//   - red: warm\n//   - blue: cold"},
		{"a list of another mark, and more after it", "Colors:\n\n* red\n* blue\n\nMore follow", "// Colors:\n//   - red\n//   - blue\n//\n// More follow."},
		{"a numbered list", "Steps:\n1. Open\n2) Paint", "// Steps:\n//  1. Open\n//  2. Paint"},
		{"a list with long items", "- A color that is sold in every shop of the whole country, whatever the season, and is never sold out\n  for long",
			"//   - A color that is sold in every shop of the whole country, whatever the season, and is\n//     never sold out for long"},
		{"a dash where a line would break", "- " + strings.Repeat("a", 88) + " - red", "//   - " + strings.Repeat("a", 88) + " -\n//     red"},
		{"a deprecation", "Deprecated, use `color` instead.", "// Deprecated: use color instead."},
		{"a deprecation in parentheses", "(DEPRECATED) Color of the shop", "// Deprecated: Color of the shop."},
		{"a word that is not a deprecation", "Deprecated colors are left out", "// Deprecated colors are left out."},
	} {
		t.Run(c.why, func(t *testing.T) {
			have := comment(c.description)
			require.Equal(t, c.want, have)
			if have != "" {
				source := "package p\n\n" + have + "\ntype T int\n"
				formatted, err := format.Source([]byte(source))
				require.NoError(t, err)
				require.Equal(t, source, string(formatted), "gofmt leaves it alone")
			}
		})
	}
}

// markdown is what a comment cannot hold. Once a description needs it, take a library for Markdown, such as goldmark.
var markdown = map[string]*regexp.Regexp{
	"a table":             regexp.MustCompile(`(?m)^\s*\|.*\|`),
	"a heading":           regexp.MustCompile(`(?m)^ {0,3}(#{1,6}\s|={3,}\s*$|-{3,}\s*$)`),
	"a fenced code block": regexp.MustCompile("(?m)^\\s*(```|~~~)"),
}

func TestDescriptionsAreParagraphsAndLists(t *testing.T) {
	data, err := os.ReadFile("../../api/openapi.yaml")
	require.NoError(t, err)
	require.Empty(t, tooMuch(t, data))

	for what, description := range map[string]string{
		"a table": "Colors:\n\n| a | b |\n|---|---|", "a heading": "## Colors", "a fenced code block": "Try:\n\n```\nred\n```",
	} {
		document, err := yaml.Marshal(map[string]any{"components": map[string]any{"schemas": []any{map[string]string{"description": description}}}})
		require.NoError(t, err)
		require.Equal(t, []string{"/components/schemas/0/description has " + what}, tooMuch(t, document))
	}
}

func tooMuch(t *testing.T, document []byte) (found []string) {
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal(document, &doc))
	walk(&doc, "", func(place string, n *yaml.Node) bool {
		for what, mark := range markdown {
			if strings.HasSuffix(place, "/description") && n.Kind == yaml.ScalarNode && mark.MatchString(n.Value) {
				found = append(found, place+" has "+what)
			}
		}
		return !isData(place)
	})
	return found
}
