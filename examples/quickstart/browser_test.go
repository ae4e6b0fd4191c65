package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// window is a window of a Chromium that reaches this machine alone.
type window struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string // of the browser
}

// screen is as large as the pictures of the README.
var screen = struct{ width, height int64 }{720, 580}

// openWindow needs Chromium: where there is none the test is skipped, and fails in CI.
func openWindow(t *testing.T) *window {
	t.Helper()
	path := chromiumPath()
	if path == "" {
		const what = "needs Chromium: install it with `apt-get install chromium`, or set CHROMIUM to its path"
		if os.Getenv("CI") != "" {
			require.FailNow(t, what)
		}
		t.Skip(what)
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.WindowSize(720, 640)}
	for _, flag := range []string{
		"headless", "hide-scrollbars", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
		"disable-background-networking", "disable-component-update", "disable-sync",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	options = append(options, chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	bounded, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 3*time.Minute) // it ends by Cancel
	t.Cleanup(cancel)
	allocator, cancel := chromedp.NewExecAllocator(bounded, options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	t.Cleanup(func() { require.NoError(t, chromedp.Cancel(ctx), "Chromium ends well") })
	w := &window{t: t, ctx: ctx}
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(screen.width, screen.height)))
	require.NoError(t, chromedp.Listen(ctx, w.hear))
	t.Cleanup(func() { require.Empty(t, w.heard(), "errors, violations of the policy") })
	return w
}

// chromiumPath returns the program that the environment variable CHROMIUM names, or one with a usual name; empty where there is none.
func chromiumPath() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func (w *window) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == "info" || e.Entry.Level == "verbose" {
			return
		}
		w.complaints = append(w.complaints, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *runtime.EventExceptionThrown:
		w.complaints = append(w.complaints, e.ExceptionDetails.Text)
	}
}

// heard returns what the browser complained of since the last call.
func (w *window) heard() (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all, w.complaints = w.complaints, nil
	return all
}

func (w *window) bounded() (context.Context, context.CancelFunc) {
	return context.WithTimeout(w.ctx, 10*time.Second)
}

// leads does what must lead to a page, which must come with a status.
func (w *window) leads(status int64, action chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := w.bounded()
	defer cancel()
	response, err := chromedp.RunResponse(ctx, action)
	require.NoError(w.t, err)
	require.Equal(w.t, status, response.Status, response.URL)
}

func (w *window) do(action chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := w.bounded()
	defer cancel()
	require.NoError(w.t, chromedp.Do(ctx, action))
}

func (w *window) open(address string) {
	w.t.Helper()
	w.leads(200, chromedp.Navigate(address))
}

// button returns the XPath of a button, a link or a summary by its text.
func button(name string) string {
	return fmt.Sprintf(`(//button|//a|//summary)[normalize-space()="%[1]s" or @aria-label="%[1]s"]`, name)
}

func (w *window) press(name string) {
	w.t.Helper()
	w.leads(200, chromedp.Click(button(name)))
}

func (w *window) fill(id, text string) {
	w.t.Helper()
	w.do(chromedp.SendKeys("#"+id, text))
}

// shows requires words on the page.
func (w *window) shows(words ...string) {
	w.t.Helper()
	text := w.text()
	for _, some := range words {
		require.Contains(w.t, text, some)
	}
}

func (w *window) text() string {
	w.t.Helper()
	ctx, cancel := w.bounded()
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text("body"))
	require.NoError(w.t, err)
	return text
}
