package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

var (
	outputLine  = regexp.MustCompile(`(?m)^output: .*$`)
	overlayPath = regexp.MustCompile(`(?m)^    path: api/go\.yaml$`)
)

// generate runs the generator as generate.go does, on what is composed and into a temporary folder.
func (b *bump) generate(ctx context.Context) (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "plaidlink-bump-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in := func(name string) string { return filepath.Join(dir, name) }
	config := outputLine.ReplaceAllLiteral(b.sources[configFile], []byte("output: "+in("code.go")))
	config = overlayPath.ReplaceAllLiteral(config, []byte("    path: "+in("go.yaml")))
	err = errors.Join(os.WriteFile(in("config.yaml"), config, 0o644), os.WriteFile(in("openapi.yaml"), b.bumped.YAML, 0o644),
		os.WriteFile(in("go.yaml"), b.bumped.GoTypes.Data, 0o644))
	if err != nil {
		return nil, err
	}
	if err := b.command(ctx, "go", "tool", "oapi-codegen", "--config", in("config.yaml"), in("openapi.yaml")); err != nil {
		return nil, err
	}
	code, err := os.ReadFile(in("code.go"))
	return map[string][]byte{codeFile: code}, err
}

// command runs a program in the repository; its output is the error's text. Once ctx is done, what it has started ends too.
func (b *bump) command(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = b.root, goapi.Env(), time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(append([]string{name}, args...), " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
