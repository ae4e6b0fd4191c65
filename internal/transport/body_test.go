package transport_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A body is what was sent, whatever its size beside the buffer that is used again, and however it arrives.
func TestBodyIsWhole(t *testing.T) {
	const limit = 5 << 20
	for _, size := range []int{0, 1, 32<<10 - 1, 32 << 10, 32<<10 + 1, 96<<10 + 1, limit} {
		for _, announced := range []int64{-1, int64(size)} {
			want := bytes.Repeat([]byte("abcdefg"), size/7+1)[:size]
			guard := newGuard(t, http.Client{}, func(req *http.Request) (*http.Response, error) {
				body := io.NopCloser(&bySteps{bytes.NewReader(want)})
				return &http.Response{StatusCode: 200, Body: body, ContentLength: announced, Request: req}, nil
			})
			for range 2 { // the second time with a buffer that was used
				answer, err := guard.Exchange(t.Context(), newRequest(t), within(time.Minute, limit))
				require.NoError(t, err)
				require.True(t, bytes.Equal(want, answer.Body), size)
				answer.Release()
			}
		}
	}
}

type bySteps struct{ io.Reader }

func (r *bySteps) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), 1000)]) }

// A body that was released is gone: nothing that uses its memory next can show it.
func TestReleaseClears(t *testing.T) {
	guard := newGuard(t, http.Client{}, func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("access-sandbox-1")), ContentLength: -1, Request: req}, nil
	})
	answer, err := guard.Exchange(t.Context(), newRequest(t), within(time.Minute, 100))
	require.NoError(t, err)
	body := answer.Body
	require.Equal(t, "access-sandbox-1", string(body))
	answer.Release()
	require.Nil(t, answer.Body)
	require.Equal(t, make([]byte, len(body)), body)
	answer.Release() // a second time does nothing
}
