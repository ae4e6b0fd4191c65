package gen_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// goInitialisms are those of Go's own style that the generator knows by itself.
const goInitialisms = "ACL API ASCII CPU CSS DNS EOF GUID HTML HTTP HTTPS ID IP JSON QPS RAM RPC SLA SMTP SQL SSH TCP TLS TTL UDP UI GID UID UUID URI URL VM XML XMPP XSRF XSS SIP RTP AMQP DB TS"

// A name is a Go name: no underscore, and capitals in a row are initialisms or a country code.
func TestNamesAreGoNames(t *testing.T) {
	loud := shouting(t)
	checked := 0
	check := func(name *ast.Ident) {
		if name.IsExported() {
			checked++
			require.NoError(t, loud(name.Name))
		}
	}
	specs(generated(), func(decl *ast.ValueSpec) {
		for _, name := range decl.Names {
			check(name)
		}
	})
	specs(generated(), func(decl *ast.TypeSpec) {
		check(decl.Name)
		if structure, ok := decl.Type.(*ast.StructType); ok {
			for _, field := range structure.Fields.List {
				check(field.Names[0])
			}
		}
	})
	for _, decl := range generated().Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			check(fn.Name)
		}
	}
	require.Greater(t, checked, 500)
}

// misleading reports whether a name promises what its type is not: a request or response that no operation has, or several of
// what is one.
func misleading(name, comment string) bool {
	switch {
	case strings.HasSuffix(name, "Request"), strings.HasSuffix(name, "Response"):
		return strings.HasPrefix(comment, name+" is used in ")
	case name == "Products", name == "WebhookEnvironmentValues":
		return !strings.HasPrefix(comment, name+" is one ")
	}
	return false
}

// Where a name misleads, the comment begins with what the type is.
func TestCommentsOfMisleadingNamesBeginWithWhatTheyAre(t *testing.T) {
	parsed, err := parser.ParseFile(token.NewFileSet(), "plaid.gen.go", nil, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	checked := 0
	for _, decl := range parsed.Decls {
		if types, ok := decl.(*ast.GenDecl); ok && types.Tok == token.TYPE {
			name := types.Specs[0].(*ast.TypeSpec).Name.Name
			require.False(t, misleading(name, types.Doc.Text()), name)
			checked++
		}
	}
	require.Greater(t, checked, 100)
	require.True(t, misleading("LinkTokenGetSessionsResponse", "LinkTokenGetSessionsResponse is used in [LinkTokenGetResponse].\n"))
	require.True(t, misleading("Products", "Products is used in [LinkTokenCreateRequest] and elsewhere.\n"))
}

var docLink = regexp.MustCompile(`\[([A-Z]\w*(?:\.\w+)?)\]`)

// What a comment links to exists, and the index of the package links to every type of the specification.
func TestDocLinksLeadToNames(t *testing.T) {
	declared := map[string]bool{}
	links := map[string][]string{} // by file
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		specs(file, func(decl *ast.TypeSpec) { declared[decl.Name.Name] = true })
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			switch {
			case ok && fn.Recv == nil:
				declared[fn.Name.Name] = true
			case ok:
				declared[strings.TrimPrefix(types.ExprString(fn.Recv.List[0].Type), "*")+"."+fn.Name.Name] = true
			}
		}
		for _, group := range file.Comments {
			for _, link := range docLink.FindAllStringSubmatch(group.Text(), -1) {
				links[name] = append(links[name], link[1])
			}
		}
	}
	for name, all := range links {
		for _, link := range all {
			require.True(t, declared[link], "%s: [%s] is not declared", name, link)
		}
	}
	want := []string{"ExtraFields"}
	specs(generated(), func(decl *ast.TypeSpec) {
		if name := decl.Name.Name; objectTypes()[strings.ToLower(name)] != nil || enumValues()[name] != nil && name != "Retry" {
			want = append(want, name)
		}
	})
	require.ElementsMatch(t, want, links["doc.go"])
	require.Greater(t, len(links["plaid.gen.go"]), 100)
}

func TestNamesThatShoutAreFound(t *testing.T) {
	loud := shouting(t)
	for _, name := range []string{
		"XABUSINESSNAME", "PlaidErrorTypeAPIERROR", "PlaidErrorTypeAPI_ERROR", "ProductsAUTH", "CountryCodeUSA", "IDNumberTypeSSNX",
		"LinkTokenCREATERequest", "ABCDe",
	} {
		require.ErrorContains(t, loud(name), name)
	}
	for _, name := range []string{
		"PlaidErrorTypeAPIError", "CountryCodeUS", "JWKPublicKey", "LinkTokenEUConfig", "ProductsCRABaseReport", "IDNumberType", "AccountIDs",
		"LinkOAuthCorrelationIDExchangeRequest", "ServerURLSandbox", "X", "NewAPIURLID",
	} {
		require.NoError(t, loud(name))
	}
}

// shouting returns a check of a name. Each run of capitals, without the one that begins the next word, must be made of
// initialisms, of Go, of the generator's configuration or of the specification's own names, or have at most two letters, as the codes of countries have.
func shouting(t *testing.T) func(name string) error {
	t.Helper()
	data, err := os.ReadFile("../internal/generate/config.yaml")
	require.NoError(t, err)
	var config struct {
		Options struct {
			Initialisms []string `yaml:"additional-initialisms"`
		} `yaml:"output-options"`
	}
	require.NoError(t, yaml.Unmarshal(data, &config))
	require.NotEmpty(t, config.Options.Initialisms)
	known := append(strings.Fields(goInitialisms), config.Options.Initialisms...)
	// The list is frozen, as it changes names. What Plaid itself writes in capitals keeps them.
	for name := range specification().Components.Schemas {
		for _, capitals := range regexp.MustCompile(`[A-Z]{3,}`).FindAllString(name, -1) {
			known = append(known, capitals, capitals[:len(capitals)-1])
		}
	}

	run := regexp.MustCompile(`[A-Z]+[a-z]?`)
	allowed := regexp.MustCompile(`^(` + strings.Join(known, "|") + `)+$`)
	return func(name string) error {
		if strings.Contains(name, "_") {
			return fmt.Errorf("%s has an underscore", name)
		}
		for _, capitals := range run.FindAllString(name, -1) {
			if last := len(capitals) - 1; capitals[last] >= 'a' {
				capitals = capitals[:last-1]
			}
			if len(capitals) > 2 && !allowed.MatchString(capitals) {
				return fmt.Errorf("%s shouts %s", name, capitals)
			}
		}
		return nil
	}
}
