package page_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

var property = regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)

func colors(css string) map[string]string {
	found := map[string]string{}
	for _, match := range property.FindAllStringSubmatch(css, -1) {
		found[match[1]] = match[2]
	}
	return found
}

// luminance and contrast are those of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	require.Len(t, hex, 7, "a color that the stylesheet does not have")
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		value, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		require.NoError(t, err)
		channel := float64(value) / 255
		if channel <= 0.04045 {
			channel /= 12.92
		} else {
			channel = math.Pow((channel+0.055)/1.055, 2.4)
		}
		sum += weight * channel
	}
	return sum
}

func contrast(t *testing.T, one, other string) float64 {
	a, b := luminance(t, one), luminance(t, other)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

func TestContrast(t *testing.T) {
	const text, shape = 4.5, 3.0 // level AA
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"ink", "page", text}, {"ink", "card", text}, {"ink", "tint", text},
		{"soft", "page", text}, {"soft", "card", text}, {"soft", "tint", text}, // a chosen row is tinted
		{"on-accent", "accent", text}, {"on-accent", "over", text},
		{"bad", "bad-tint", text}, {"warn", "warn-tint", text}, {"warn", "card", text}, {"warn", "tint", text},
		{"accent", "tint", shape}, {"accent", "card", shape}, {"accent", "page", shape}, // ticks, and the ring of the focus
		{"edge", "card", shape}, // of fields
	}
	light, dark, ok := strings.Cut(string(page.Stylesheet()), "@media (prefers-color-scheme: dark)")
	require.True(t, ok)
	dark, banks, ok := strings.Cut(dark, "/* The colors of the banks")
	require.True(t, ok)
	require.InDelta(t, 21, contrast(t, "#000000", "#ffffff"), 0.01, "the formula")
	for name, scheme := range map[string]map[string]string{"light": colors(light), "dark": colors(dark)} {
		for _, pair := range pairs {
			got := contrast(t, scheme[pair.front], scheme[pair.back])
			require.GreaterOrEqual(t, got, pair.least, "%s: %s on %s", name, pair.front, pair.back)
		}
	}
	brands := property.FindAllStringSubmatch(banks, -1)
	require.Len(t, brands, len(knownIDs)+6)
	for _, brand := range brands {
		require.GreaterOrEqual(t, contrast(t, "#ffffff", brand[2]), text, "white on %s", brand[2])
	}
}
