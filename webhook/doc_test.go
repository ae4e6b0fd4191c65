package webhook_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The lines that the page on production explains are those that the package writes.
func TestDocumentedLogLines(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "webhooks-in-production.md"))
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(page), "\n## The log\n")
	table, _, _ = strings.Cut(table, "\n## ")
	var sources strings.Builder
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			sources.Write(source)
		}
	}
	// What a format string fills in.
	filled := regexp.MustCompile(`Plaid-Verification|\b1048576\b|\b10s\b|found 0|…`)
	lines := 0
	for row := range strings.Lines(table) {
		if !strings.HasPrefix(row, "| `") {
			continue
		}
		cell, _, _ := strings.Cut(row[2:], " |")
		for _, line := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
			lines++
			for _, part := range filled.Split(line[1], -1) {
				require.Contains(t, sources.String(), strings.TrimRight(strings.TrimSpace(part), ":,"), line[1])
			}
		}
	}
	require.Greater(t, lines, 12)
}
