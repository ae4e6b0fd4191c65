package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
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

// announces says why a break of a symbol is not announced, or nil. A type stands for its fields and methods.
func (s section) announces(symbol, recorded string) error {
	if s.version == recorded {
		return fmt.Errorf("%s is the version recorded: if it is not released yet, run `make api`; else begin a section of CHANGELOG.md for the next version", recorded)
	}
	if err := mayBreak(recorded, s.version); err != nil {
		return err
	}
	for _, name := range s.named {
		if symbol == name || strings.Count(name, ".") > 0 && strings.HasPrefix(symbol, name+".") {
			return nil
		}
	}
	return fmt.Errorf("expected an item of section %s of CHANGELOG.md: - Breaking: `%s` …", s.version, symbol)
}

// mayBreak says whether a version may break another: the next minor before 1.0.0, the next major after.
func mayBreak(old, now string) error {
	if now == "Unreleased" {
		return nil
	}
	was, err := parse(old)
	if err != nil {
		return err
	}
	is, err := parse(now)
	if err != nil {
		return err
	}
	if is[0] > was[0] || is[0] == 0 && was[0] == 0 && is[1] > was[1] {
		return nil
	}
	return fmt.Errorf("%s may not break %s: expected the next minor version before 1.0.0, the next major version after", now, old)
}

func parse(version string) (numbers [3]int, err error) {
	parts := strings.Split(version, ".")
	if len(parts) != 3 {
		return numbers, fmt.Errorf("version %q: expected three numbers", version)
	}
	for i, part := range parts {
		if numbers[i], err = strconv.Atoi(part); err != nil {
			return numbers, fmt.Errorf("version %q: expected three numbers", version)
		}
	}
	return numbers, nil
}
