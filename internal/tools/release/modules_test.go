package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is released is watched: Dependabot's configuration lists every folder that has dependencies.
func TestDependabotKnowsEveryModule(t *testing.T) {
	const root = "../../.."
	config, err := os.ReadFile(root + "/.github/dependabot.yml")
	require.NoError(t, err)
	var listed, found []string
	for _, m := range regexp.MustCompile(`(?m)^      - (/.*)$`).FindAllStringSubmatch(string(config), -1) {
		listed = append(listed, m[1])
	}
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{"node_modules", "testdata", ".git"}, entry.Name()):
			return filepath.SkipDir
		case entry.Name() == "go.mod" || entry.Name() == "package.json" || entry.Name() == "workflows":
			folder, err := filepath.Rel(root, filepath.Dir(name))
			if err != nil {
				return err
			}
			if folder == ".github" {
				folder = "." // where Dependabot looks for workflows
			}
			found = append(found, path.Join("/", filepath.ToSlash(folder)))
		}
		return nil
	})
	require.NoError(t, err)
	require.ElementsMatch(t, found, listed)
}
