package main

import (
	"errors"
	"slices"
	"strings"
)

// listing is the API of a version: sorted lines, each a symbol, a space, and what is promised of it.
type listing struct {
	version string
	lines   []string
}

const (
	head  = "# The exported API of version "
	about = "\n# Written by `make api` at a release. A line that goes away is an incompatible change; see internal/tools/apicheck.\n"
)

func (l listing) marshal() []byte {
	return []byte(head + l.version + about + strings.Join(l.lines, "\n") + "\n")
}

func unmarshal(text string) (listing, error) {
	first, rest, _ := strings.Cut(text, "\n")
	version, ok := strings.CutPrefix(first, head)
	if !ok {
		return listing{}, errors.New("expected the first line to begin with " + head)
	}
	l := listing{version: version}
	for line := range strings.Lines(rest) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			l.lines = append(l.lines, line)
		}
	}
	if len(l.lines) == 0 || !slices.IsSorted(l.lines) {
		return listing{}, errors.New("expected sorted lines")
	}
	return l, nil
}

// What is promised beside types. The comparison knows these.
const (
	comparableStruct = "comparable"          // a struct, by ==
	implementable    = "implementable"       // an interface, by other packages
	interfaceMethod  = "interface method "   // with its type
	constraint       = "constraint "         // with its type set
	byValue          = "method of the value" // and not of the pointer alone
	typeInterface    = "type interface"      // its methods have lines of their own
)

type change struct{ symbol, text string }

type changes struct {
	broken []change
	added  []string
}

// compare finds what an importer of old would notice in now. Both are sorted.
func compare(old, now []string) (found changes) {
	has := func(lines []string, line string) bool {
		_, ok := slices.BinarySearch(lines, line)
		return ok
	}
	for _, line := range old {
		if !has(now, line) {
			symbol, _, _ := strings.Cut(line, " ")
			found.broken = append(found.broken, change{symbol, "- " + line})
		}
	}
	for _, line := range now {
		if has(old, line) {
			continue
		}
		symbol, promise, _ := strings.Cut(line, " ")
		owner := symbol[:strings.LastIndex(symbol, ".")]
		switch {
		case strings.HasPrefix(promise, interfaceMethod) && has(old, owner+" "+implementable),
			strings.HasPrefix(promise, constraint) && has(old, symbol+" "+typeInterface):
			found.broken = append(found.broken, change{symbol, "+ " + line})
		default:
			found.added = append(found.added, line)
		}
	}
	return found
}
