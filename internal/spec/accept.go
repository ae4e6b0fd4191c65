package spec

import (
	"errors"
	"fmt"
	"strings"
)

// Accept leaves out the problems of [CheckFacts] that a list names, a line each: a newer version of the publisher's file
// has caused them. It returns their number, and the other problems. A line of the list that is not a problem is one.
func Accept(err error, list Source) (int, error) {
	var found, rest Problems
	if err != nil && !errors.As(err, &found) {
		return 0, err
	}
	lines := map[string]int{}
	for i, line := range strings.Split(string(list.Data), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			lines[line] = i + 1
		}
	}
	count := 0
	for _, p := range found {
		if _, ok := lines[p.String()]; ok {
			delete(lines, p.String())
			count++
		} else {
			rest = append(rest, p)
		}
	}
	for _, line := range sorted(lines) {
		rest.add(NoEffect, fmt.Sprintf("%s:%d", list.Name, lines[line]), "the facts hold here by now: delete the line")
	}
	return count, rest.err()
}
