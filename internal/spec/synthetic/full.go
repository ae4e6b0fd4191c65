// Package synthetic makes a file like Plaid's whole one, for tests: its size, its counts and its known defects, with words
// of its own.
package synthetic

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What Plaid's whole file has, about.
const (
	Paths   = 339
	Schemas = 2275
)

// file is a specification in parts.
type file struct {
	head, security string
	paths, schemas map[string]string
}

// family is the Link family in Plaid's words: what the vendored file has as it stands there, what our completion adds as
// that has it, without what is ours alone, and with the credentials in the requests.
func family(vendored, composed string) file {
	f := file{security: section(composed, "  securitySchemes:", 2)}
	f.head, _, _ = strings.Cut(vendored, "paths:\n")
	f.paths = blocks(section(vendored, "paths:", 0), 2)
	for name, block := range blocks(section(composed, "paths:", 0), 2) {
		if f.paths[name] == "" {
			f.paths[name] = withoutDefault(block)
		}
	}
	f.schemas = blocks(section(composed, "  schemas:", 2), 4)
	for name, block := range blocks(section(vendored+"\n", "  schemas:", 2), 4) {
		f.schemas[name] = block
	}
	for name, block := range f.schemas {
		if strings.HasSuffix(name, "Request") {
			f.schemas[name] = withCredentials(block)
		}
	}
	return f
}

// Family makes the file of the Link family, whole, from the vendored one, which is truncated, and the document that is
// composed from it.
func Family(vendored, composed string) string { return family(vendored, composed).String() }

// Full makes Plaid's whole file from the same. An operation of our list is gone from it.
func Full(vendored, composed string) string {
	f := family(vendored, composed)
	delete(f.paths, "/link/profile/eligibility/check")
	for n := len(f.paths); n < Paths; n++ {
		f.paths[fmt.Sprintf("/product%d/get", n)] = otherPath(n)
	}
	for _, name := range []string{"LinkProfileEligibilityCheckRequest", "LinkProfileEligibilityCheckResponse", "LinkProfileEligibilityCheckUser"} {
		delete(f.schemas, name)
	}
	for n := len(f.schemas); n < Schemas; n++ {
		f.schemas[fmt.Sprintf("Product%dObject", n)] = otherSchema(n)
	}
	return Defects(f.String())
}

// Defects puts those of Plaid's file where the Link family has them.
func Defects(text string) string {
	for _, d := range []struct{ where, old, new string }{
		{"    LinkTokenCreateResponse:\n", "        hosted_link_url:\n          type: string\n", "        hosted_link_url:\n          type: string\n          format: url\n"},
		{"    LinkSessionExitDeprecated:\n", "      properties:\n", "      properties:\n        reason:\n          type: string\n          description: Why.\n          enum: [none, 404, null]\n"},
		{"    LinkTokenTransactions:\n", "          type: integer\n", "          type: integer\n          example: many\n"},
		{"  /link/token/create:\n", "expiration: '2020-03-27T12:56:34Z'", "expiration: soon"},
	} {
		above, below, found := strings.Cut(text, d.where)
		changed := strings.Replace(below, d.old, d.new, 1)
		if !found || changed == below {
			panic("synthetic: the file has no " + d.where)
		}
		text = above + d.where + changed
	}
	return text
}

func (f file) String() string {
	var out strings.Builder
	out.WriteString(f.head + "paths:\n")
	write(&out, f.paths)
	out.WriteString("components:\n  securitySchemes:\n" + f.security + "  schemas:\n")
	write(&out, f.schemas)
	return out.String()
}

func write(out *strings.Builder, blocks map[string]string) {
	names := make([]string, 0, len(blocks))
	for name := range blocks {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		out.WriteString(blocks[name])
	}
}

// section is what stands below a line, deeper than it.
func section(text, line string, indent int) string {
	_, after, _ := strings.Cut("\n"+text, "\n"+line+"\n")
	if end := regexp.MustCompile(fmt.Sprintf(`(?m)^ {0,%d}[^ \n]`, indent)).FindStringIndex(after); end != nil {
		after = after[:end[0]]
	}
	return after
}

// blocks are the members of a mapping by name.
func blocks(text string, indent int) map[string]string {
	found := map[string]string{}
	name := ""
	start := regexp.MustCompile(fmt.Sprintf(`^ {%d}([^ #]+):\n$`, indent))
	for line := range strings.Lines(text) {
		if m := start.FindStringSubmatch(line); m != nil {
			name = m[1]
		}
		found[name] += line
	}
	return found
}

// withoutDefault is an operation without what our fixes add.
func withoutDefault(block string) string {
	block = regexp.MustCompile(`(?m)^      x-plaidlink-repeat: .*\n`).ReplaceAllString(block, "")
	at := strings.Index(block, "        default:\n")
	if at < 0 {
		return block
	}
	return block[:at]
}

func withCredentials(block string) string {
	return strings.Replace(block, "      properties:\n", `      properties:
        client_id:
          $ref: '#/components/schemas/APIClientID'
        secret:
          $ref: '#/components/schemas/APISecret'
`, 1)
}

func otherPath(n int) string {
	return fmt.Sprintf(`  /product%d/get:
    post:
      summary: Get a thing of product %[1]d
      operationId: product%[1]dGet
      description: Gets what is known of a thing.
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Product%[2]dObject'
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Product%[3]dObject'
              examples:
                example-1:
                  value: {count: many}
`, n, 200+n, 600+n)
}

func otherSchema(n int) string {
	var out strings.Builder
	fmt.Fprintf(&out, "    Product%dObject:\n      type: object\n      additionalProperties: true\n      description: A thing of a product, number %[1]d.\n      properties:\n", n)
	for field := range 4 {
		fmt.Fprintf(&out, `        field_%d:
          type: string
          nullable: true
          description: |-
            What field %[1]d says of thing %d, in a sentence that is about as long as those of the real file are, so that
            the bytes, the lines and the nodes of both are alike.
`, field, n)
	}
	fmt.Fprintf(&out, `        next:
          $ref: '#/components/schemas/Product%dObject'
        kind:
          type: string
          enum: [a, b, 3, null]
        link:
          type: string
          format: url
        count:
          type: integer
          example: many
      required:
        - kind
`, 200+n*7%2000)
	return out.String()
}
