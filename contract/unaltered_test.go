package contract_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/contract"
)

var errReset = errors.New("connection reset")

func TestNewRefuses(t *testing.T) {
	rt, err := contract.New(nil, nil)
	require.Nil(t, rt)
	require.EqualError(t, err, "contract: New: expected a function to report to, found nil")
}

// The next round tripper gets the caller's request, and the caller gets its response and its error.
func TestTheCallIsTheSame(t *testing.T) {
	req := request(t, getPath, getBody)
	var received *http.Response
	rt, got := watch(t, network(func(sent *http.Request) (*http.Response, error) {
		require.Same(t, req, sent)
		received = response(sent, 200, "application/json", io.NopCloser(strings.NewReader(session(1))))
		return received, nil
	}))
	resp, err := rt.RoundTrip(req)
	require.NoError(t, err)
	require.Same(t, received, resp)
	require.Same(t, req, resp.Request)
	require.Equal(t, int64(-1), resp.ContentLength)
	require.Empty(t, got.lines())

	// Without GetBody a copy is sent, for its body; the caller's request is as it was.
	req.GetBody = nil
	body, header := req.Body, req.Header.Clone()
	rt, _ = watch(t, network(func(sent *http.Request) (*http.Response, error) {
		require.NotSame(t, req, sent)
		require.Equal(t, req.ContentLength, sent.ContentLength)
		return response(sent, 200, "application/json", http.NoBody), nil
	}))
	resp, err = rt.RoundTrip(req)
	require.NoError(t, err)
	require.Same(t, req, resp.Request)
	require.Equal(t, body, req.Body)
	require.Equal(t, header, req.Header)

	for _, failure := range []error{errReset, context.Canceled} {
		rt, got = watch(t, network(func(*http.Request) (*http.Response, error) { return nil, failure }))
		_, err = rt.RoundTrip(request(t, getPath, getBody))
		require.True(t, err == failure, "the same error, not a wrap")
		require.Empty(t, got.lines(), "a connection that is lost is not a departure")
	}
	rt, _ = watch(t, network(func(*http.Request) (*http.Response, error) { return nil, nil }))
	resp, err = rt.RoundTrip(request(t, getPath, getBody))
	require.Nil(t, resp)
	require.NoError(t, err)
	require.PanicsWithValue(t, "broken", func() {
		rt, _ = watch(t, network(func(*http.Request) (*http.Response, error) { panic("broken") }))
		_, _ = rt.RoundTrip(request(t, getPath, getBody))
	})
}

// Bytes and errors of a body come as they are, when they come, and the body is closed once the caller does.
func TestTheBodyIsTheSame(t *testing.T) {
	good := session(40)
	unchecked := func(expected string) []string {
		return []string{"linkTokenGet: response 200: unchecked: expected " + expected}
	}
	huge := `{"a":"` + strings.Repeat("x", contract.MaxBody) + `"}`
	largest := `{"a":"` + strings.Repeat("x", contract.MaxBody-8) + `"}`
	require.Len(t, largest, contract.MaxBody)
	for name, c := range map[string]struct {
		body string
		end  error
		want []string
	}{
		"whole":                     {good, io.EOF, nil},
		"cut in the middle":         {good[:999], errReset, unchecked("a body that arrives whole")},
		"cut after the last byte":   {good, io.ErrUnexpectedEOF, unchecked("a body that arrives whole")},
		"cut before the first byte": {"", context.DeadlineExceeded, unchecked("a body that arrives whole")},
		"larger than the bound":     {huge, io.EOF, unchecked("a body of at most 8 MiB")},
		"larger, and cut":           {huge, errReset, unchecked("a body of at most 8 MiB")},
		"as large as the bound":     {largest, errReset, unchecked("a body that arrives whole")},
	} {
		for reads, wrap := range map[string]func(io.Reader) io.Reader{
			"":                     func(r io.Reader) io.Reader { return r },
			", a byte a read":      iotest.OneByteReader,
			", the end with bytes": iotest.DataErrReader,
		} {
			if len(c.body) > 1<<20 && reads == ", a byte a read" {
				continue // it takes seconds, and shows nothing more
			}
			t.Run(name+reads, func(t *testing.T) {
				from := newGate([]byte(c.body), c.end)
				from.Reader = wrap(from.Reader)
				rt, got := watch(t, network(func(req *http.Request) (*http.Response, error) {
					return response(req, 200, "application/json", from), nil
				}))
				body, err := send(t, rt, request(t, getPath, getBody))
				if c.end == io.EOF {
					require.NoError(t, err)
				} else {
					require.True(t, err == c.end, "the same error, not a wrap: %v", err)
				}
				require.True(t, c.body == string(body), "the same bytes")
				require.Equal(t, c.want, got.lines())
				<-from.closed
			})
		}
	}
}

// A body that the caller leaves is compared where all of it has come.
func TestBodiesThatAreLeft(t *testing.T) {
	wrong := changed(t, session(1), `"link_token":"link-sandbox-0",`, "")
	const missing = "linkTokenGet: response 200: /link_token: missing property: expected a string"
	const notJSON = "linkTokenGet: response 200: not JSON: expected one JSON document in UTF-8, without duplicate names"
	const unread = "linkTokenGet: response 200: unchecked: expected a body that is read to its end"
	for name, c := range map[string]struct {
		announced int64
		body      string
		read      func(io.Reader) error
		want      string
	}{
		"by a decoder, which sees no end":    {-1, wrong, func(r io.Reader) error { return json.NewDecoder(r).Decode(new(any)) }, missing},
		"after all the bytes that were said": {6, "<html>", func(r io.Reader) error { _, err := io.ReadFull(r, make([]byte, 6)); return err }, notJSON},
		"in the middle":                      {-1, wrong, func(r io.Reader) error { _, err := io.ReadFull(r, make([]byte, 99)); return err }, unread},
		"before the first byte":              {int64(len(wrong)), wrong, func(io.Reader) error { return nil }, unread},
	} {
		t.Run(name, func(t *testing.T) {
			rt, got := watch(t, network(func(req *http.Request) (*http.Response, error) {
				resp := response(req, 200, "application/json", io.NopCloser(strings.NewReader(c.body)))
				resp.ContentLength = c.announced
				return resp, nil
			}))
			resp, err := rt.RoundTrip(request(t, getPath, getBody))
			require.NoError(t, err)
			require.NoError(t, c.read(resp.Body))
			require.Empty(t, got.lines(), "nothing is read ahead")
			require.NoError(t, resp.Body.Close())
			require.NoError(t, resp.Body.Close())
			require.Equal(t, []string{c.want}, got.lines(), "once")
		})
	}
}

// Gzip that the caller asked for stays gzip; a bomb is not unpacked.
func TestEncodedBodies(t *testing.T) {
	pack := func(text string) string {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err := io.WriteString(w, text)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return packed.String()
	}
	wrong := changed(t, session(1), `"link_token":"link-sandbox-0",`, "")
	for name, c := range map[string]struct{ encoding, body, want string }{
		"gzip":             {"gzip", pack(wrong), "/link_token: missing property: expected a string"},
		"identity":         {"identity", wrong, "/link_token: missing property: expected a string"},
		"no gzip":          {"gzip", wrong, "unchecked: expected a body in valid gzip"},
		"gzip that is cut": {"GZIP", pack(wrong)[:99], "unchecked: expected a body in valid gzip"},
		"one byte more":    {"gzip", pack(strings.Repeat(" ", contract.MaxBody+1)), "unchecked: expected a body of at most 8 MiB"},
		"a bomb":           {"gzip", pack(strings.Repeat(" ", 128<<20)), "unchecked: expected a body of at most 8 MiB"},
		"another":          {"br", wrong, "unchecked: expected a body that is not encoded, or is in gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			rt, got := watch(t, network(func(req *http.Request) (*http.Response, error) {
				resp := response(req, 200, "application/json", io.NopCloser(strings.NewReader(c.body)))
				resp.Header.Set("Content-Encoding", c.encoding)
				return resp, nil
			}))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			body, err := send(t, rt, request(t, getPath, getBody))
			runtime.ReadMemStats(&after)
			require.NoError(t, err)
			require.True(t, c.body == string(body), "the same bytes")
			require.Equal(t, []string{"linkTokenGet: response 200: " + c.want}, got.lines())
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), "bytes allocated, all growth counted")
		})
	}
}

// net/http unpacks gzip that it asked for itself; that is compared like any other, over a real connection.
func TestGzipOfNetHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "gzip", r.Header.Get("Accept-Encoding"))
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		defer packed.Close()
		_, _ = io.WriteString(packed, session(3))
	}))
	defer server.Close()
	rt, got := watch(t, server.Client().Transport)
	req := request(t, getPath, getBody)
	req.URL.Scheme, req.URL.Host, _ = strings.Cut(server.URL, "://")
	body, err := send(t, rt, req)
	require.NoError(t, err)
	require.Equal(t, session(3), string(body))
	require.Empty(t, got.lines())
	(&http.Client{Transport: rt}).CloseIdleConnections() // or Close waits
}
