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

	"github.com/plaidlink/plaidlink-go/internal/spec"
	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

var outputLine = regexp.MustCompile(`(?m)^output: .*$`)

// generate runs the generator as generate.go does, on what is composed and into a temporary folder.
func (b *bump) generate(ctx context.Context) (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "plaidlink-bump-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in := func(name string) string { return filepath.Join(dir, name) }
	config := outputLine.ReplaceAllLiteral(b.sources[configFile], []byte("output: "+in("code.go")))
	input, err := spec.ForGo(b.bumped.YAML, b.bumped.GoTypes)
	if err != nil {
		return nil, err
	}
	err = errors.Join(os.WriteFile(in("config.yaml"), config, 0o644), os.WriteFile(in("openapi.yaml"), input, 0o644))
	if err != nil {
		return nil, err
	}
	// Once ctx is done, what the go command has started ends too; its own folders are below this one.
	cmd := exec.CommandContext(ctx, "go", "tool", "oapi-codegen", "--config", in("config.yaml"), in("openapi.yaml"))
	cmd.Dir, cmd.Env, cmd.WaitDelay = b.root, append(goapi.Env(), "GOTMPDIR="+dir), time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", cmd, err, strings.TrimSpace(string(out)))
	}
	code, err := os.ReadFile(in("code.go"))
	if err != nil {
		return nil, err
	}
	index, err := spec.Index(code)
	return map[string][]byte{codeFile: code, indexFile: index}, err
}
