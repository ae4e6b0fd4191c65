package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Unlike is a difference between a document and the table of facts.
const Unlike Kind = "unlike"

// FactsReport counts what CheckFacts compared.
type FactsReport struct{ Rows, Schemas, Skipped int } // Skipped are rows of client_id and secret, which the SDK sends as headers

// CheckFacts compares a composed document with the table of wire facts (tab separated, one row a schema or a property)
// and reports every difference.
func CheckFacts(document, table []byte) (FactsReport, error) {
	var report FactsReport
	var ps Problems
	doc := parseMapping(Source{"openapi.yaml", document}, &ps)
	if doc == nil {
		return report, ps
	}
	var rows []fact
	operations := false // whether the table has them
	schemas := map[string]bool{}
	known := map[string]bool{}      // places
	values := map[string][]string{} // enum values that have rows of their own, by place of their property
	for i, line := range strings.Split(strings.TrimRight(string(table), "\n"), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != 10 {
			ps.add(Malformed, fmt.Sprintf("facts:%d", i+1), "expected 10 cells, found %d", len(cells))
			continue
		}
		if i == 0 {
			continue
		}
		f := fact{cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8], cells[9]}
		report.Rows++
		known[f.place()] = true
		if strings.HasPrefix(f.schema, "@") {
			operations = true
			f.checkOperation(doc, &ps)
			continue
		}
		schemas[f.schema] = true
		if f.property == "client_id" || f.property == "secret" {
			report.Skipped++
			if get(doc, "components", "schemas", f.schema, "properties", f.property) != nil {
				ps.add(Unlike, f.place(), "the SDK sends it as a header; the request must not have it too")
			}
			continue
		}
		if property, value, isValue := strings.Cut(f.property, "."); isValue {
			f.property = property
			values[f.place()] = append(values[f.place()], value)
			continue
		}
		rows = append(rows, f)
	}
	for _, f := range flat(rows) {
		known[f.place()] = true
		if own := values[f.place()]; own != nil {
			f.enum = strings.Join(own, " ")
		}
		f.check(doc, &ps)
	}
	report.Schemas = len(schemas)
	unknown := func(place string) {
		if !known[place] {
			ps.add(Unlike, place, "not in the table of facts")
		}
	}
	members(get(doc, "components", "schemas"), func(name string, schema *yaml.Node) {
		place := pointer("/components/schemas", name)
		unknown(place)
		members(get(schema, "properties"), func(name string, _ *yaml.Node) { unknown(pointer(place+"/properties", name)) })
	})
	if operations {
		eachOperation(doc, func(place, _ string, op *yaml.Node) {
			unknown(place + "/operationId")
			members(get(op, "responses"), func(status string, _ *yaml.Node) { unknown(pointer(place+"/responses", status)) })
		})
	}
	return report, ps.err()
}

// checkOperation checks the id of an operation, or the schema of its request or of a response.
func (f fact) checkOperation(doc *yaml.Node, ps *Problems) {
	at := tokens(f.place())[:3]
	op, have := get(doc, at...), ""
	switch part := strings.Fields(f.property); part[0] {
	case "operationId":
		have = scalar(get(op, "operationId"))
	case "request":
		if body := get(op, "requestBody"); (scalar(get(body, "required")) == "true") == (f.required != "") {
			have = typeOf(get(body, "content", part[1], "schema"))
		}
	case "response":
		have = typeOf(get(op, "responses", part[1], "content", part[2], "schema"))
	}
	if have != f.typ {
		ps.add(Unlike, f.place(), "expected %q, found %q", f.typ, have)
	}
}

func (f fact) check(doc *yaml.Node, ps *Problems) {
	parent := get(doc, "components", "schemas", f.schema)
	node := parent
	if f.property != "" {
		node = get(parent, "properties", f.property)
	}
	if node == nil {
		ps.add(Unlike, f.place(), "not in the document")
		return
	}
	same := func(what, want, have string) {
		if want != have {
			ps.add(Unlike, f.place(), "%s: expected %q, found %q", what, want, have)
		}
	}
	same("type", f.typ, typeOf(node))
	same("nullable", yes(f.nullable != ""), yes(scalar(get(node, "nullable")) == "true"))
	if f.format == "" || slices.Contains(knownFormats, f.format) { // any other is left out of the document
		same("format", f.format, scalar(get(node, "format")))
	}
	same("default", strings.ToLower(f.deflt), strings.ToLower(scalar(get(node, "default"))))
	same("enum", texts.Replace(f.enum), strings.Join(items(get(node, "enum")), " "))
	if f.property != "" {
		same("required", yes(f.required != ""), yes(requires(parent, f.property)))
	}
	limits := map[string]string{}
	for _, limit := range strings.Fields(f.constraints) {
		name, want, _ := strings.Cut(limit, "=")
		limits[name] = want
	}
	for _, name := range []string{"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"} {
		same(name, limits[name], scalar(get(node, name)))
	}
	flags := strings.FieldsFunc(f.flags, func(r rune) bool { return r == ',' || r == ' ' })
	for _, flag := range []string{"additionalProperties", "deprecated", "hidden-from-docs"} {
		member := strings.Replace(flag, "hidden", "x-hidden", 1)
		same(flag, yes(slices.Contains(flags, flag) || slices.Contains(flags, member)), yes(scalar(get(node, member)) == "true"))
	}
	if text := get(resolve(doc, node), "description"); strings.TrimSpace(scalar(text)) == "" {
		ps.add(Unlike, f.place(), "no description")
	}
}

// texts makes enum values of the table what the document has: texts, and nullable in place of null.
var texts = strings.NewReplacer("float:", "", "int:", "", " null", "")

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
