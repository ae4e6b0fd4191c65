package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var pictures = flag.String("pictures", "", "draw the pictures of the README into this folder")

// maxPicture is how many bytes a picture of the README may have.
const maxPicture = 60 << 10

// picture is what the window shows, in few colors, so that it is small.
func (w *window) picture(name string) {
	w.t.Helper()
	dir := *pictures
	if dir == "" {
		dir = w.t.ArtifactDir()
	}
	ctx, cancel := w.bounded()
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(w.t, err)
	drawn, err := png.Decode(bytes.NewReader(shot))
	require.NoError(w.t, err)
	count := map[color.RGBA]int{}
	for y := range drawn.Bounds().Dy() {
		for x := range drawn.Bounds().Dx() {
			count[color.RGBAModel.Convert(drawn.At(x, y)).(color.RGBA)]++
		}
	}
	var palette color.Palette // the colors that it has most of
	most := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int { return cmp.Compare(count[b], count[a]) })
	for _, c := range most[:min(len(most), 256)] {
		palette = append(palette, c)
	}
	small := image.NewPaletted(drawn.Bounds(), palette)
	draw.Draw(small, small.Rect, drawn, image.Point{}, draw.Src)
	var out bytes.Buffer
	require.NoError(w.t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small))
	require.Less(w.t, out.Len(), maxPicture)
	require.NoError(w.t, os.WriteFile(filepath.Join(dir, name+".png"), out.Bytes(), 0o644))
}

// accessible requires of the page what a user of a screen reader needs: a title, one main part, one first heading, a name
// for every control. And nothing is wider than a small phone.
func (w *window) accessible() {
	w.t.Helper()
	ctx, cancel := w.bounded()
	defer cancel()
	tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	require.NoError(w.t, err)
	count := map[string]int{}
	for _, node := range tree.Nodes {
		role, name := said(node.Role), said(node.Name)
		count[role]++
		switch role {
		case "RootWebArea", "heading", "button", "link", "textbox", "DisclosureTriangle":
			require.NotEmpty(w.t, name, role)
		case "alert", "status":
			require.NotEmpty(w.t, node.ChildIDs, role)
		}
	}
	require.Equal(w.t, 1, count["main"])
	require.Equal(w.t, 1, count["heading"])
	require.NotZero(w.t, count["button"]+count["link"], "something to go on with")
	const phone = 320
	require.NoError(w.t, chromedp.Do(ctx, chromedp.EmulateViewport(phone, 640)))
	size, err := chromedp.Call(ctx, page.GetLayoutMetrics, cdp.Empty{})
	require.NoError(w.t, err)
	require.LessOrEqual(w.t, size.CSSContentSize.Width, float64(phone))
	require.NoError(w.t, chromedp.Do(ctx, chromedp.EmulateViewport(screen.width, screen.height)))
}

func said(value *accessibility.Value) (text string) {
	if value != nil {
		_ = json.Unmarshal(value.Value, &text) // empty for a number
	}
	return text
}
