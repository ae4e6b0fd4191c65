package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// commandTime bounds each command; they take seconds.
const commandTime = 5 * time.Minute

// copyModule copies the module, without the modules nested in it, to a new temporary folder.
func copyModule(dir string) (string, error) {
	work, err := os.MkdirTemp("", "bump-")
	if err != nil {
		return "", err
	}
	err = filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		if entry.IsDir() {
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil || strings.HasPrefix(entry.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		below, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return put(work, below, data)
	})
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(work))
	}
	return work, nil
}

func put(dir, name string, data []byte) error {
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

func generate(ctx context.Context, dir string) error { return command(ctx, dir, "go", "generate", ".") }

// check compiles everything and runs the tests that hold the generated code against the specification.
func check(ctx context.Context, dir string) error {
	if err := command(ctx, dir, "go", "list", "-export", "-f", "", "./..."); err != nil { // go build would link every program too
		return err
	}
	tests, err := genTests(dir)
	if err != nil {
		return err
	}
	return command(ctx, dir, "go", "test", "-count", "1", "-run", "^("+strings.Join(tests, "|")+")$", ".")
}

// genTests are the tests of gen_test.go and its neighbors.
func genTests(dir string) (names []string, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "gen_*test.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
				names = append(names, fn.Name.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil, errors.New("expected tests in gen_*test.go")
	}
	return names, nil
}

// command runs a program in a folder; its output is the error's text.
func command(ctx context.Context, dir, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	// -trimpath, so that what is cached of one temporary folder serves the next.
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly -trimpath", "GOWORK=off")
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		text := strings.ReplaceAll(strings.TrimSpace(string(out)), dir+string(filepath.Separator), "")
		return fmt.Errorf("%s %s: %w\n%s", name, args[0], err, shorten(text))
	}
	return nil
}

// shorten keeps the first lines of a text.
func shorten(text string) string {
	const most = 40
	lines := strings.Split(text, "\n")
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("and %d lines more", len(lines)-most))
	}
	return strings.Join(lines, "\n")
}

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }
