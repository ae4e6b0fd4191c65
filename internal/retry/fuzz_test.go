package retry_test

import (
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// RetryAfter gives what arithmetic without bounds gives, cut to what a duration can hold: never negative, never a short
// wait in place of a long one.
func FuzzRetryAfter(f *testing.F) {
	const date = "Mon, 02 Mar 2026 09:31:07 GMT"
	for _, value := range []string{
		"", "0", "1", "-1", "+1", "1.5", "1e3", "0x10", "1_000", " 7 ", "٣", "00000000000000000000000000001", "a\nb",
		"9223372036", "9223372037", "9223372036854775807", "9223372036854775808", "99999999999999999999999",
		"Mon, 02 Mar 2026 09:31:08 GMT", "Monday, 02-Mar-26 09:31:08 GMT", "Mon Mar  2 09:31:08 2026", // the three forms of RFC 9110
		"Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0000 00:00:00 GMT", "Mon, 02 Mar 2026 09:31:06 GMT", "Mon, 30 Feb 2026 09:31:08 GMT",
	} {
		f.Add(value, date, int64(1772443800)) // a clock that is slow by more than a minute
		f.Add(value, "", int64(1772443867))
		f.Add(value, "yesterday", int64(-62135596800)) // year 1
	}
	f.Fuzz(func(t *testing.T, value, date string, now int64) {
		h := http.Header{"Retry-After": {value}, "Date": {date}}
		at := time.Unix(now%(1<<40), 0) // within 35,000 years
		require.Equal(t, reference(value, date, at), retry.RetryAfter(h, at), "%q %q %v", value, date, at)
	})
}

// reference is RetryAfter with numbers of any size.
func reference(value, date string, now time.Time) time.Duration {
	wait := new(big.Int)
	trimmed := strings.TrimSpace(value)
	at, err := http.ParseTime(trimmed)
	switch _, ok := wait.SetString(trimmed, 10); {
	case ok && !strings.ContainsAny(trimmed, "+-_"):
	case err == nil:
		if sent, err := http.ParseTime(date); err == nil {
			now = sent
		}
		wait.SetInt64(at.Unix() - now.Unix())
	default:
		return 0
	}
	wait.Mul(wait, big.NewInt(int64(time.Second)))
	switch {
	case wait.Sign() < 0:
		return 0
	case !wait.IsInt64():
		return forever
	}
	return time.Duration(wait.Int64())
}
