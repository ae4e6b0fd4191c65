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
