package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

// section is a part of the changelog, with the symbols that its breaking items name.
type section struct {
	version string // or Unreleased
	named   []string
}

var inBackticks = regexp.MustCompile("`([^`]+)`")

// newest reads the first section.
func newest(changelog string) (s section) {
	_, rest, _ := strings.Cut(changelog, "\n## ")
	rest, _, _ = strings.Cut(rest, "\n## ")
	title, body, _ := strings.Cut(rest, "\n")
	s.version = strings.TrimSpace(title)
	for _, item := range strings.Split("\n"+body, "\n- ")[1:] {
		if text, ok := strings.CutPrefix(item, "Breaking: "); ok {
			for _, name := range inBackticks.FindAllStringSubmatch(text, -1) {
				s.named = append(s.named, name[1])
			}
		}
	}
	return s
}

// announces returns why a break of a symbol is not announced, or nil. A type stands for its fields and methods.
func (s section) announces(symbol, recorded string) error {
	if s.version == recorded {
		return fmt.Errorf("%s is the version recorded: if it is not released yet, run `make api`; else begin a section of CHANGELOG.md for the next version", recorded)
	}
	if err := goapi.MayBreak(recorded, s.version); err != nil {
		return err
	}
	for _, name := range s.named {
		if symbol == name || strings.Count(name, ".") > 0 && strings.HasPrefix(symbol, name+".") {
			return nil
		}
	}
	return fmt.Errorf("expected an item of section %s of CHANGELOG.md: - Breaking: `%s` …", s.version, symbol)
}
