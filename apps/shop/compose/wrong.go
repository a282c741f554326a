package compose

import (
	"errors"
	"fmt"
)

// SettingError is a setting that is wrong: which flag, and the rule that its value breaks.
type SettingError struct {
	Name string // The flag, with its dashes.
	Rule string // What is wrong, or what is right, in a few words; never a value that may be secret.
}

// Error is one line for an operator.
func (e *SettingError) Error() string { return fmt.Sprintf("setting %s: %s", e.Name, e.Rule) }

// wrong makes a SettingError.
func wrong(name, rule string) error { return &SettingError{Name: name, Rule: rule} }

// SettingErrors gives every setting that an error tells of, each once, in the order in which they were found; a start
// is refused for all of them at once, so that nobody mends one after the other.
func SettingErrors(err error) []*SettingError {
	var out []*SettingError
	seen := map[SettingError]bool{}
	var walk func(error)
	walk = func(err error) {
		if found, ok := err.(*SettingError); ok { //nolint:errorlint // The tree is walked here.
			if !seen[*found] {
				seen[*found] = true
				out = append(out, found)
			}
			return
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range many.Unwrap() {
				walk(e)
			}
			return
		}
		if inner := errors.Unwrap(err); inner != nil {
			walk(inner)
		}
	}
	walk(err)
	return out
}
