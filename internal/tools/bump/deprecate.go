package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// deprecate marks the methods of the operations that the new file no longer has.
func (p *plan) deprecate(dir string) error {
	for _, c := range p.bumped.Carried {
		if c.Operation == "" || c.Renamed != "" {
			continue
		}
		generated, err := os.ReadFile(filepath.Join(dir, generatedFile))
		if err != nil {
			return err
		}
		line := regexp.MustCompile(`(?m)^\s*Operation(\w+)\s+= Operation\{"` + regexp.QuoteMeta(c.Operation) + `",`)
		variable := line.FindSubmatch(generated)
		if variable == nil {
			return fmt.Errorf("%s: expected a variable for the operation %q", generatedFile, c.Operation)
		}
		name := filepath.Join(dir, operationsFile)
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		reason := "Plaid's file no longer has the operation since version " + p.bumped.To + "."
		marked, err := markDeprecated(string(source), string(variable[1]), reason)
		if err != nil {
			return err
		}
		if marked != string(source) {
			p.marked = append(p.marked, string(variable[1]))
		}
		if err := os.WriteFile(name, []byte(marked), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// markDeprecated adds a paragraph to the comment of a method, unless it has one already.
func markDeprecated(source, method, reason string) (string, error) {
	head, tail, found := strings.Cut(source, "\nfunc (c *Client) "+method+"(")
	if !found {
		return "", fmt.Errorf("%s: expected a method %s", operationsFile, method)
	}
	comment := head[strings.LastIndex("\n"+head, "\n\n")+1:]
	if strings.Contains(comment, "// Deprecated: ") {
		return source, nil
	}
	return head + "\n//\n// Deprecated: " + reason + "\nfunc (c *Client) " + method + "(" + tail, nil
}
