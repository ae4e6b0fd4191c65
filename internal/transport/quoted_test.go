package transport_test

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// harmless are texts of net/http that quote the caller's own request, or that no client's error has.
var harmless = []string{
	"field name %q", "field value for %q", "unsupported protocol scheme %q", "net/http: invalid method %q", // the request
	"http2: unexpected ALPN protocol %q; want %q",      // of TLS, and one of two that are known
	"bogus greeting %q", "ignoring invalid trailer %q", // a server's
	"target must be an absolute URL or an absolute path: %q", "cannot push URL with scheme %q from request with scheme %q",
	"promised request headers cannot include pseudo header %q", "promised request headers cannot include %q",
	"method %q must be GET or HEAD", "request header %q is not valid in HTTP/2",
	" data=%q", " ping=%q", " LastStreamID=%v ErrCode=%v Debug=%q", // frames in a debugging log
	"No space found in %q", "Failed to parse goroutine ID out of %q: %v", // of a stack
	"%03d %q", // of mail and the like
}

// Whatever net/http quotes of a response is not shown. What a new version of Go quotes must be looked at.
func TestNothingThatIsQuotedIsShown(t *testing.T) {
	formats := quotingFormats(t)
	require.Greater(t, len(formats), 25, "the sources were not read")
	verb := regexp.MustCompile(`%[-+0-9]*[a-zA-Z]`)
	for _, format := range formats {
		if slices.Contains(harmless, format) {
			continue
		}
		for _, value := range []string{`"hunter2word"`, `["3" "hunter2word"]`, `["hunter2word"]`, strconv.Quote("a \"hunter2word\\\" b"), strconv.Quote("\x00\xff hunter2word")} {
			text := verb.ReplaceAllStringFunc(format, func(v string) string {
				if v == "%q" {
					return value
				}
				return "0"
			})
			guard := newGuard(t, http.Client{}, func(*http.Request) (*http.Response, error) {
				return nil, errors.New("stream error: stream ID 1; PROTOCOL_ERROR; " + text)
			})
			_, err := guard.Exchange(t.Context(), newRequest(t), within(time.Minute, 100))
			require.NotContains(t, err.Error(), "hunter2word", "net/http has %q: hide what it quotes, or list it as harmless", format)
			require.Contains(t, err.Error(), "…", "the rest stays")
		}
	}
}

// quotingFormats returns the formats with a %q in what net/http's client consists of.
func quotingFormats(t *testing.T) (formats []string) {
	root := filepath.Join(build.Default.GOROOT, "src", "net")
	for _, pattern := range []string{"http/transfer.go", "http/response.go", "http/transport.go", "http/h2_bundle.go", "http/internal/*.go", "http/internal/http2/*.go", "textproto/*.go"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		require.NoError(t, err)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				bad, isBad := call.Fun.(*ast.Ident)
				isBad = isBad && bad.Name == "badStringError"
				selected, isLog := call.Fun.(*ast.SelectorExpr)
				isLog = isLog && (selected.Sel.Name == "Printf" || selected.Sel.Name == "vlogf")
				for _, arg := range call.Args {
					literal, ok := arg.(*ast.BasicLit)
					if !ok || literal.Kind != token.STRING || isLog {
						continue
					}
					text, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					if isBad {
						text += " %q"
					}
					if strings.Contains(text, "%q") {
						formats = append(formats, text)
					}
				}
				return true
			})
		}
	}
	return formats
}
