package spec

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// File is Plaid's OpenAPI file, for the code of a few of its operations.
type File struct {
	Version    string // such as 2020-09-14_1.697.4
	Operations []FileOperation
	doc        *yaml.Node
}

// FileOperation is an operation of a File.
type FileOperation struct {
	ID, Path string
	Retry    string // always or never
	Unfit    string // why it cannot have a method, if it cannot
}

var versionForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d_\d+\.\d+\.\d+$`)

// ReadFile reads Plaid's file. Its error is one line, which says what was found instead.
func ReadFile(src Source) (*File, error) {
	if found := notYAML(src.Data); found != "" {
		return nil, fmt.Errorf("%s: expected Plaid's OpenAPI file, found %s", src.Name, found)
	}
	var ps Problems
	doc := parseMapping(src, &ps)
	if len(ps) > 0 {
		return nil, fmt.Errorf("%s: expected Plaid's OpenAPI file: %s", src.Name, ps[0].Text)
	}
	f := &File{Version: version(doc), doc: doc}
	if found := f.notPlaids(); found != "" {
		return nil, fmt.Errorf("%s: expected Plaid's OpenAPI file, found %s", src.Name, found)
	}
	if auditShape(doc, &ps); len(ps) > 0 {
		return nil, fmt.Errorf("%s: expected Plaid's OpenAPI file: %w", src.Name, ps[:1])
	}
	if mend(doc).copied > maxCopied {
		return nil, fmt.Errorf("%s: expected allOf to copy at most %d nodes", src.Name, maxCopied)
	}
	eachOperation(doc, func(place, id string, op *yaml.Node) {
		at := tokens(place)
		f.Operations = append(f.Operations, FileOperation{id, at[1], retryOf(at[1]), f.unfit(op, at[2])})
	})
	slices.SortFunc(f.Operations, func(a, b FileOperation) int { return strings.Compare(a.ID, b.ID) })
	for i, op := range f.Operations {
		if op.ID == "" {
			return nil, fmt.Errorf("%s: %s: expected an operationId", src.Name, op.Path)
		}
		if i > 0 && f.Operations[i-1].ID == op.ID {
			return nil, fmt.Errorf("%s: operationId %q appears twice", src.Name, op.ID)
		}
	}
	return f, nil
}

// notYAML names what a file is that is often taken for the specification.
func notYAML(data []byte) string {
	start := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 512)]))
	switch {
	case len(start) == 0:
		return "an empty file"
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}), bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "an archive: unpack it first"
	case bytes.HasPrefix(start, []byte("<")):
		return "HTML or XML: download the file itself, not the page that shows it"
	case bytes.IndexByte(data, 0) >= 0:
		return "binary data"
	}
	return ""
}

// notPlaids names the document, if it is not Plaid's.
func (f *File) notPlaids() string {
	title, form := scalar(get(f.doc, "info", "title")), scalar(get(f.doc, "openapi"))
	switch {
	case scalar(get(f.doc, "swagger")) != "":
		return fmt.Sprintf("Swagger %.20q of %.80q", scalar(get(f.doc, "swagger")), title)
	case form == "" || get(f.doc, "paths") == nil:
		return "YAML that is not OpenAPI"
	case !strings.HasPrefix(form, "3.0."):
		return fmt.Sprintf("OpenAPI %.20q of %.80q", form, title)
	case !f.isPlaids():
		return fmt.Sprintf("the API %.80q, without a server of plaid.com", title)
	case !versionForm.MatchString(f.Version):
		return fmt.Sprintf("the version %.80q, which is not one such as 2020-09-14_1.697.4", f.Version)
	}
	return ""
}

// plaidsServer matches the address of a server of Plaid's.
var plaidsServer = regexp.MustCompile(`^https://([\w-]+\.)*plaid\.com(/|$)`)

func (f *File) isPlaids() bool {
	servers := get(f.doc, "servers")
	return servers != nil && slices.ContainsFunc(servers.Content, func(server *yaml.Node) bool { return plaidsServer.MatchString(scalar(get(server, "url"))) })
}

// unfit returns why an operation cannot have a method. Its request and its response must be types.
func (f *File) unfit(op *yaml.Node, method string) string {
	if why := Unfit(op, method); why != "" {
		return why
	}
	if !f.isObject(get(op, "requestBody", "content", jsonMedia, "schema")) {
		return "its request is not a JSON object"
	}
	if !f.isObject(get(success(op), "content", jsonMedia, "schema")) {
		return "its response is not a JSON object"
	}
	return ""
}

// isObject reports whether a schema refers to one that becomes a struct.
func (f *File) isObject(schema *yaml.Node) bool {
	of := get(f.doc, "components", "schemas", refersTo(schema))
	return scalar(get(of, "type")) == "object" && hasType(of)
}

// success is the response of an operation that succeeds.
func success(op *yaml.Node) *yaml.Node {
	if response := get(op, "responses", "200"); get(response, "content", jsonMedia) != nil {
		return response
	}
	return get(op, "responses", "201")
}

// Slice returns the form of the document that the code of some operations is generated from, with retry rules in place of the
// file's own. It changes the file, so it is for one use. Its error is of type [Problems].
func (f *File) Slice(operations []FileOperation) ([]byte, error) {
	rules := map[string]string{}
	var scope Scope
	for _, op := range operations {
		rules[op.ID] = op.Retry
		scope.Operations = append(scope.Operations, op.ID)
	}
	dropOtherOperations(f.doc, scope)
	eachOperation(f.doc, func(_, id string, op *yaml.Node) {
		assign(op, RetryKey, str(rules[id]))
		assign(op, "description", str(commentOf(op, scalar(get(op, "summary"))+"\n\n"+scalar(get(op, "description")))))
		remove(get(op, "requestBody", "content"), func(media string, _ *yaml.Node) bool { return media != jsonMedia })
		response := success(op)
		assign(op, responseKey, str(refersTo(get(response, "content", jsonMedia, "schema"))))
		remove(get(op, "responses"), func(_ string, n *yaml.Node) bool { return n != response })
	})
	eachBody(f.doc, func(_ string, media *yaml.Node) { drop(media, "example", "examples") })
	dropUnreachableSchemas(f.doc, Scope{})
	dropCredentials(f.doc)
	var ps Problems
	audit(f.doc, &ps)
	if err := ps.err(); err != nil {
		return nil, err
	}
	return forGo(f.doc)
}

// responseKey is the extension that names the schema of an operation's response, for the templates.
const responseKey = "x-go-response"
