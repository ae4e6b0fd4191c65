package page

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Number returns which step of Path this one is, from 1; 0 where it is not on the path.
func (l Link) Number() int { return slices.Index(l.Path, l.Step) + 1 }

// App returns the name of the app, for a sentence.
func (l Link) App() string { return cmp.Or(l.ClientName, in(l.Language, "the app")) }

// Href returns Continue where a link may lead there, and nothing otherwise. html/template would refuse the URL schemes of
// mobile apps, so this does it.
func (l Link) Href() template.URL {
	parsed, err := url.Parse(l.Continue)
	if err != nil || parsed.Opaque != "" || !Opens(parsed) {
		return ""
	}
	return template.URL(parsed.String())
}

// Opens reports whether a browser can be sent to an address: one with a scheme, but none that a browser would run or show as
// a page of its own.
func Opens(address *url.URL) bool {
	switch address.Scheme { // in lower case
	case "", "javascript", "vbscript", "data", "blob", "about", "file", "filesystem", "view-source":
		return false
	}
	return true
}

// monogram returns the first letter or digit of a name, for a logo.
func monogram(name string) string {
	i := strings.IndexFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if i < 0 {
		return "•"
	}
	for _, first := range name[i:] {
		return string(unicode.ToUpper(first))
	}
	return ""
}

// themed are the institutions that have colors and a logo of their own.
var themed = []string{
	"ins_109508", "ins_109509", "ins_109510", "ins_109511", "ins_109512", "ins_127287", "ins_132361", "ins_132363",
}

const hues = 6 // of the other institutions, in link.css

// theme returns the CSS class with the colors of an institution.
func theme(id string) string {
	if slices.Contains(themed, id) {
		return id
	}
	hash := fnv.New32a()
	hash.Write([]byte(id))
	return fmt.Sprintf("hue-%d", hash.Sum32()%hues)
}
