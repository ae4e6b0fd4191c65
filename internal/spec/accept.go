package spec

import (
	"errors"
	"slices"
	"strings"
)

// Accept leaves out the problems of [CheckFacts] that a list names, a line each: a newer version of the publisher's file
// has caused them. It returns their number, and the other problems.
func Accept(err error, list Source) (int, error) {
	var found, rest Problems
	if err != nil && !errors.As(err, &found) {
		return 0, err
	}
	count, lines := 0, strings.Split(string(list.Data), "\n")
	for _, p := range found {
		if slices.Contains(lines, p.String()) {
			count++
		} else {
			rest = append(rest, p)
		}
	}
	return count, rest.err()
}
