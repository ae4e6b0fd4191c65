// Package option makes the options of the packages that people import out of what they accept and what they set.
package option

import "fmt"

// Checked returns an option that sets something, or where what it was given is not valid, returns an error of that text.
func Checked[T any](valid bool, set func(*T), format string, args ...any) func(*T) error {
	return func(target *T) error {
		if !valid {
			return fmt.Errorf(format, args...)
		}
		set(target)
		return nil
	}
}
