package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// oasdiff finds nothing in a comparison with an empty document, which would pass for no change.
func TestWireComparesNoEmptyDocument(t *testing.T) {
	composed := begin(t).composed
	empty := []byte("openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths: {}\n")
	_, err := wireChanges(empty, composed)
	require.ErrorContains(t, err, "the old document has no operations")
	_, err = wireChanges(composed, empty)
	require.ErrorContains(t, err, "the new document has no operations")
	_, err = wireChanges([]byte("a"), composed)
	require.ErrorContains(t, err, "load the old document")
	found, err := wireChanges(composed, composed)
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestSeverityLevels(t *testing.T) {
	levels, err := severityLevels(severity)
	require.NoError(t, err)
	require.NotEmpty(t, levels)
	_, err = severityLevels([]byte("no-such-rule info\n"))
	require.ErrorContains(t, err, "no-such-rule")
}

func TestNextVersion(t *testing.T) {
	in := begin(t)
	for _, c := range []struct {
		name, version string
		api           apiReport
		marked        []string
		want          step
	}{
		{"a break before 1.0.0", "0.1.3", apiReport{breaking: []string{"a"}}, nil, step{"major", "0.2.0", "1 change breaks programs that compile today; before 1.0.0 that is a minor version"}},
		{"a break", "1.2.3", apiReport{breaking: []string{"a", "b"}, compatible: []string{"c"}}, nil, step{"major", "2.0.0", "2 changes break programs that compile today"}},
		{"an addition", "1.2.3", apiReport{compatible: []string{"a"}}, nil, step{"minor", "1.3.0", "1 addition to the Go API, and nothing breaks"}},
		{"a deprecated method", "1.2.3", apiReport{}, []string{"A"}, step{"minor", "1.3.0", "a method is deprecated"}},
		{"a text", "1.2.3", apiReport{}, nil, step{"patch", "1.2.4", "the Go API is the same; texts, limits or examples changed"}},
	} {
		p, err := in.plan(in.family)
		require.NoError(t, err)
		p.version, p.api, p.marked = c.version, &c.api, c.marked
		require.Equal(t, c.want, p.step(), c.name)
	}
}

func TestMarkDeprecated(t *testing.T) {
	const source = "package p\n\n// A does.\nfunc (c *Client) A() {}\n\n// B does.\nfunc (c *Client) B() {}\n"
	marked, err := markDeprecated(source, "B", "Gone.")
	require.NoError(t, err)
	require.Equal(t, "package p\n\n// A does.\nfunc (c *Client) A() {}\n\n// B does.\n//\n// Deprecated: Gone.\nfunc (c *Client) B() {}\n", marked)
	again, err := markDeprecated(marked, "B", "Gone since.")
	require.NoError(t, err)
	require.Equal(t, marked, again, "once is enough")
	_, err = markDeprecated(source, "C", "Gone.")
	require.ErrorContains(t, err, "expected a method C")
}
