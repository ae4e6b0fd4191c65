package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
)

// StylesheetPath is where every page expects Stylesheet, as text/css.
const StylesheetPath = "/_sandbox/link.css"

// ContentSecurityPolicy is the header of that name for every page: one stylesheet, the empty icon, and nothing else. It has
// no form-action, which Chromium also applies to the redirects after a form: the last step goes on to another origin, the
// completion_redirect_uri of the app.
const ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

//go:embed link.css
var stylesheet string

// Stylesheet is the CSS of every page.
func Stylesheet() []byte { return []byte(stylesheet) }

//go:embed html
var files embed.FS

var pages = parse()

// parse gives every page a copy of the layout and of the parts, which it fills in or overrides.
func parse() map[string]*template.Template {
	layout := template.New("layout.html").Funcs(template.FuncMap{"monogram": monogram, "theme": theme})
	template.Must(layout.ParseFS(files, "html/parts/*.html"))
	names, err := fs.Glob(files, "html/*.html")
	if err != nil {
		panic(err) // the pattern is wrong
	}
	parsed := make(map[string]*template.Template)
	for _, name := range names {
		copied := template.Must(layout.Clone())
		parsed[path.Base(name)] = template.Must(copied.ParseFS(files, name))
	}
	return parsed
}

// Render draws the page of a view, which is one of the types below, by value: Start, Institutions, Credentials, Bank,
// Accounts, Consent, Done, Closed or State. All that the view holds is escaped. The error says that the view is none of
// these.
func Render(view any) ([]byte, error) {
	name := file(view)
	if name == "" {
		return nil, fmt.Errorf("page: Render: %T is no page, expected a view such as page.Start", view)
	}
	var out bytes.Buffer
	if err := pages[name].Execute(&out, view); err != nil {
		return nil, fmt.Errorf("page: Render: %w", err)
	}
	return out.Bytes(), nil
}

// file names the template of a view; empty where there is none.
func file(view any) string {
	switch view.(type) {
	case Start:
		return "start.html"
	case Institutions:
		return "institutions.html"
	case Credentials:
		return "credentials.html"
	case Bank:
		return "bank.html"
	case Accounts:
		return "accounts.html"
	case Consent:
		return "consent.html"
	case Done:
		return "done.html"
	case Closed:
		return "closed.html"
	case State:
		return "state.html"
	}
	return ""
}
