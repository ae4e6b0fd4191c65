package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// StylesheetPath is where every page expects Stylesheet, as text/css.
const StylesheetPath = "/_sandbox/link.css"

// ContentSecurityPolicy is the header of that name for every page: one stylesheet, the empty icon, and nothing else. It has
// no form-action, which Chromium also applies to the redirects after a form: the last step goes on to another origin, the
// completion_redirect_uri of the app.
const ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

//go:embed link.css
var stylesheet string

// Stylesheet returns the CSS of every page.
func Stylesheet() []byte { return []byte(stylesheet) }

//go:embed html
var files embed.FS

// pages are the templates by language, and then by the step of the page or "state". A language is read when it is first used.
var pages = map[string]func() map[string]*template.Template{
	english: reader(english), "es": reader("es"), "fr": reader("fr"),
}

func reader(language string) func() map[string]*template.Template {
	return sync.OnceValue(func() map[string]*template.Template { return parse(language) })
}

// parse gives every page a copy of the layout and of the parts, which it fills in or overrides.
func parse(language string) map[string]*template.Template {
	layout := template.New("layout.html").Funcs(template.FuncMap{
		"monogram": monogram, "theme": theme, "outcome": outcome, "status": statusText, "time": Time, "target": withoutSecrets,
		"sent": wasSent, "hours": moves, "pair": pair, "language": func() string { return language },
		"t": func(text string, names ...any) template.HTML { return inHTML(language, text, names...) },
	})
	template.Must(layout.ParseFS(files, "html/parts/*.html"))
	names, err := fs.Glob(files, "html/*.html")
	if err != nil {
		panic(err) // the pattern is wrong
	}
	parsed := make(map[string]*template.Template)
	for _, name := range names {
		copied := template.Must(layout.Clone())
		parsed[strings.TrimSuffix(path.Base(name), ".html")] = template.Must(copied.ParseFS(files, name))
	}
	return parsed
}

// Render draws a page, a Link in its language or a State, by value. All that it holds is escaped. The error is that the view is
// neither, or a Link without a step.
func Render(view any) ([]byte, error) {
	name, read := "", pages[english]
	switch view := view.(type) {
	case Link:
		name = string(view.Step)
		if inLanguage := pages[view.Language]; inLanguage != nil {
			read = inLanguage
		}
	case State:
		name = "state"
	}
	page := read()[name]
	if page == nil {
		return nil, fmt.Errorf("page: Render: expected a Link with a step, or a State, found a %T", view)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("page: Render: %w", err)
	}
	return out.Bytes(), nil
}
