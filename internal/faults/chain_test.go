package faults_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// requireSafeChain asserts that no error of a chain shows any of the texts, however it is printed. It returns how many there are.
func requireSafeChain(t testing.TB, err error, hidden ...string) int {
	t.Helper()
	chain := wiretest.Chain(err)
	for depth, err := range chain {
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Error("failed", "err", err)
		slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "err", err)
		object, _ := json.Marshal(err)
		prints := []string{err.Error(), log.String(), string(object)}
		for _, verb := range append(wiretest.Verbs, "%+q", "%#q") {
			prints = append(prints, fmt.Sprintf(verb, err), fmt.Sprintf(verb, struct{ V any }{err}))
		}
		for _, printed := range prints {
			for _, text := range hidden {
				require.NotContains(t, printed, text, "depth %d: %T", depth, err)
			}
			require.NoError(t, wiretest.Leak(printed), "depth %d: %T", depth, err)
		}
	}
	return len(chain)
}

// What callers' round trippers fail with. Each holds what must not be shown, in its text or beside it.
type (
	textError  string
	quietError struct {
		Header http.Header
		secret string
	}
	wrapError  struct{ inner error }
	loudError  struct{ text string }
	panicError struct{ text *string }
)

func (e textError) Error() string    { return string(e) }
func (e textError) Code() int        { return len(e) }
func (quietError) Error() string     { return "not sent" }
func (quietError) Timeout() bool     { return true }
func (quietError) Temporary() bool   { return false }
func (e *wrapError) Error() string   { return "wrapped: " + e.inner.Error() }
func (e *wrapError) Unwrap() error   { return e.inner }
func (e *wrapError) Is(t error) bool { return t == fs.ErrPermission }
func (e *panicError) Error() string  { return *e.text }

// loudError shows itself in every way that a type has.
func (e loudError) Error() string                { return e.text }
func (e loudError) String() string               { return e.text }
func (e loudError) GoString() string             { return e.text }
func (e loudError) Format(f fmt.State, _ rune)   { fmt.Fprint(f, e.text) }
func (e loudError) LogValue() slog.Value         { return slog.StringValue(e.text) }
func (e loudError) MarshalJSON() ([]byte, error) { return json.Marshal(e.text) }
func (e loudError) MarshalText() ([]byte, error) { return []byte(e.text), nil }

func TestFault43WalkingShowsSafeTexts(t *testing.T) {
	t.Parallel() // it computes, mostly
	row := faults.Begin(t, "somebody walks the chain of an error, and prints it")
	const secret = "[" + wiretest.Secret + "|" + wiretest.AccessToken + "]"
	var (
		quiet   = quietError{http.Header{"Plaid-Secret": {wiretest.Secret}}, secret}
		refused = &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("%w for %s", syscall.ECONNREFUSED, secret)}
		link    = &url.Error{Op: "Get", URL: "https://plaid.test/?q=" + secret, Err: io.ErrUnexpectedEOF}
		coded   interface{ Code() int }
	)
	as := func(target any) func(testing.TB, error) {
		return func(t testing.TB, err error) { require.ErrorAs(t, err, target) }
	}
	is := func(target error) func(testing.TB, error) {
		return func(t testing.TB, err error) { require.ErrorIs(t, err, target) }
	}
	deep := error(textError(secret))
	for range 200 {
		deep = fmt.Errorf("%w", deep)
	}
	wide := make([]error, 5)
	for i := range wide {
		wide[i] = fmt.Errorf("%d: %w", i, textError(secret))
	}
	for name, test := range map[string]struct {
		err  error
		find []func(testing.TB, error) // what the caller must still find
	}{
		"a text":                      {textError(secret), []func(testing.TB, error){is(textError(secret)), as(new(textError)), as(&coded)}},
		"a text of the standard":      {errors.New(secret), nil},
		"a struct with a quiet text":  {quiet, []func(testing.TB, error){as(new(quietError)), as(new(net.Error))}},
		"a pointer to one":            {&quiet, []func(testing.TB, error){as(new(*quietError))}},
		"a quiet one within":          {fmt.Errorf("sending: %w", quiet), []func(testing.TB, error){as(new(quietError))}},
		"a loud one":                  {loudError{secret}, []func(testing.TB, error){as(new(loudError)), is(loudError{secret})}},
		"a loud one within":           {fmt.Errorf("sending: %w", loudError{secret}), []func(testing.TB, error){as(new(loudError))}},
		"wrapped three times":         {&wrapError{fmt.Errorf("a %w", &wrapError{textError(secret)})}, []func(testing.TB, error){is(textError(secret)), is(fs.ErrPermission), as(new(*wrapError)), as(new(textError))}},
		"several":                     {errors.Join(io.EOF, textError(secret), quiet), []func(testing.TB, error){is(io.EOF), is(textError(secret)), as(new(quietError))}},
		"several in one text":         {fmt.Errorf("%w and %w", textError(secret), fs.ErrClosed), []func(testing.TB, error){is(fs.ErrClosed), is(textError(secret))}},
		"many":                        {errors.Join(wide...), []func(testing.TB, error){is(textError(secret))}},
		"deep":                        {deep, []func(testing.TB, error){is(textError(secret)), as(new(textError))}},
		"a URL":                       {link, []func(testing.TB, error){is(io.ErrUnexpectedEOF), as(new(*url.Error))}},
		"a URL within":                {fmt.Errorf("custom: %w", link), []func(testing.TB, error){is(io.ErrUnexpectedEOF), as(new(*url.Error))}},
		"an operation of the network": {refused, []func(testing.TB, error){is(syscall.ECONNREFUSED), as(new(*net.OpError)), as(new(net.Error)), as(new(syscall.Errno))}},
		"a line of a protocol":        {fmt.Errorf("reading: %w", textproto.ProtocolError(secret)), []func(testing.TB, error){as(new(textproto.ProtocolError))}},
		"a DNS error":                 {&net.DNSError{Err: "no such host", Name: wiretest.Secret + ".test", IsTemporary: true}, []func(testing.TB, error){as(new(*net.DNSError))}},
	} {
		t.Run(name, func(t *testing.T) {
			client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithMaxRetryDelay(1),
				plaidlink.WithHTTPClient(&http.Client{Transport: wiretest.RoundTripper(func(*http.Request) (*http.Response, error) { return nil, test.err })}))
			got := fails(t, faults.Get, client, 0)
			wrapped := fmt.Errorf("connecting a bank: %w", got.Err())
			require.GreaterOrEqual(t, requireSafeChain(t, wrapped), 3)
			for _, find := range test.find {
				find(t, wrapped)
			}
			if reflect.TypeOf(test.err).Comparable() {
				require.ErrorIs(t, wrapped, test.err)
			}
			// What errors.As hands out is safe too, where the standard library's types and interfaces are asked for.
			var (
				sent    *url.Error
				several interface{ Unwrap() []error }
			)
			require.ErrorAs(t, got.Err(), &sent, "every error of the network is one")
			require.Contains(t, sent.Error(), "https://plaid.test/link/token/get")
			for _, err := range wiretest.Chain(got.Err()) {
				for _, target := range []any{new(*url.Error), new(*net.OpError), new(net.Error), new(textproto.ProtocolError), new(error)} {
					if errors.As(err, target) {
						require.NoError(t, wiretest.Leak(fmt.Sprintf("%v %+v %#v", dereference(target), dereference(target), dereference(target))))
					}
				}
				if errors.As(err, &several) {
					for _, inner := range several.Unwrap() {
						requireSafeChain(t, inner)
					}
				}
			}
			row.Got(name, got)
		})
	}

	for name, err := range map[string]error{
		"panics":              (*panicError)(nil),
		"panics when wrapped": fmt.Errorf("custom: %w", (*wrapError)(nil)),
		"is a nil of a type":  (*url.Error)(nil),
	} {
		t.Run(name, func(t *testing.T) {
			client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithMaxRetryDelay(1),
				plaidlink.WithHTTPClient(&http.Client{Transport: wiretest.RoundTripper(func(*http.Request) (*http.Response, error) { return nil, err })}))
			got := faults.Get.Call(t.Context(), client)
			require.NotNil(t, got.Failure())
			require.NoError(t, wiretest.Leak(fmt.Sprintf("%v %+v %#v", got.Err(), got.Err(), got.Err())))
			require.Less(t, len(wiretest.Chain(got.Err())), 500)
			row.Got("an error that "+name, got)
		})
	}
}

func dereference(target any) any {
	switch p := target.(type) {
	case **url.Error:
		return *p
	case **net.OpError:
		return *p
	case *net.Error:
		return *p
	case *textproto.ProtocolError:
		return *p
	case *error:
		return *p
	}
	return nil
}
