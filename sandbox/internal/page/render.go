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

// pages are the templates by language, and then by the name of their view in lower case. A language is read when it is first used.
var pages = readLanguages()

func readLanguages() map[string]func() map[string]*template.Template {
	read := map[string]func() map[string]*template.Template{}
	for _, language := range languages {
		read[language] = sync.OnceValue(func() map[string]*template.Template { return parse(language) })
	}
	return read
}

// parse gives every page a copy of the layout and of the parts, which it fills in or overrides.
func parse(language string) map[string]*template.Template {
	layout := template.New("layout.html").Funcs(template.FuncMap{
		"monogram": monogram, "theme": theme, "outcome": outcome, "status": statusText, "time": Time, "target": withoutSecrets,
		"sent": wasSent, "hours": moves, "pair": pair, "language": func() string { return language },
		"t": func(english string, names ...any) template.HTML { return inHTML(language, english, names...) },
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

// Render draws the page of a view, in its language. The view is Start, Institutions, Embedded, Credentials, OAuth, Bank,
// Accounts, Consent, Done, Closed or State, by value. All that the view holds is escaped. The error is that the view is none of these.
func Render(view any) ([]byte, error) {
	name, _ := strings.CutPrefix(fmt.Sprintf("%T", view), "page.")
	page := pages[languageOf(view)]()[strings.ToLower(name)]
	if page == nil {
		return nil, fmt.Errorf("page: Render: %T is not a page, expected a view such as page.Start", view)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("page: Render: %w", err)
	}
	return out.Bytes(), nil
}
