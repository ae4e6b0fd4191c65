package e2e_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/stretchr/testify/require"
)

// eval runs JavaScript in the page, as a click of the user would.
func eval[T any](t *testing.T, w *window, in runtime.ExecutionContextID, expression string) (value T) {
	t.Helper()
	got := call(t, w, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: in, ReturnByValue: new(true), AwaitPromise: new(true), UserGesture: new(true),
	})
	require.Nil(t, got.ExceptionDetails, "%s: %+v", expression, got.ExceptionDetails)
	if len(got.Result.Value) > 0 {
		require.NoError(t, json.Unmarshal(got.Result.Value, &value), expression)
	}
	return value
}

// run runs JavaScript in the page of the application.
func (w *tab) run(t *testing.T, format string, args ...any) {
	t.Helper()
	eval[any](t, w.window, 0, fmt.Sprintf(format, args...)+"; undefined")
}

// is waits until an expression is true in the page of the application.
func (w *tab) is(t *testing.T, format string, args ...any) {
	t.Helper()
	expression := fmt.Sprintf(format, args...)
	w.until(t, func() bool { return eval[bool](t, w.window, 0, "Boolean("+expression+")") }, func() string { return "not so: " + expression })
}

// mount makes a part of the application that can open Link, with options in JSON.
func (w *tab) mount(t *testing.T, id string, options map[string]any) {
	t.Helper()
	data, err := json.Marshal(options)
	require.NoError(t, err)
	w.is(t, "window.app")
	w.run(t, "app.mount(%q, %s)", id, data)
	if options["embedded"] == nil {
		w.is(t, "app.ready(%q)", id)
	}
}

// start makes a part of the application with a link token, and opens Link.
func (w *tab) start(t *testing.T, token string) {
	t.Helper()
	w.mount(t, "a", map[string]any{"token": token})
	w.run(t, "app.open('a')")
}

// again opens Link with a token that has just changed: a component may take a moment to make its new handler.
func (w *tab) again(t *testing.T) *overlay {
	t.Helper()
	w.is(t, "(app.open('a'), [...document.querySelectorAll('iframe')].some((f) => f.style.display !== 'none'))")
	return w.shown(t)
}

// callback is a call of one.
type callback struct {
	ID, Label, Name string
	Args            []json.RawMessage
}

// object reads an argument.
func (c callback) object(t *testing.T, n int) (object map[string]any) {
	t.Helper()
	require.Greater(t, len(c.Args), n)
	require.NoError(t, json.Unmarshal(c.Args[n], &object))
	return object
}

// all returns the calls so far of a callback, or of all without a name.
func (w *tab) all(t *testing.T, name string) (found []callback) {
	t.Helper()
	for _, c := range eval[[]callback](t, w.window, 0, "app.calls") {
		if name == "" || c.Name == name {
			found = append(found, c)
		}
	}
	return found
}

// wait waits for the only call of a callback.
func (w *tab) wait(t *testing.T, name string) callback {
	t.Helper()
	w.until(t, func() bool { return len(w.all(t, name)) > 0 }, func() string { return "no " + name })
	all := w.all(t, name)
	require.Len(t, all, 1)
	return all[0]
}

// events are what onEvent got: names, with the views.
func (w *tab) events(t *testing.T) (names []string) {
	t.Helper()
	for _, c := range w.all(t, "onEvent") {
		var name string
		require.NoError(t, json.Unmarshal(c.Args[0], &name))
		if view, ok := c.object(t, 1)["view_name"].(string); ok {
			name += " " + view
		}
		names = append(names, name)
	}
	return names
}
