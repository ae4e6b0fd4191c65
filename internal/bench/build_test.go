package bench

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// scratchDir is the environment variable with the folder that the rounds of make bench share, so that they compile the standard
// library once.
const scratchDir = "BENCH_SCRATCH"

func scratch(b *testing.B) string {
	if dir := os.Getenv(scratchDir); dir != "" {
		return dir
	}
	return b.TempDir()
}

// program is a minimal program that uses a client, in a module of its own.
type program struct{ name, dir, source, binary string }

func newProgram(b *testing.B, dir, name string) program {
	root, err := filepath.Abs("../..")
	require.NoError(b, err)
	source, err := os.ReadFile(filepath.Join("testdata/programs", name, "main.go"))
	require.NoError(b, err)
	mod := "module example.com/program\n\ngo 1.26\n"
	switch name {
	case "plaidlink":
		mod += "\nrequire github.com/plaidlink/plaidlink-go v0.0.0\n\nreplace github.com/plaidlink/plaidlink-go => " + root + "\n"
	case "plaid-go":
		mod += "\nrequire github.com/plaid/plaid-go/v20 v20.1.0\n"
	}
	dir = filepath.Join(dir, name)
	p := program{name, dir, filepath.Join(dir, "main.go"), filepath.Join(dir, "program")}
	require.NoError(b, os.MkdirAll(dir, 0o755))
	require.NoError(b, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644))
	require.NoError(b, os.WriteFile(p.source, source, 0o644))
	p.goTool("mod", "tidy").output(b)
	return p
}

// goTool is a command of Go in the program's module.
func (p program) goTool(args ...string) command {
	return command{p.dir, []string{"GOFLAGS="}, append([]string{"go"}, args...)}
}

// edit adds a line to the program.
func (p program) edit(b *testing.B, line string) {
	text, err := os.ReadFile(p.source)
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(p.source, append(text, "\n"+line+"\n"...), 0o644))
}

// BenchmarkBuild builds a minimal program with each client, with a build cache that has only the standard library. After that it
// builds programs with a package of plaidgen's, which has more operations.
func BenchmarkBuild(b *testing.B) {
	dir := scratch(b)
	std, cache := filepath.Join(dir, "std"), filepath.Join(dir, "cache")
	command{dir, []string{"GOFLAGS=", "GOCACHE=" + std}, []string{"go", "build", "-o", os.DevNull, "std"}}.output(b)
	cold := map[string]cost{}
	for _, name := range names {
		p := newProgram(b, dir, name)
		require.NoError(b, os.RemoveAll(cache))
		require.NoError(b, os.CopyFS(cache, os.DirFS(std)))
		for _, step := range []struct {
			name string
			edit bool
			args []string
		}{
			{"cold", false, []string{"build", "-o", p.binary, "."}},
			{"edit", true, []string{"build", "-o", p.binary, "."}},
			{"vet", false, []string{"vet", "."}},
			{"vet-edit", true, []string{"vet", "."}},
		} {
			if step.edit {
				p.edit(b, "var _ = "+strconv.Quote(step.name))
			}
			b.Run(step.name+"/client="+name, func(b *testing.B) {
				run := p.goTool(step.args...)
				run.env = append(run.env, "GOCACHE="+cache)
				if spent := run.measure(b); step.name == "cold" {
					cold[name] = spent
				}
			})
		}
	}
	for _, s := range packages {
		b.Run("ops="+s.name, func(b *testing.B) { s.build(b, dir, cold) })
	}
}

// BenchmarkProgram starts a program that makes a client and exits.
func BenchmarkProgram(b *testing.B) {
	dir := scratch(b)
	for _, name := range names {
		start := command{"", nil, []string{filepath.Join(dir, name, "program")}}
		if _, err := os.Stat(start.args[0]); err != nil { // it is built already after BenchmarkBuild in the same folder
			newProgram(b, dir, name).goTool("build", "-o", "program", ".").output(b)
		}
		b.Run("size/client="+name, func(b *testing.B) {
			info, err := os.Stat(start.args[0])
			require.NoError(b, err)
			b.ReportMetric(float64(info.Size()), "B")
		})
		var printed []byte
		b.Run("start/client="+name, func(b *testing.B) { printed = start.measure(b).output })
		b.Run("memory/client="+name, func(b *testing.B) {
			memory, err := strconv.ParseFloat(string(bytes.TrimSpace(printed)), 64) // as the program reports
			require.NoError(b, err)
			b.ReportMetric(memory, "B")
		})
	}
}

// BenchmarkModules counts what a program's module requires, lists and downloads.
func BenchmarkModules(b *testing.B) {
	for _, name := range names {
		b.Run("client="+name, func(b *testing.B) {
			p := newProgram(b, b.TempDir(), name)
			linked := map[string]bool{}
			used := p.goTool("list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".").output(b)
			for path := range strings.FieldsSeq(string(used)) {
				linked[path] = true
			}
			listed := p.goTool("list", "-m", "all").output(b)
			sums, err := os.ReadFile(filepath.Join(p.dir, "go.sum"))
			if !os.IsNotExist(err) { // which is that of a program without modules
				require.NoError(b, err)
			}
			downloaded, generator := p.download(b)
			for unit, count := range map[string]int{
				"linked": len(linked) - 1, "listed": bytes.Count(listed, []byte("\n")), "go.sum-lines": bytes.Count(sums, []byte("\n")),
				"downloaded": downloaded, "generator": generator,
			} {
				b.ReportMetric(float64(count), unit)
			}
		})
	}
}

// download loads a program into an empty module cache, from the modules that this machine has. It returns how many modules
// were downloaded, and how many of them belong to the generator.
func (p program) download(b *testing.B) (modules, generator int) {
	have := strings.TrimSpace(string(p.goTool("env", "GOMODCACHE").output(b)))
	fresh := filepath.Join(p.dir, "modules")
	list := p.goTool("list", "-deps", ".")
	list.env = []string{"GOMODCACHE=" + fresh, "GOPROXY=file://" + filepath.Join(have, "cache/download"), "GOSUMDB=off", "GOFLAGS=-modcacherw"}
	list.output(b)
	if _, err := os.Stat(fresh); os.IsNotExist(err) {
		return 0, 0
	}
	require.NoError(b, filepath.WalkDir(fresh, func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".zip" {
			modules++
			if strings.Contains(path, "oapi-codegen") {
				generator++
			}
		}
		return err
	}))
	return modules, generator
}
