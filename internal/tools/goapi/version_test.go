package goapi

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMayBreak(t *testing.T) {
	for _, c := range []struct {
		old, now string
		ok       bool
	}{
		{"0.1.0", "0.2.0", true}, {"0.1.5", "0.1.6", false}, {"0.2.0", "0.1.9", false}, {"0.9.0", "1.0.0", true}, {"0.9.0", "0.10.0", true},
		{"1.0.0", "1.1.0", false}, {"1.4.0", "2.0.0", true}, {"2.0.0", "1.9.0", false}, {"1.0.0", "0.9.0", false},
		{"1.0.0", "Unreleased", true}, {"1.0.0", "2", false}, {"1.0.0", "2.0.0-rc.1", false},
	} {
		require.Equal(t, c.ok, MayBreak(c.old, c.now) == nil, "%s after %s", c.now, c.old)
	}
}

func TestNext(t *testing.T) {
	patch, minor, major := Next("0.9.10")
	require.Equal(t, []string{"0.9.11", "0.10.0", "1.0.0"}, []string{patch, minor, major})
}
