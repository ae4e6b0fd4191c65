package e2e_test

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// looks are screens on which people look at the pages.
var looks = []struct {
	name          string
	width, height int64
	phone, dark   bool
}{
	{"desktop", 1280, 900, false, false},
	{"phone", 390, 800, true, false},
	{"small phone at night", 320, 640, true, true}, // as wide as a page magnified four times
}

// Every page on every screen: accessible, not wider than the screen, and in the colors that the user prefers.
func TestBrowserSeesEveryPage(t *testing.T) {
	browser, dir := startBrowser(t), t.ArtifactDir()
	for _, look := range looks {
		a, w := newApp(t), newWindow(t, browser)
		w.resize(t, look.width, look.height, 1, look.phone)
		w.prefer(t, look.dark)
		a.tour(t, w, func(name string) {
			chromium.check(t, look.name+": "+name, func(t *testing.T) {
				require.Empty(t, w.look(t).barriers())
				size := call(t, w, page.GetLayoutMetrics, cdp.Empty{}).CSSContentSize
				require.LessOrEqual(t, size.Width, float64(look.width), "no horizontal scrolling")
				picture, err := png.Decode(bytes.NewReader(screenshot(t, w.ctx, dir, look.name+", "+name)))
				require.NoError(t, err)
				corner := color.GrayModel.Convert(picture.At(1, picture.Bounds().Dy()-2)).(color.Gray)
				require.Equal(t, look.dark, corner.Y < 128, "the page is dark")
			})
		})
	}
}

func (w *window) resize(t *testing.T, width, height int64, scale float64, phone bool) {
	t.Helper()
	call(t, w, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: scale, Mobile: phone,
	})
}

func (w *window) prefer(t *testing.T, dark bool) {
	t.Helper()
	scheme := map[bool]string{false: "light", true: "dark"}[dark]
	call(t, w, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"}, // so that a screenshot shows the end of an animation
	}})
}

// tour goes to every page of the sandbox, and calls at on each.
func (a *app) tour(t *testing.T, w *window, at func(name string)) {
	t.Helper()
	link := a.link(t)
	w.open(t, link.HostedLinkURL)
	at("first page")
	w.press(t, "Continue")
	at("banks")
	w.fill(t, "Search by name or web address", "zebra")
	w.press(t, "Search")
	at("no bank found")
	w.press(t, "Show every bank")
	w.press(t, "Unhealthy Platypus Bank (degraded)")
	at("sign-in at a slow bank")
	w.press(t, "Back")
	w.press(t, oauthPlatypus)
	at("page of a bank")
	w.press(t, "Deny")
	at("bank denied")
	w.press(t, "Back")
	w.press(t, firstPlatypus)
	at("sign-in")
	w.signIn(t, "user_good", "pass_bad")
	at("wrong password")
	w.signIn(t, "user_good", "pass_good")
	at("accounts")
	w.press(t, "Continue")
	at("no account ticked")
	w.tick(t, "Plaid Checking")
	w.tick(t, "Plaid Saving")
	w.press(t, "Continue")
	at("consent")
	w.press(t, "Connect")
	w.at(t, arrived)
	w.back(t)
	w.do(t, chromedp.Reload()) // the browser may have kept the previous page
	w.at(t, "You are connected")
	at("connected")
	w.open(t, link.HostedLinkURL)
	at("link used")

	link = a.link(t, a.pays, stays)
	w.choose(t, link, firstPlatypus)
	w.signIn(t, "user_good", "pass_good")
	at("one account")
	w.leave(t)
	at("nothing shared")

	w.open(t, a.link(t, again(a.item(t, "ins_127287"), true), stays).HostedLinkURL)
	at("first page again")
	w.press(t, "Continue")
	at("page of a bank again")
	w.press(t, "Authorize")
	at("accounts again")
	w.press(t, "Continue")
	at("consent again")
	w.press(t, "Reconnect")
	at("connected again")

	link = a.link(t)
	a.sandbox.Advance(31 * time.Minute)
	w.open(t, link.HostedLinkURL)
	at("link expired")
	w.open(t, a.sandbox.URL+"/hosted/unknown")
	at("link unknown")
	w.open(t, a.sandbox.URL+"/_sandbox/")
	at("state")
}
