package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/semver"

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

// mayBreak returns why a version must not break an older one, or nil: it is the next minor version before 1.0.0, the next
// major version after.
func mayBreak(old, now string) error {
	switch a, b := "v"+old, "v"+now; {
	case now == "Unreleased":
		return nil
	case !goapi.IsVersion(old) || !goapi.IsVersion(now):
		return fmt.Errorf("versions %q and %q: expected three numbers each", old, now)
	case semver.Compare(semver.Major(b), semver.Major(a)) > 0:
		return nil
	case semver.Major(b) == "v0" && semver.Compare(semver.MajorMinor(b), semver.MajorMinor(a)) > 0:
		return nil
	}
	return fmt.Errorf("%s must not break %s: expected the next minor version before 1.0.0, the next major version after", now, old)
}

func TestMayBreak(t *testing.T) {
	for _, c := range []struct {
		old, now string
		ok       bool
	}{
		{"0.1.0", "0.2.0", true}, {"0.1.5", "0.1.6", false}, {"0.2.0", "0.1.9", false}, {"0.9.0", "1.0.0", true}, {"0.9.0", "0.10.0", true},
		{"1.0.0", "1.1.0", false}, {"1.4.0", "2.0.0", true}, {"2.0.0", "1.9.0", false}, {"1.0.0", "0.9.0", false},
		{"1.0.0", "Unreleased", true}, {"1.0.0", "2", false}, {"1.0.0", "2.0.0-rc.1", false},
	} {
		require.Equal(t, c.ok, mayBreak(c.old, c.now) == nil, "%s after %s", c.now, c.old)
	}
}
