package page

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"sync"
)

// english is the language of the texts that have no translation.
const english = "en"

//go:embed words.json
var wordsFile []byte

// words are the texts of the pages in the other languages, by the English text and by language.
var words = sync.OnceValue(func() (all map[string]map[string]string) {
	if err := json.Unmarshal(wordsFile, &all); err != nil {
		panic(err) // the file is wrong
	}
	return all
})

// in returns a text in a language; in English where there is no translation.
func in(language, text string) string { return cmp.Or(words()[text][language], text) }

// inHTML returns a text in a language, with each %s replaced by a name of somebody, whose direction does not change that of the text.
func inHTML(language, text string, names ...any) template.HTML {
	text = template.HTMLEscapeString(in(language, text))
	if len(names) == 0 {
		return template.HTML(text)
	}
	var isolated []any
	for _, name := range names {
		isolated = append(isolated, "<bdi>"+template.HTMLEscaper(name)+"</bdi>")
	}
	return template.HTML(fmt.Sprintf(text, isolated...))
}
