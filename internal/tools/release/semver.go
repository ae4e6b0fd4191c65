package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// semver is a version without a suffix, such as a release has.
type semver [3]int

var form = regexp.MustCompile(`^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$`)

func parse(text string) (v semver, err error) {
	numbers := form.FindStringSubmatch(text)
	if numbers == nil {
		return v, fmt.Errorf("version %q: expected three numbers, such as 0.2.0", text)
	}
	for i := range v {
		v[i], _ = strconv.Atoi(numbers[i+1]) // the form has checked it
	}
	return v, nil
}

func (v semver) String() string { return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]) }

// next are the versions that may follow.
func (v semver) next() []semver {
	return []semver{{v[0], v[1], v[2] + 1}, {v[0], v[1] + 1, 0}, {v[0] + 1, 0, 0}}
}

// follows says why a version is not the next one after the tags of a repository, or nil. Tags of another form are no releases.
func (v semver) follows(tags []string) error {
	newest, found := semver{}, false
	for _, tag := range tags {
		if other, err := parse(strings.TrimPrefix(tag, "v")); err == nil && (!found || slices.Compare(other[:], newest[:]) > 0) {
			newest, found = other, true
		}
	}
	switch {
	case !found:
		return nil
	case slices.Contains(tags, "v"+v.String()):
		return fmt.Errorf("the tag v%s exists already", v)
	case !slices.Contains(newest.next(), v):
		return fmt.Errorf("expected one of %v after the tag v%s", newest.next(), newest)
	}
	return nil
}
