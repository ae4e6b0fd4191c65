package goapi

import (
	"fmt"

	"golang.org/x/mod/semver"
)

// IsVersion reports whether a text is the version of a release, such as 0.2.0.
func IsVersion(text string) bool {
	v := "v" + text
	return semver.Canonical(v) == v && semver.Prerelease(v) == ""
}

// Next returns the versions that may follow one: the next patch, minor and major version.
func Next(version string) (patch, minor, major string) {
	var a, b, c int
	fmt.Sscanf(version, "%d.%d.%d", &a, &b, &c)
	return fmt.Sprintf("%d.%d.%d", a, b, c+1), fmt.Sprintf("%d.%d.0", a, b+1), fmt.Sprintf("%d.0.0", a+1)
}

// MayBreak returns why a version must not break an older one, or nil: it is the next minor version before 1.0.0, the next
// major version after.
func MayBreak(old, now string) error {
	switch a, b := "v"+old, "v"+now; {
	case now == "Unreleased":
		return nil
	case !IsVersion(old) || !IsVersion(now):
		return fmt.Errorf("versions %q and %q: expected three numbers each", old, now)
	case semver.Compare(semver.Major(b), semver.Major(a)) > 0:
		return nil
	case semver.Major(b) == "v0" && semver.Compare(semver.MajorMinor(b), semver.MajorMinor(a)) > 0:
		return nil
	}
	return fmt.Errorf("%s must not break %s: expected the next minor version before 1.0.0, the next major version after", now, old)
}
