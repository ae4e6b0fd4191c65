package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// versionSymbol is the constant whose value changes with every release; it is recorded without.
const versionSymbol = "plaidlink.Version"

// private packages are not for importers.
var private = regexp.MustCompile("/(internal|examples)/")

// load lists the API of the public packages of the module in a folder. The compiler of the same Go reads them, so that
// nothing but Go is needed; what is listed does not depend on its version.
func load(root string) (listing, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Name,Export,Module", "./...")
	cmd.Dir = root
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return listing{}, fmt.Errorf("go list: %w: %s", err, problems.String())
	}
	exports := map[string]string{}
	l := &lister{}
	var public []string
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg struct {
			ImportPath, Name, Export string
			Module                   *struct {
				Path string
				Main bool
			}
		}
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return listing{}, err
		}
		exports[pkg.ImportPath] = pkg.Export
		if pkg.Module != nil && pkg.Module.Main {
			l.module = pkg.Module.Path
			if pkg.Export != "" && pkg.Name != "main" && !private.MatchString(pkg.ImportPath+"/") {
				public = append(public, pkg.ImportPath)
			}
		}
	}
	read := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	for _, path := range public {
		pkg, err := read.Import(path)
		if err != nil {
			return listing{}, err
		}
		l.list(pkg)
	}
	if len(l.hidden) > 0 {
		return listing{}, fmt.Errorf("a type that importers cannot name stands in the API:\n%s", strings.Join(l.hidden, "\n"))
	}
	if l.version == "" {
		return listing{}, errors.New("expected the constant " + versionSymbol)
	}
	slices.Sort(l.lines)
	return listing{version: l.version, lines: slices.Compact(l.lines)}, nil
}

func (l *lister) constant(symbol string, c *types.Const) {
	value := c.Val().ExactString()
	if symbol == versionSymbol {
		l.version, value = constant.StringVal(c.Val()), "…"
	}
	l.add(symbol, "const "+l.text(c.Type())+" = "+value)
}
