package e2e_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// missing ends a test that needs a program which is not installed: in CI the test fails, elsewhere it is skipped.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		require.FailNow(t, what)
	}
	t.Skip(what)
}

// needNode makes sure that Node and the packages of the programs in a folder are installed.
func needNode(t *testing.T, folder string) {
	t.Helper()
	const what = "needs Node 18.20.1 or later with npm: install it from nodejs.org, or with `apt-get install nodejs npm`"
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	version, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil || !atLeast(string(version), 18, 20, 1) {
		missing(t, what)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		missing(t, what)
	}
	require.NoError(t, packages[folder]())
}

// atLeast reports whether a version such as v18.20.4 is want or later.
func atLeast(version string, want ...int) bool {
	parts := strings.Split(strings.TrimPrefix(strings.TrimSpace(version), "v"), ".")
	for i, least := range want {
		have := 0
		if i < len(parts) {
			have, _ = strconv.Atoi(parts[i]) // what is not a number is 0, which is less
		}
		if have != least {
			return have > least
		}
	}
	return true
}

func TestVersionsAreCompared(t *testing.T) {
	for version, want := range map[string]bool{
		"v18.20.1\n": true, "v18.20.4": true, "v18.21.0": true, "v20.0.0": true, "v100.0.0": true,
		"v18.20.0": false, "v18.19.9": false, "v9.99.9": false, "v18": false, "": false,
	} {
		require.Equal(t, want, atLeast(version, 18, 20, 1), version)
	}
}

// packages install the packages of a folder's package-lock.json, once, unless they are installed already.
var packages = map[string]func() error{
	"node": sync.OnceValue(func() error { return install("node") }),
	"web":  sync.OnceValue(func() error { return install("web") }),
}

func install(folder string) error {
	installed := filepath.Join(folder, "node_modules", ".installed") // the sum of what was installed
	sum := sha256.New()
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		sum.Write(data)
	}
	want := []byte(hex.EncodeToString(sum.Sum(nil)))
	have, err := os.ReadFile(installed)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || bytes.Equal(have, want) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = folder
	npm.WaitDelay = 5 * time.Second
	if out, err := npm.CombinedOutput(); err != nil {
		return errors.New("npm ci: " + err.Error() + ": " + string(out))
	}
	return os.WriteFile(installed, want, 0o644)
}
