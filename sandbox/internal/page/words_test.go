package page_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

var translatedText = regexp.MustCompile(`\bt ("[^"]*")`)

// sources are the files whose texts the pages show.
func sources(t *testing.T) (html, code string) {
	t.Helper()
	read := func(patterns ...string) (all string) {
		for _, pattern := range patterns {
			names, err := filepath.Glob(pattern)
			require.NoError(t, err)
			for _, name := range names {
				if !strings.HasSuffix(name, "_test.go") {
					data, err := os.ReadFile(name)
					require.NoError(t, err)
					all += string(data)
				}
			}
		}
		return all
	}
	return read("html/*.html", "html/parts/*.html"), read("*.go", "../bank/*.go", "../../*.go")
}

func TestEveryTextIsInEveryLanguage(t *testing.T) {
	html, code := sources(t)
	data, err := os.ReadFile("words.json")
	require.NoError(t, err)
	var words map[string]map[string]string
	require.NoError(t, json.Unmarshal(data, &words))
	shown := map[string]bool{}
	for _, found := range translatedText.FindAllStringSubmatch(html, -1) {
		var text string
		require.NoError(t, json.Unmarshal([]byte(found[1]), &text))
		require.Contains(t, words, text)
		shown[text] = true
	}
	for english, others := range words {
		require.True(t, shown[english] || strings.Contains(code, `"`+english+`"`), "nobody shows %q", english)
		for _, language := range []string{"es", "fr"} {
			require.NotEmpty(t, others[language], "%s of %q", language, english)
			require.Equal(t, strings.Count(english, "%s"), strings.Count(others[language], "%s"), "names in %s of %q", language, english)
		}
		require.Len(t, others, 2, english)
	}
}

func TestLanguageOfThePage(t *testing.T) {
	for language, want := range map[string]string{
		"en": "Connect your bank to <A&B>", "es": "Conecte su banco con <A&B>", "fr": "Connectez votre banque à <A&B>",
		"de": "Connect your bank to <A&B>", "": "Connect your bank to <A&B>", "../es": "Connect your bank to <A&B>",
	} {
		root := parse(t, page.Link{Step: page.StepStart, Language: language, ClientName: "<A&B>", Problem: "100 %s sure"})
		require.Equal(t, want, root.named("h1")[0].text, language)
		require.Contains(t, root.with("role", "alert")[0].text, "100 %s sure", "a text without a translation is shown as it is")
		spoken := root.named("html")[0].attr["lang"]
		require.Equal(t, map[bool]string{true: language, false: "en"}[language == "es" || language == "fr"], spoken)
	}
	require.Contains(t, parse(t, page.Link{Step: page.StepStart, Language: "fr"}).named("h1")[0].text, "l’application", "of an unknown app")
}
