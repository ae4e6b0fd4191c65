package sandbox

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInternedValuesAreKeptOnce(t *testing.T) {
	known := interned[string]{}
	first := known.keep([]any{"a", 1}, "one")
	require.Same(t, first, known.keep([]any{"a", 1}, "two"), "the form decides")
	require.Equal(t, "one", *first)
	require.NotSame(t, first, known.keep([]any{"a", 2}, "one"))
	bad := func() {} // has no JSON form
	require.NotSame(t, known.keep(bad, "x"), known.keep(bad, "y"))
	for n := range 3 * maxInterned {
		known.keep(n, "n")
		require.LessOrEqual(t, len(known), maxInterned)
	}
	require.Equal(t, "one", *first, "who has it keeps it")
}
