package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFilesThatAreNotPlaids(t *testing.T) {
	odd := get(t, oddFile)
	change := func(old, new string) string {
		require.Contains(t, odd, old)
		return strings.Replace(odd, old, new, 1)
	}
	const expected = "plaid.yml: expected Plaid's OpenAPI file"
	for name, c := range map[string]struct{ text, want string }{
		"empty":                {"", "the file is empty"},
		"blank":                {" \n\n", expected + ", found an empty file"},
		"a page":               {"<!DOCTYPE html>\n<html>", expected + ", found HTML or XML: download the file itself"},
		"an archive":           {"\x1f\x8b\x08\x00", expected + ", found an archive: unpack it first"},
		"binary":               {"a: b\x00", expected + ", found binary data"},
		"a list":               {"- a\n", expected + ": expected a YAML mapping"},
		"not YAML":             {"a: b: c", expected + ": expected YAML: "},
		"a configuration":      {"services: {}\n", expected + ", found YAML that is not OpenAPI"},
		"Swagger":              {"swagger: '2.0'\ninfo: {title: Pets}\npaths: {}\n", expected + `, found Swagger "2.0" of "Pets"`},
		"a newer OpenAPI":      {change("openapi: 3.0.0", "openapi: 3.1.0"), expected + `, found OpenAPI "3.1.0" of "An odd API"`},
		"another vendor's":     {change("https://sandbox.plaid.com", "https://api.plaid.com.example"), expected + `, found the API "An odd API", without a server of plaid.com`},
		"no version":           {change("2020-09-14_1.9.0", "latest"), expected + `, found the version "latest"`},
		"another API version":  {change("2020-09-14_1.9.0", "2027-01-01_1.9.0"), "plaid.yml: expected the API of 2020-09-14, which the client asks for, found 2027-01-01"},
		"no operationId":       {change("      operationId: shopPdfGet\n", ""), "/shop/pdf/get: expected an operationId"},
		"an id twice":          {change("operationId: shopPdfGet", "operationId: shopGet"), `operationId "shopGet" appears twice`},
		"a $ref to nothing":    {change("prices: {$ref: '#/components/schemas/Prices'}", "prices: {$ref: '#/components/schemas/Prises'}"), `dangling $ref: "#/components/schemas/Prises" is not in the document`},
		"a $ref to a file":     {change("prices: {$ref: '#/components/schemas/Prices'}", "prices: {$ref: '/etc/passwd'}"), `"/etc/passwd": expected a reference within the document`},
		"a $ref to itself":     {change("Prices: {type: object, additionalProperties: {$ref: '#/components/schemas/Price'}}", "Prices: {$ref: '#/components/schemas/Prices'}"), "plaid.yml: "},
		"a list of itself":     {change("Prices: {type: object, additionalProperties: {$ref: '#/components/schemas/Price'}}", "Prices: {type: array, items: {$ref: '#/components/schemas/Prices'}}"), "expected lists and maps that end"},
		"a type of plaidgen's": {strings.ReplaceAll(odd, "/Level'", "/Client'") + "    Client: {type: object}\n", "Plaid's file has a schema that would be a second Client of the package"},
		"an alias that doubles": {"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d]\n" +
			"f: &f [*e, *e, *e, *e, *e, *e, *e, *e]\ng: &g [*f, *f, *f, *f, *f, *f, *f, *f]\nh: &h [*g, *g, *g, *g, *g, *g, *g, *g]\ni: [*h, *h, *h, *h, *h, *h, *h, *h, *h, *h]\n", "expected at most 1048576 nodes"},
		"levels without end":     {strings.Repeat("[", 100_000), expected},
		"an object of many":      {odd + "    Wide: {" + strings.Repeat("a: b, ", 20_000) + "}\n", "expected at most 16384 members"},
		"allOf that copies much": {odd + copying(1500), "expected allOf to copy at most 131072 nodes"},
		"lists that double":      {change("schemas/Prices'", "schemas/L0'") + doubling(60), "expected lists and maps that end"},
		"lists in a long row":    {change("schemas/Prices'", "schemas/L0'") + doubling(1000), "expected lists and maps that end"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := put(t, filepath.Join(dir, "plaid.yml"), c.text)
			refused(t, dir, []string{"-spec", file, "-ops", "shopGet", "-o", filepath.Join(dir, "plaidapi")}, c.want)
		})
	}
}

// copying are schemas of which each has all properties of a big one.
func copying(n int) string {
	var text strings.Builder
	text.WriteString("    Big: {type: object, properties: {")
	for i := range n {
		fmt.Fprintf(&text, "p%d: {type: string}, ", i)
	}
	text.WriteString("}}\n")
	for i := range n {
		fmt.Fprintf(&text, "    Copy%d: {allOf: [{$ref: '#/components/schemas/Big'}, {properties: {x: {type: string}}}]}\n", i)
	}
	return text.String()
}

// doubling are lists in a row, of which each has the next one twice.
func doubling(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "    L%[1]d: {type: array, items: {oneOf: [{$ref: '#/components/schemas/L%[2]d'}, {$ref: '#/components/schemas/L%[2]d'}]}}\n", i, i+1)
	}
	fmt.Fprintf(&text, "    L%d: {type: array, items: {type: string}}\n", n)
	return text.String()
}

func TestNamesThatAreNotAFile(t *testing.T) {
	dir := t.TempDir()
	args := func(spec string) []string {
		return []string{"-spec", spec, "-ops", "shopGet", "-o", filepath.Join(dir, "plaidapi")}
	}
	refused(t, dir, args(filepath.Join(dir, "lost.yml")), "lost.yml: no such file or directory")
	refused(t, dir, args(dir), dir+": expected a file")
	refused(t, dir, args("https://example.com/2020-09-14.yml"), "expected a file, found a URL: download it first")
	refused(t, dir, args(os.DevNull), os.DevNull+": expected a file")

	big := put(t, filepath.Join(dir, "big.yml"), "")
	require.NoError(t, os.Truncate(big, 100<<20))
	code, _, stderr := plaidgen(args(big)...)
	require.Equal(t, 1, code)
	require.Equal(t, "plaidgen: "+big+": expected at most 16777216 bytes, found 104857600\n", stderr)
	require.NoError(t, os.Remove(big))

	link := filepath.Join(dir, "link.yml")
	require.NoError(t, os.Symlink("link.yml", link))
	refused(t, dir, args(link), "too many levels of symbolic links")
	require.NoError(t, os.Remove(link))
	odd, err := filepath.Abs(oddFile)
	require.NoError(t, err)
	require.NoError(t, os.Symlink(odd, link))
	code, _, stderr = plaidgen(args(link)...)
	require.Zero(t, code, "a link to a file is read: %s", stderr)
}
