package page

import (
	"fmt"
	"hash/fnv"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Progress is how far a session is.
type Progress struct {
	Number int    // of this step, from 1; 0 where the step is not on the path
	Of     int    // steps
	Bars   []bool // one a step: whether it was reached
}

// Progress tells where the step stands on the path of the session. The bank's page stands for the sign-in.
func (f Frame) Progress() Progress {
	steps := f.Path
	if len(steps) == 0 {
		steps = usualPath(f.UpdateMode)
	}
	number := slices.Index(steps, f.Step) + 1
	if number == 0 && f.Step == StepBank {
		number = slices.Index(steps, StepCredentials) + 1
	}
	bars := make([]bool, len(steps))
	for i := range bars {
		bars[i] = i < number
	}
	return Progress{Number: number, Of: len(steps), Bars: bars}
}

func usualPath(updateMode bool) []Step {
	if updateMode {
		return []Step{StepStart, StepCredentials, StepConsent}
	}
	return []Step{StepStart, StepInstitution, StepCredentials, StepAccounts, StepConsent}
}

// App names the app in a sentence.
func (f Frame) App() string {
	if f.ClientName == "" {
		return "the app"
	}
	return f.ClientName
}

// Href is Continue where a link may lead there, and empty otherwise. html/template would refuse the URL schemes of mobile
// apps, so what a browser would run or show as a page of its own is refused here.
func (d Done) Href() template.URL {
	parsed, err := url.Parse(d.Continue)
	if err != nil || parsed.Scheme == "" || parsed.Opaque != "" {
		return ""
	}
	switch parsed.Scheme { // in lower case
	case "javascript", "vbscript", "data", "blob", "about", "file", "filesystem", "view-source":
		return ""
	}
	return template.URL(parsed.String())
}

// monogram is the first letter or digit of a name, for a logo.
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

// theme is the CSS class with the colors of an institution.
func theme(id string) string {
	if slices.Contains(themed, id) {
		return id
	}
	hash := fnv.New32a()
	hash.Write([]byte(id))
	return fmt.Sprintf("hue-%d", hash.Sum32()%hues)
}
