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
	"github.com/chromedp/cdproto/emulation"
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
// for every control. And it looks right in light and dark, on a desktop and on a phone.
func (w *window) accessible() {
	w.t.Helper()
	ctx, cancel := w.bounded()
	defer cancel()
	tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	require.NoError(w.t, err)
	count := map[string]int{}
	for _, node := range tree.Nodes {
		role, name := text(node.Role), text(node.Name)
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
	for _, size := range []struct{ width, height int64 }{screen, phone} {
		for _, scheme := range []string{"dark", "light"} {
			w.resize(size.width, size.height, scheme)
			wrong, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](lookedAt))
			require.NoError(w.t, err)
			require.Empty(w.t, wrong, "%d pixels wide, %s", size.width, scheme)
		}
	}
	w.resize(screen.width, screen.height, "light")
}

var phone = struct{ width, height int64 }{320, 580}

func (w *window) resize(width, height int64, scheme string) {
	w.t.Helper()
	ctx, cancel := w.bounded()
	defer cancel()
	require.NoError(w.t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height)))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	require.NoError(w.t, err)
}

// lookedAt lists what is wrong with how a page looks: contrasts below those of WCAG 2.2 (4.5 for text, 3 for the edge of a
// note or a button), other than one primary button, what is wider than the window, and on a phone, buttons that are not
// as wide as what they are in.
const lookedAt = `(() => {
  const wrong = [];
  const channels = color => color.match(/[\d.]+/g).map(Number);
  const light = color => {
    const [r, g, b] = channels(color).map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const transparent = color => color == "transparent" || channels(color)[3] === 0;
  const behind = e => {
    while (transparent(getComputedStyle(e).backgroundColor) && e.parentElement) e = e.parentElement;
    return getComputedStyle(e).backgroundColor;
  };
  const atLeast = (least, what, e, a, b) => {
    const is = contrast(a, b);
    if (!(is >= least)) wrong.push(what + " of " + JSON.stringify(e.textContent.trim().slice(0, 40)) + " has contrast " + is.toFixed(2));
  };
  const visible = [...document.body.querySelectorAll("*")].filter(e => e.checkVisibility());
  for (const e of visible) {
    const style = getComputedStyle(e);
    if ([...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) atLeast(4.5, "text", e, style.color, behind(e));
    if (e.matches(".note")) atLeast(3, "edge", e, style.borderTopColor, behind(e.parentElement));
    if (e.matches("button, .button, summary, input") && transparent(style.backgroundColor) && !transparent(style.borderTopColor))
      atLeast(3, "edge", e, style.borderTopColor, behind(e.parentElement));
    if (innerWidth < 400 && e.matches("main button, main .button, main summary")) {
      const room = e.closest(".card, .note, main");
      const padding = parseFloat(getComputedStyle(room).paddingLeft) + parseFloat(getComputedStyle(room).paddingRight);
      if (e.offsetWidth < room.clientWidth - padding - 1) wrong.push(JSON.stringify(e.textContent) + " is not as wide as the phone");
    }
  }
  const primary = visible.filter(e => e.matches(".primary")).length;
  if (primary != 1) wrong.push(primary + " primary buttons");
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the window");
  return wrong;
})()`

func text(value *accessibility.Value) (text string) {
	if value != nil {
		_ = json.Unmarshal(value.Value, &text) // empty for a number
	}
	return text
}
