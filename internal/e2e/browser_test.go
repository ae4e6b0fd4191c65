package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// stopBrowser stops Chromium if it was started. TestMain calls it.
var stopBrowser = func() error { return nil }

// launch starts a headless Chromium with an empty profile, once for all tests, because that takes longer than most of them.
var launch = sync.OnceValues(func() (context.Context, error) {
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(chromiumPath()), chromedp.WindowSize(1280, 900)}
	for _, flag := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
		"disable-background-networking", "disable-component-update", "disable-sync",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	options = append(options, chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")) // it reaches no other host
	bounded, end := context.WithTimeout(context.Background(), maxBrowser)
	allocator, free := chromedp.NewExecAllocator(bounded, options...)
	ctx, cancel := chromedp.NewContext(allocator)
	stopBrowser = func() error {
		defer end()
		defer free()
		defer cancel()
		return chromedp.Cancel(ctx)
	}
	return ctx, chromedp.Do(ctx)
})

// maxBrowser is how long the browser may run. When the tests reach their own limit, it is left running.
const maxBrowser = 8 * time.Minute

// startBrowser returns the context of the browser, in which newWindow opens windows.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	if chromiumPath() == "" {
		missing(t, "needs Chromium: install it with `apt-get install chromium`, or set CHROMIUM to its path")
	}
	ctx, err := launch()
	require.NoError(t, err)
	return ctx
}

// chromiumPath returns the path of Chromium, which the environment variable CHROMIUM or one of the usual names leads to, or "".
func chromiumPath() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// screenshot writes a picture of the whole page to a folder. `go test -artifacts` keeps what is in that of t.ArtifactDir.
func screenshot(t *testing.T, browser context.Context, dir, name string) []byte {
	t.Helper()
	const lossless = 100
	picture, err := chromedp.Run(browser, chromedp.FullScreenshot(lossless))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
	return picture
}

func TestBrowserOpensAPage(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><title>loading</title><link rel="icon" href="data:,"><p style="height:1500px">tall<script>document.title = "ready"</script>`)
	}))
	defer server.Close()
	w := newWindow(t, startBrowser(t))
	w.open(t, server.URL)
	require.Equal(t, "ready", w.look(t)[0].name, "scripts run")
	picture, err := png.Decode(bytes.NewReader(screenshot(t, w.ctx, t.ArtifactDir(), "page")))
	require.NoError(t, err)
	require.Greater(t, picture.Bounds().Dy(), 1500, "the whole page")
}
