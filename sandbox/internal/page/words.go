package page

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"sync"
)

// languages are those that the pages of Link are in, by their names in a link token; all others get the first one.
var languages = []string{"en", "es", "fr"}

//go:embed words.json
var wordsFile []byte

// words are the texts of the pages in the other languages, by the English text and by language.
var words = sync.OnceValue(func() (all map[string]map[string]string) {
	if err := json.Unmarshal(wordsFile, &all); err != nil {
		panic(err) // the file is wrong
	}
	return all
})

// languageOf returns the language of a view's page.
func languageOf(view any) string {
	if of, ok := view.(interface{ language() string }); ok && slices.Contains(languages, of.language()) {
		return of.language()
	}
	return languages[0]
}

func (f Frame) language() string { return f.Language }

// in returns a text in a language; in English where there is no translation.
func in(language, english string) string { return cmp.Or(words()[english][language], english) }

// inHTML returns a text in a language, with each %s replaced by a name of somebody, whose direction does not change that of the text.
func inHTML(language, english string, names ...any) template.HTML {
	text := template.HTMLEscapeString(in(language, english))
	if len(names) == 0 {
		return template.HTML(text)
	}
	var isolated []any
	for _, name := range names {
		isolated = append(isolated, "<bdi>"+template.HTMLEscaper(name)+"</bdi>")
	}
	return template.HTML(fmt.Sprintf(text, isolated...))
}
