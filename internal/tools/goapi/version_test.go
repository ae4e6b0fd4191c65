package goapi

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNext(t *testing.T) {
	patch, minor, major := Next("0.9.10")
	require.Equal(t, []string{"0.9.11", "0.10.0", "1.0.0"}, []string{patch, minor, major})
}
