package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/bench/rival"
)

// builder builds a minimal program with each client, in its own folder and with its own build cache.
type builder struct {
	root string // of the repository
	dir  string
	std  string // a build cache that has the standard library
}

func newBuilder(root, dir string) (*builder, error) {
	b := &builder{root, dir, filepath.Join(dir, "std")}
	// Compile the standard library once, for all programs.
	if err := b.prepare("floor"); err != nil {
		return nil, err
	}
	_, err := b.goTool("floor", b.std, "build", "-o", os.DevNull, "std")
	return b, err
}

// prepare writes the module of a program.
func (b *builder) prepare(name string) error {
	dir := filepath.Join(b.dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	source, err := os.ReadFile(filepath.Join(b.root, "internal/bench/testdata/programs", name, "main.go"))
	if err != nil {
		return err
	}
	mod := "module example.com/program\n\ngo 1.26\n"
	switch name {
	case "plaidlink":
		mod += fmt.Sprintf("\nrequire github.com/plaidlink/plaidlink-go v0.0.0\n\nreplace github.com/plaidlink/plaidlink-go => %s\n", b.root)
	case "plaid-go":
		mod += "\nrequire github.com/plaid/plaid-go/v20 v20.1.0\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), source, 0o644); err != nil {
		return err
	}
	_, err = b.goTool(name, b.std, "mod", "tidy")
	return err
}

func (b *builder) goTool(name, cache string, args ...string) (cost, error) {
	return command{filepath.Join(b.dir, name), []string{"GOCACHE=" + cache, "GOFLAGS="}, append([]string{"go"}, args...)}.run()
}

// round measures each program once.
func (b *builder) round(out io.Writer) error {
	for _, name := range rival.Names {
		if err := b.prepare(name); err != nil {
			return err
		}
		cache := filepath.Join(b.dir, "cache")
		if err := os.RemoveAll(cache); err != nil {
			return err
		}
		if err := os.CopyFS(cache, os.DirFS(b.std)); err != nil {
			return err
		}
		program := filepath.Join(b.dir, name, "program")
		source := filepath.Join(b.dir, name, "main.go")
		for _, step := range []struct {
			name string
			edit bool
			args []string
		}{
			{"Build/cold", false, []string{"build", "-o", program, "."}},
			{"Build/edit", true, []string{"build", "-o", program, "."}},
			{"Build/vet", false, []string{"vet", "."}},
			{"Build/vet-edit", true, []string{"vet", "."}},
		} {
			if step.edit {
				text, err := os.ReadFile(source)
				if err != nil {
					return err
				}
				text = append(bytes.TrimRight(text, "\n"), "\n\nvar _ = "+fmt.Sprintf("%q", step.name)+"\n"...)
				if err := os.WriteFile(source, text, 0o644); err != nil {
					return err
				}
			}
			spent, err := b.goTool(name, cache, step.args...)
			if err != nil {
				return err
			}
			io.WriteString(out, spent.line(step.name+"/client="+name))
		}
		if err := start(out, name, program); err != nil {
			return err
		}
	}
	return nil
}

// start measures a program that makes a client and exits.
func start(out io.Writer, name, program string) error {
	info, err := os.Stat(program)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "BenchmarkProgram/size/client=%s 1 %d B\n", name, info.Size())
	for range 10 {
		spent, err := command{"", nil, []string{program}}.run()
		if err != nil {
			return err
		}
		io.WriteString(out, spent.line("Program/start/client="+name))
		fmt.Fprintf(out, "BenchmarkProgram/memory/client=%s 1 %s B\n", name, bytes.TrimSpace(spent.output)) // as the program reports
	}
	return nil
}

// modules counts what a program's module requires, lists and downloads.
func (b *builder) modules(out io.Writer) error {
	for _, name := range rival.Names {
		dir := filepath.Join(b.dir, name)
		listed, err := b.goTool(name, b.std, "list", "-m", "all")
		if err != nil {
			return err
		}
		used, err := b.goTool(name, b.std, "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".")
		if err != nil {
			return err
		}
		linked := map[string]bool{}
		for _, path := range strings.Fields(string(used.output)) {
			linked[path] = true
		}
		sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		downloaded, generator, err := b.download(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "BenchmarkModules/client=%s 1 %d linked %d listed %d go.sum-lines %d downloaded %d generator\n",
			name, len(linked)-1, bytes.Count(listed.output, []byte("\n")), bytes.Count(sums, []byte("\n")), downloaded, generator)
	}
	return nil
}

// download loads a program into an empty module cache, from the modules that this machine has. It returns how many modules
// were downloaded, and how many of them belong to the generator.
func (b *builder) download(name string) (modules, generator int, err error) {
	env, err := command{b.root, nil, []string{"go", "env", "GOMODCACHE"}}.run()
	if err != nil {
		return 0, 0, err
	}
	fresh := filepath.Join(b.dir, "modules-"+name)
	_, err = command{filepath.Join(b.dir, name), []string{
		"GOMODCACHE=" + fresh, "GOPROXY=file://" + filepath.Join(strings.TrimSpace(string(env.output)), "cache/download"),
		"GOSUMDB=off", "GOFLAGS=-modcacherw", "GOCACHE=" + filepath.Join(b.dir, "cache"),
	}, []string{"go", "list", "-deps", "."}}.run()
	if err != nil {
		return 0, 0, err
	}
	zips, err := filepath.Glob(filepath.Join(fresh, "cache/download/*/*/*/@v/*.zip"))
	if err != nil {
		return 0, 0, err
	}
	deeper, err := filepath.Glob(filepath.Join(fresh, "cache/download/*/*/*/*/@v/*.zip"))
	if err != nil {
		return 0, 0, err
	}
	flat, err := filepath.Glob(filepath.Join(fresh, "cache/download/*/*/@v/*.zip"))
	for _, zip := range append(append(zips, deeper...), flat...) {
		modules++
		if strings.Contains(zip, "oapi-codegen") {
			generator++
		}
	}
	return modules, generator, err
}
