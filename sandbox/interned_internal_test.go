package sandbox

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInternedValuesAreKeptOnce(t *testing.T) {
	known := interned[string]{}
	value := func(text string) func() *string { return func() *string { return &text } }
	first := known.keep("a", value("one"))
	require.Same(t, first, known.keep("a", value("two")), "the text decides")
	require.Equal(t, "one", *first)
	require.NotSame(t, first, known.keep("b", value("one")))
	for n := range 3 * maxInterned {
		known.keep(strconv.Itoa(n), value("n"))
		require.LessOrEqual(t, len(known), maxInterned)
	}
	require.Equal(t, "one", *first, "who has it keeps it")
}
