package plaidlink_test

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
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
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// No value of this package shows the secret, or an access token, however it is printed. The types of package gen are tested there.

// printables are values of each exported type of the package, with the secret wherever it can be, by the name of the type.
func printables(t *testing.T) map[string][]any {
	fail := secretFailure(t, "a message", echoed(http.StatusBadRequest, echoMessage))
	client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHeader("X-Proxy-Authorization", wiretest.Secret),
		plaidlink.WithHTTPClient(&http.Client{Transport: auth{wiretest.Secret}}))
	secret := plaidlink.Secret(wiretest.Secret)
	options := slices.Collect(maps.Values(printableOptions()))
	return map[string][]any{
		"Client":       {client, *client},
		"Credentials":  {plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: secret}, &plaidlink.Credentials{Secret: secret}},
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
	logger := slog.New(slog.DiscardHandler).With("secret", wiretest.Secret)
	return map[string]any{
		"WithHTTPClient":       plaidlink.WithHTTPClient(&http.Client{Transport: auth{wiretest.Secret}}),
		"WithInsecureBaseURL":  plaidlink.WithInsecureBaseURL("http://user:" + wiretest.Secret + "@plaid.test"),
		"WithBaseURL":          plaidlink.WithBaseURL("https://user:" + wiretest.Secret + "@plaid.test"),
		"WithUserAgent":        plaidlink.WithUserAgent(wiretest.Secret),
		"WithLogger":           plaidlink.WithLogger(logger),
		"WithRetryBudget":      plaidlink.WithRetryBudget(1),
		"WithMaxAttempts":      plaidlink.WithMaxAttempts(1),
		"WithAttemptTimeout":   plaidlink.WithAttemptTimeout(time.Second),
		"WithCallTimeout":      plaidlink.WithCallTimeout(time.Second),
		"Retryable":            plaidlink.Retryable(),
		"WithMaxResponseBytes": plaidlink.WithMaxResponseBytes(1),
		"WithMaxRetryDelay":    plaidlink.WithMaxRetryDelay(time.Second),
		"WithHeader":           plaidlink.WithHeader("X-Proxy-Authorization", wiretest.Secret),
		"CaptureResponse":      plaidlink.CaptureResponse(&plaidlink.Response{RequestID: wiretest.Secret}),
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
		[]plaidlink.Secret{wiretest.Secret}, map[string]plaidlink.Secret{"a": wiretest.Secret},
		gen.AccessToken(wiretest.AccessToken),
		gen.ExtraFields{"new_token": stdjson.RawMessage(strconv.Quote(wiretest.AccessToken))},
		gen.LinkTokenGetResponse{ExtraFields: gen.ExtraFields{"sessions": stdjson.RawMessage(`[{"token":` + strconv.Quote(wiretest.AccessToken) + `}]`)}},
	} {
		for how, printed := range wiretest.Prints(pointerTo(v), v) {
			require.NoError(t, wiretest.Leak(printed), "%T %s", v, how)
		}
	}
}

// requireHidden prints a value in every way.
func requireHidden(t *testing.T, name string, v any) {
	t.Helper()
	for how, printed := range allPrints(v) {
		require.NoError(t, wiretest.Leak(printed), "%s: %T %s", name, v, how)
	}
}

var noVerb = "" // a format that has no use for its argument

// allPrints adds to wiretest.Prints what the types of package gen need not withstand: encoding, and pointers inside other values.
func allPrints(v any) map[string]string {
	type inner struct{ V any }
	pointer := pointerTo(v)
	all := wiretest.Prints(pointer, v)
	for _, verb := range append(slices.Clone(wiretest.Verbs), "%t", "%c", "%U", "%e", "%b", "%o", "%-40s|", "%+q", "%#x", "%#q", "% X") {
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

func TestLeaksAreFound(t *testing.T) {
	type careless struct {
		Text  string
		Bytes []byte
	}
	for how, printed := range allPrints(careless{wiretest.Secret, []byte(wiretest.AccessToken)}) {
		switch {
		case strings.HasSuffix(how, "%T"), strings.HasSuffix(how, "%10.3v"), strings.HasPrefix(how, "pointer in a"):
			// shows a type, three characters, or an address
		default:
			require.Error(t, wiretest.Leak(printed), how)
		}
	}
	require.NoError(t, wiretest.Leak("test-client-id access-sandbox-[redacted]"))
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
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	positions := token.NewFileSet()
	var files []*ast.File
	for _, name := range sources {
		file, err := parser.ParseFile(positions, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		if file.Name.Name == "plaidlink" {
			files = append(files, file)
		}
	}
	pkg, err := doc.NewFromFiles(positions, files, "plaidlink")
	require.NoError(t, err)
	for _, typ := range pkg.Types {
		types = append(types, typ.Name)
		for _, fn := range typ.Funcs {
			if strings.HasSuffix(typ.Name, "Option") {
				options = append(options, fn.Name)
			}
		}
	}
	return types, options
}

const panicWith = "PLAIDLINK_TEST_PANIC_WITH"

// The runtime prints the value of a panic that nothing recovers, in its own way.
func TestPanicsDoNotShowTheSecret(t *testing.T) {
	all := printables(t)
	all["careless text"] = []any{wiretest.Secret}                   // proves that the value reaches the output
	all["careless error"] = []any{errors.New(wiretest.AccessToken)} // as an error does, with its text
	all["generated"] = []any{&gen.ItemPublicTokenExchangeResponse{AccessToken: wiretest.AccessToken}}
	all["access token"] = []any{gen.AccessToken(wiretest.AccessToken)}
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
				require.Error(t, wiretest.Leak(string(out)))
			} else {
				require.NoError(t, wiretest.Leak(string(out)))
			}
		})
	}
}
