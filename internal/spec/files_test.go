package spec_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// What cannot be written whole leaves every file as it was, and nothing beside them.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	require.NoError(t, os.WriteFile(good, []byte("old"), 0o600))
	begun, err := spec.Replace(dir, map[string][]byte{"good": []byte("new"), "lost/file": nil})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.False(t, begun)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	data, err := os.ReadFile(good)
	require.NoError(t, err)
	require.Equal(t, "old", string(data))

	begun, err = spec.Replace(dir, map[string][]byte{"good": []byte("new"), "more": nil})
	require.NoError(t, err)
	require.True(t, begun)
	entries, err = os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	data, err = os.ReadFile(good)
	require.NoError(t, err)
	require.Equal(t, "new", string(data))

	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o755))
	begun, err = spec.Replace(dir, map[string][]byte{"folder": nil})
	require.Error(t, err)
	require.True(t, begun, "which a caller cannot know to be the first")
	entries, err = os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 3)
}
