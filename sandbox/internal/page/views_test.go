package page_test

import (
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const action = "/hl/abc"

// steps are all of Link.
var steps = []page.Step{
	page.StepStart, page.StepInstitution, page.StepOAuth, page.StepEmbedded, page.StepBank, page.StepCredentials, page.StepAccounts,
	page.StepConsent, page.StepDone, page.StepClosed,
}

// path is that of a session which begins before it is opened.
var path = []page.Step{page.StepStart, page.StepInstitution, page.StepCredentials, page.StepAccounts, page.StepConsent}

// texts are what the strings of a view may be.
var texts = map[string]string{
	"plain":         "Example App",
	"empty":         "",
	"element":       `<script>alert(1)</script><img src=x onerror=alert(1)>`,
	"attribute":     `" onfocus="alert(1)' style='color:red`,
	"template":      `{{.Password}} ${x} <!-- ]]> &amp; &quot;`,
	"URL":           "javascript:alert(1)",
	"500 letters":   strings.Repeat("x", 500),
	"right to left": "بنك العربية 🦆👩‍👩‍👧 \u202eabc",
	"white space":   " \n\t ",
}

// views are all pages, each with each text in all its strings, with and without rows, flags and a
// problem.
func views() map[string]any {
	all := map[string]any{}
	for _, step := range steps {
		for name, filled := range variants(page.Link{Step: step}) {
			link := filled.Interface().(page.Link)
			link.Action, link.Path = action, path
			all[string(step)+" "+name] = link
		}
	}
	for name, filled := range variants(page.State{}) {
		all["state "+name] = filled.Interface()
	}
	maps.Copy(all, known())
	return all
}

// variants fills copies of a view.
func variants(view any) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for name, text := range texts {
		for _, rows := range []int{0, 2} {
			for _, flags := range []bool{false, true} {
				for _, problem := range []bool{false, true} {
					copied := reflect.New(reflect.TypeOf(view)).Elem()
					fill(copied, text, rows, flags)
					if link, ok := view.(page.Link); ok {
						copied.FieldByName("Step").SetString(string(link.Step))
						if !problem {
							copied.FieldByName("Problem").SetString("")
						}
					}
					key := name + [...]string{0: ", no rows", 2: ", rows"}[rows]
					if flags {
						key += ", flags"
					}
					if problem {
						key += ", problem"
					}
					out[key] = copied
				}
			}
		}
	}
	return out
}

func fill(v reflect.Value, text string, rows int, flags bool) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(flags)
	case reflect.Int:
		v.SetInt(int64(rows))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return // one time is as another
		}
		for i := range v.NumField() {
			fill(v.Field(i), text, rows, flags)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rows, rows))
		for i := range rows {
			fill(v.Index(i), text, rows, flags)
		}
	case reflect.Pointer:
		if rows > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), text, rows, flags)
		}
	default:
		panic("no text for a " + v.Kind().String())
	}
}

// known are pages with the institutions that have a logo.
func known() map[string]any {
	link := page.Link{Step: page.StepInstitution, Action: action, ClientName: "Example App"}
	var banks []bank.Institution
	for _, id := range knownIDs {
		banks = append(banks, bank.Institution{ID: id, Name: "Bank " + id, Host: id + ".example"})
	}
	link.Found = banks
	out := map[string]any{"known banks": link}
	link.Step = page.StepBank
	for _, known := range banks {
		link.Institution = known
		out["known bank "+known.ID] = link
	}
	link.Step, link.Username = page.StepCredentials, "user_good"
	out["username"] = link
	return out
}

var knownIDs = []string{
	"ins_109508", "ins_109509", "ins_109510", "ins_109511", "ins_109512", "ins_127287", "ins_132361", "ins_132363",
}
