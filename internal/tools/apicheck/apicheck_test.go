package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const source = `package plaidlink

import "io"

const Version = "0.1.0"
const Limit = 8
var ErrA error

type Text string
func (Text) String() string { return "" }
func (*Text) Set(value string) {}

type Request struct {
	Name string
	Size int
	hidden
}
type hidden struct{ Deep int }

type Source interface{ Key(id string) (string, error) }
type Sealed interface{ Option(); sealed() }
type Number interface{ ~int | ~string }
type Of[T any] struct{ Value T }
type Same = io.Reader

func New(name string, each func(line string) error) (*Request, error) { return nil, nil }
func Map[T any](all []T) []T { return all }
`

// module writes a module with one file, the recorded API of source, and a changelog.
func module(t *testing.T, text, changelog string) (root string) {
	t.Helper()
	root = t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(root, "api"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("go.mod", "module example.com/plaidlink\n\ngo 1.26\n")
	write("a.go", source)
	write("CHANGELOG.md", changelog)
	if err := run(root, true, new(strings.Builder)); err != nil {
		t.Fatal(err)
	}
	write("a.go", text)
	return root
}

const unannounced = "# Changelog\n\n## 0.2.0\n\n- Some more.\n\n## 0.1.0\n\n- Breaking: `plaidlink.Limit`\n"

// Each change of the source, and what is said about it. "-" and "+" are refused, "+ " without a dash is an addition.
func TestChanges(t *testing.T) {
	for name, c := range map[string]struct{ old, new, refused, added string }{
		"nothing":                         {"", "", "", ""},
		"another order":                   {"\nconst Limit = 8\n", "\n\n\nconst Limit = 8\n", "", ""},
		"another version":                 {`"0.1.0"`, `"0.2.0"`, "", ""},
		"another parameter name":          {"each func(line string)", "every func(text string)", "", ""},
		"a function less":                 {"func New(", "func build(", "- plaidlink.New func(string, func(string) error) (*plaidlink.Request, error)", ""},
		"a parameter more":                {"New(name string,", "New(name string, size int,", "- plaidlink.New func(", ""},
		"a result less":                   {"(*Request, error) { return nil, nil }", "*Request { return nil }", "- plaidlink.New func(", ""},
		"a variadic parameter more":       {"(all []T)", "(all []T, more ...int)", "- plaidlink.Map func", ""},
		"another constraint":              {"func Map[T any]", "func Map[T ~int]", "- plaidlink.Map func", ""},
		"a type parameter more":           {"type Of[T any]", "type Of[T, U any]", "- plaidlink.Of type [T any] struct", ""},
		"another constant":                {"Limit = 8", "Limit = 9", "- plaidlink.Limit const untyped int = 8", ""},
		"a constant with a type":          {"const Limit =", "const Limit int =", "- plaidlink.Limit const untyped int = 8", ""},
		"a constant that is a variable":   {"const Limit", "var Limit", "- plaidlink.Limit const", ""},
		"another underlying type":         {"type Text string", "type Text []byte", "- plaidlink.Text type string", ""},
		"a method less":                   {"func (Text) String()", "func (Text) text()", "- plaidlink.Text.String method func() string", ""},
		"a method of the pointer alone":   {"func (Text) String()", "func (*Text) String()", "- plaidlink.Text.String method of the value", ""},
		"a method of the value too":       {"func (*Text) Set", "func (Text) Set", "", "+ plaidlink.Text.Set method of the value"},
		"a field less":                    {"Size int", "size int", "- plaidlink.Request.Size field int", ""},
		"a field of another type":         {"Size int", "Size int64", "- plaidlink.Request.Size field int", ""},
		"a field more":                    {"Size int", "Size int; More string", "", "+ plaidlink.Request.More field string"},
		"a field that ends comparability": {"Size int", "Size int; more []string", "- plaidlink.Request comparable", ""},
		"a promoted field less":           {"hidden struct{ Deep int }", "hidden struct{}", "- plaidlink.Request.Deep field int", ""},
		"a method more to implement":      {"Source interface{", "Source interface{ More(); ", "+ plaidlink.Source.More interface method func()", ""},
		"an interface that is sealed now": {"Source interface{", "Source interface{ sealed(); ", "- plaidlink.Source implementable", ""},
		"a method more in a sealed one":   {"Sealed interface{", "Sealed interface{ More(); ", "", "+ plaidlink.Sealed.More interface method func()"},
		"a narrower type set":             {"~int | ~string", "~int", "- plaidlink.Number constraint", ""},
		"an alias of another type":        {"Same = io.Reader", "Same = io.Writer", "- plaidlink.Same alias of io.Reader", ""},
		"an alias that is a type":         {"Same = io.Reader", "Same io.Reader", "- plaidlink.Same alias of io.Reader", ""},
		"a function more":                 {"func New(", "func Old() {}\nfunc New(", "", "+ plaidlink.Old func()"},
		"an unexported type in sight":     {"New(name string,", "New(name hidden,", "importers cannot name", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(source, c.old) {
				t.Fatalf("%q is not in the source", c.old)
			}
			var out strings.Builder
			err := run(module(t, strings.Replace(source, c.old, c.new, 1), unannounced), false, &out)
			if c.refused == "" && err != nil || c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)) {
				t.Errorf("expected to refuse %q, found %v", c.refused, err)
			}
			if c.refused == "" && c.added != strings.TrimSpace(strings.Split(out.String(), "the API is")[0]) {
				t.Errorf("expected to tell %q, found %s", c.added, &out)
			}
		})
	}
}

// What the changelog must say, for a field that is gone.
func TestAnnouncements(t *testing.T) {
	changed := strings.Replace(source, "Size int", "size int", 1)
	for name, c := range map[string]struct{ changelog, refused string }{
		"the field":             {"# C\n\n## 0.2.0\n\n- Breaking: `plaidlink.Request.Size` is gone.\n", ""},
		"its type":              {"# C\n\n## 0.2.0\n\n- Other.\n- Breaking: there is less in\n  `plaidlink.Request`.\n", ""},
		"in Unreleased":         {"# C\n\n## Unreleased\n\n- Breaking: `plaidlink.Request.Size`\n", ""},
		"the next major":        {"# C\n\n## 1.0.0\n\n- Breaking: `plaidlink.Request.Size`\n", ""},
		"another field":         {"# C\n\n## 0.2.0\n\n- Breaking: `plaidlink.Request.Siz`\n", "expected an item of section 0.2.0"},
		"the whole package":     {"# C\n\n## 0.2.0\n\n- Breaking: `plaidlink`\n", "expected an item of section 0.2.0"},
		"without the word":      {"# C\n\n## 0.2.0\n\n- `plaidlink.Request.Size` is gone.\n", "expected an item of section 0.2.0"},
		"in an older section":   {"# C\n\n## 0.2.0\n\n- No.\n\n## 0.1.1\n\n- Breaking: `plaidlink.Request.Size`\n", "expected an item of section 0.2.0"},
		"in a patch":            {"# C\n\n## 0.1.1\n\n- Breaking: `plaidlink.Request.Size`\n", "0.1.1 may not break 0.1.0"},
		"in the one recorded":   {"# C\n\n## 0.1.0\n\n- Breaking: `plaidlink.Request.Size`\n", "0.1.0 is the version recorded"},
		"in what is no version": {"# C\n\n## Soon\n\n- Breaking: `plaidlink.Request.Size`\n", `version "Soon"`},
		"no section":            {"# C\n", `version ""`},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := run(module(t, changed, c.changelog), false, &out)
			if c.refused == "" && (err != nil || !strings.Contains(out.String(), "announced: - plaidlink.Request.Size field int")) {
				t.Errorf("expected to accept it, found %v %s", err, &out)
			}
			if c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)) {
				t.Errorf("expected %q, found %v", c.refused, err)
			}
		})
	}
}

func TestMayBreak(t *testing.T) {
	for _, c := range []struct {
		old, now string
		ok       bool
	}{
		{"0.1.0", "0.2.0", true}, {"0.1.5", "0.1.6", false}, {"0.2.0", "0.1.9", false}, {"0.9.0", "1.0.0", true},
		{"1.0.0", "1.1.0", false}, {"1.4.0", "2.0.0", true}, {"2.0.0", "1.9.0", false}, {"1.0.0", "0.9.0", false},
	} {
		if (mayBreak(c.old, c.now) == nil) != c.ok {
			t.Errorf("%s after %s: expected %t", c.now, c.old, c.ok)
		}
	}
}

// The file is the same from run to run, and one that is not sorted, or has no version, is refused.
func TestFile(t *testing.T) {
	root := module(t, source, unannounced)
	file := filepath.Join(root, "api", "go-api.txt")
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(root, true, nil); err != nil {
		t.Fatal(err)
	}
	second, _ := os.ReadFile(file)
	if string(first) != string(second) || !strings.HasPrefix(string(first), "# The exported API of version 0.1.0\n") {
		t.Errorf("not the same twice, or without a version:\n%s", second)
	}
	for name, text := range map[string]string{
		"no version": strings.Replace(string(first), "#", "", 1),
		"not sorted": string(first) + "a.A type string\n",
		"empty":      "# The exported API of version 0.1.0\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := run(root, false, nil); err == nil {
			t.Errorf("%s: expected a refusal", name)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := run(root, false, nil); err == nil || !strings.Contains(err.Error(), "run `make api`") {
		t.Errorf("no file: %v", err)
	}
}
