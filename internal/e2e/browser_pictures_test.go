package e2e_test

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var pictures = flag.String("pictures", "", "draw the pictures of docs/testing.md into this folder")

// maxPicture is how many bytes a picture of the documents may have.
const maxPicture = 60 << 10

// The pictures of docs/testing.md. `go test -run Pictures . -args -pictures ../../docs` draws them again.
func TestBrowserDrawsThePictures(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	dir := *pictures
	if dir == "" {
		dir = t.ArtifactDir()
	}
	take := func(t *testing.T) (bank, accounts []byte) {
		w := newWindow(t, browser)
		w.resize(t, 420, 690, 2, true)
		w.prefer(t, false)
		link := a.link(t)
		w.open(t, link.HostedLinkURL)
		w.press(t, "Continue")
		w.at(t, "Choose your bank")
		bank = w.picture(t)
		w.press(t, firstPlatypus)
		w.signIn(t, "user_good", "pass_good")
		w.at(t, "Choose your accounts")
		w.tick(t, "Plaid Checking")
		w.tick(t, "Plaid Saving")
		return bank, w.picture(t)
	}
	chromium.check(t, "the pictures of the documents", func(t *testing.T) {
		bank, accounts := take(t)
		bankAgain, accountsAgain := take(t)
		require.True(t, bytes.Equal(bank, bankAgain) && bytes.Equal(accounts, accountsAgain), "the same each time")
		for name, picture := range map[string][]byte{"hosted-link-bank.png": bank, "hosted-link-accounts.png": accounts} {
			require.Less(t, len(picture), maxPicture, name)
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), picture, 0o644))
		}
	})
}

// picture returns what the window shows as a PNG with few colors, so that it is small.
func (w *window) picture(t *testing.T) []byte {
	t.Helper()
	shot, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	drawn, err := png.Decode(bytes.NewReader(shot))
	require.NoError(t, err)
	small := image.NewPaletted(drawn.Bounds(), palette(drawn))
	draw.Draw(small, small.Rect, drawn, image.Point{}, draw.Src)
	var out bytes.Buffer
	require.NoError(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small))
	return out.Bytes()
}

// palette returns the most frequent colors of a picture, as many as a PNG can number with a byte. The others are between two of
// them, at the edges of letters.
func palette(picture image.Image) (colors color.Palette) {
	count := map[color.RGBA]int{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			count[color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)]++
		}
	}
	number := func(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }
	most := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], number(a)-number(b))
	})
	for _, c := range most[:min(len(most), 256)] {
		colors = append(colors, c)
	}
	return colors
}
