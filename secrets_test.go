package plaidlink_test

import (
	"encoding/base64"
	"encoding/hex"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// No value of this package shows the secret, or an access token, however it is printed. The generated types are in
// gen_secret_test.go; the errors, by what caused them, in secrets_error_test.go.

// printables are values of each exported type of the package, as full of the secret as they can be, by the type's name.
func printables(t *testing.T) map[string][]any {
	fail := secretFailure(t, "a message", echoed(http.StatusBadRequest, echoMessage))
	client := newClient(t, "https://plaid.test", plaidlink.WithHeader("X-Proxy-Authorization", testSecret),
		plaidlink.WithHTTPClient(&http.Client{Transport: auth{testSecret}}))
	secret := plaidlink.Secret(testSecret)
	options := slices.Collect(maps.Values(printableOptions()))
	return map[string][]any{
		"Client":       {client, *client},
		"Credentials":  {plaidlink.Credentials{ClientID: testClientID, Secret: secret}, &plaidlink.Credentials{Secret: secret}},
		"Secret":       {secret, &secret},
		"Error":        {fail.err, *fail.err},
		"ErrorType":    {fail.err.Type},
		"ErrorCode":    {fail.err.Code},
		"Response":     {fail.response, &fail.response},
		"Attempt":      {fail.attempt, &fail.attempt},
		"Environment":  {plaidlink.Sandbox},
		"Option":       options,
		"CallOption":   options,
		"SharedOption": options,
	}
}

// printableOptions are options that hold the secret, by the name of the function that makes them.
func printableOptions() map[string]any {
	logger := slog.New(slog.DiscardHandler).With("secret", testSecret)
	return map[string]any{
		"WithHTTPClient":     plaidlink.WithHTTPClient(&http.Client{Transport: auth{testSecret}}),
		"WithBaseURL":        plaidlink.WithBaseURL("https://user:" + testSecret + "@plaid.test"),
		"WithUserAgent":      plaidlink.WithUserAgent(testSecret),
		"WithLogger":         plaidlink.WithLogger(logger),
		"WithRetryBudget":    plaidlink.WithRetryBudget(1),
		"WithMaxAttempts":    plaidlink.WithMaxAttempts(1),
		"WithAttemptTimeout": plaidlink.WithAttemptTimeout(time.Second),
		"WithMaxRetryDelay":  plaidlink.WithMaxRetryDelay(time.Second),
		"WithHeader":         plaidlink.WithHeader("X-Proxy-Authorization", testSecret),
		"CaptureResponse":    plaidlink.CaptureResponse(&plaidlink.Response{RequestID: testSecret}),
	}
}

// auth is a round tripper of a careless caller.
type auth struct{ secret string }

func (auth) RoundTrip(*http.Request) (*http.Response, error) { return nil, http.ErrNotSupported }

func TestNothingPrintsTheSecret(t *testing.T) {
	for name, values := range printables(t) {
		for _, v := range values {
			requireHidden(t, name, v)
		}
	}
	for _, v := range []any{
		[]plaidlink.Secret{testSecret}, map[string]plaidlink.Secret{"a": testSecret},
		gen.AccessToken(itemSecret),
		gen.ExtraFields{"new_token": stdjson.RawMessage(strconv.Quote(itemSecret))},
		gen.LinkTokenGetResponse{ExtraFields: gen.ExtraFields{"sessions": stdjson.RawMessage(`[{"token":` + strconv.Quote(itemSecret) + `}]`)}},
	} {
		for how, printed := range prints(pointerTo(v), v) {
			require.NoError(t, leak(printed), "%T %s", v, how)
		}
	}
}

// requireHidden prints a value in every way.
func requireHidden(t *testing.T, name string, v any) {
	t.Helper()
	for how, printed := range allPrints(v) {
		require.NoError(t, leak(printed), "%s: %T %s", name, v, how)
	}
}

var noVerb = "" // a format that has no use for its argument
// allPrints adds to prints what gen's types need not bear: encoding and, inside of other values, pointers.
func allPrints(v any) map[string]string {
	type inner struct{ V any }
	pointer := pointerTo(v)
	all := prints(pointer, v)
	for _, verb := range append(slices.Clone(verbs), "%t", "%c", "%U", "%e", "%b", "%o", "%-40s|", "%+q", "%#x", "%#q", "% X") {
		all["plain "+verb] = fmt.Sprintf(verb, v)
		all["pointer in a struct "+verb] = fmt.Sprintf(verb, inner{pointer})
		all["pointer in a list "+verb] = fmt.Sprintf(verb, []any{pointer, inner{v}})
	}
	all["Sprint"], all["extra"] = fmt.Sprint(v, inner{v}), fmt.Sprintf(noVerb, v)
	for name, marshal := range map[string]func(any) ([]byte, error){
		"json": stdjson.Marshal, "json v2": func(v any) ([]byte, error) { return json.Marshal(v, json.Deterministic(true)) },
	} {
		for place, v := range map[string]any{"": v, " of a pointer": pointer, " of a struct": inner{v}, " of a map": map[string]any{"v": v}} {
			data, err := marshal(v)
			all[name+place] = fmt.Sprintf("%s %v", data, err)
		}
	}
	return all
}

func pointerTo(v any) any {
	pointer := reflect.New(reflect.TypeOf(v))
	pointer.Elem().Set(reflect.ValueOf(v))
	return pointer.Interface()
}

// leak finds the secret or the access token: in clear, half of it, in hex, as decimal bytes, in base64.
func leak(printed string) error {
	plain := strings.NewReplacer(" ", "", ",", "", "0x", "").Replace(strings.ToLower(printed))
	for _, secret := range []string{testSecret, itemSecret[len("access-sandbox-"):]} {
		part := secret[:2*len(secret)/3]
		forms := []string{part, hex.EncodeToString([]byte(part)), strings.Trim(strings.ReplaceAll(fmt.Sprint([]byte(part)), " ", ""), "[]")}
		for shift := range 3 {
			encoded := base64.StdEncoding.EncodeToString([]byte("___"[:shift] + secret))
			forms = append(forms, strings.ToLower(encoded[4:len(encoded)-4]))
		}
		for _, form := range forms {
			if strings.Contains(plain, form) {
				return fmt.Errorf("%q shows %q as %q", printed, secret, form)
			}
		}
	}
	return nil
}

func TestLeaksAreFound(t *testing.T) {
	type careless struct {
		Text  string
		Bytes []byte
	}
	for how, printed := range allPrints(careless{testSecret, []byte(itemSecret)}) {
		switch {
		case strings.HasSuffix(how, "%T"), strings.HasSuffix(how, "%10.3v"), strings.HasPrefix(how, "pointer in a"):
			// shows a type, three characters, or an address
		default:
			require.Error(t, leak(printed), how)
		}
	}
	require.NoError(t, leak("test-client-id access-sandbox-[redacted]"))
}

// A type or an option that is new must be printed here too.
func TestEveryTypeAndOptionIsPrinted(t *testing.T) {
	types, options := exported(t)
	printed := printables(t)
	require.ElementsMatch(t, types, slices.Collect(maps.Keys(printed)))
	for name, values := range printed {
		require.NotEmpty(t, values, name)
		if !strings.HasSuffix(name, "Option") { // those are interfaces
			require.Equal(t, "plaidlink."+name, strings.TrimPrefix(fmt.Sprintf("%T", values[0]), "*"))
		}
	}
	require.ElementsMatch(t, options, slices.Collect(maps.Keys(printableOptions())))
}

// exported are the names of the package's exported types, and of the functions that make options.
func exported(t *testing.T) (types, options []string) {
	t.Helper()
	for _, file := range rootFiles(t) {
		specs(file, func(decl *ast.TypeSpec) {
			if decl.Name.IsExported() {
				types = append(types, decl.Name.Name)
			}
		})
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			for _, result := range f.Type.Results.List {
				if typ, ok := result.Type.(*ast.Ident); ok && strings.HasSuffix(typ.Name, "Option") {
					options = append(options, f.Name.Name)
				}
			}
		}
	}
	return types, options
}

func rootFiles(t *testing.T) (files []*ast.File) {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go") {
			file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			files = append(files, file)
		}
	}
	require.NotEmpty(t, files)
	return files
}

const panicWith = "PLAIDLINK_TEST_PANIC_WITH"

// A panic that nothing recovers prints its value, in a way of the runtime's own.
func TestPanicsDoNotShowTheSecret(t *testing.T) {
	all := printables(t)
	all["careless text"] = []any{testSecret}              // proves that the value reaches the output
	all["careless error"] = []any{errors.New(itemSecret)} // as an error does, with its text
	all["generated"] = []any{&gen.ItemPublicTokenExchangeResponse{AccessToken: itemSecret}}
	all["access token"] = []any{gen.AccessToken(itemSecret)}
	if name := os.Getenv(panicWith); name != "" {
		go func() { panic(all[name][0]) }() // beside the test, which would recover it
		select {}
	}
	for name := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPanicsDoNotShowTheSecret$", "-test.v")
			cmd.Env = append(os.Environ(), panicWith+"="+name, "GOTRACEBACK=system")
			out, err := cmd.CombinedOutput()
			require.Error(t, err)
			require.Contains(t, string(out), "panic: ")
			if strings.HasPrefix(name, "careless") {
				require.Error(t, leak(string(out)))
			} else {
				require.NoError(t, leak(string(out)))
			}
		})
	}
}
