package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// shownMax is how much of a wrong value a message repeats.
const shownMax = 60

// explain tells of a setting that is wrong where its value came from.
func (s *sources) explain(err *compose.SettingError) string {
	o, found := s.origins[strings.TrimPrefix(err.Name, "--")]
	switch {
	case !found:
		return err.Error()
	case o.value == "":
		return fmt.Sprintf("%s (set by %s)", err, o.from)
	}
	value := []rune(o.value)
	if len(value) > shownMax {
		value = append(value[:shownMax], '…')
	}
	return fmt.Sprintf("%s (set by %s to %q)", err, o.from, string(value))
}

// refused are the lines that tell of an error: one for each setting or file in it that is wrong, or one for all of it.
func (s *sources) refused(err error) []string {
	var problems problemsError
	if errors.As(err, &problems) {
		var out []string
		for _, problem := range problems {
			out = append(out, s.refused(problem)...)
		}
		return out
	}
	settings := compose.SettingErrors(err)
	if len(settings) == 0 {
		return []string{oneLine(err)}
	}
	var out []string
	for _, wrong := range settings {
		out = append(out, strings.Join(strings.Fields(s.explain(wrong)), " "))
	}
	return out
}

// checker is a command that can judge its settings without doing anything.
type checker interface{ check() error }

// check gives what is wrong with the values that were read and, of those that could be read, with what the command
// would say of them; nothing when the command may run.
func (s *sources) check(ctx *kong.Context) problemsError {
	if len(s.problems) == 0 {
		return nil
	}
	found := problemsError(slices.Clone(s.problems))
	unread := map[string]bool{}
	for _, wrong := range compose.SettingErrors(found) {
		unread[wrong.Name] = true
	}
	if node := ctx.Selected(); node != nil && node.Target.CanAddr() {
		if c, ok := node.Target.Addr().Interface().(checker); ok {
			for _, wrong := range compose.SettingErrors(c.check()) {
				if !unread[wrong.Name] {
					found = append(found, wrong)
				}
			}
		}
	}
	return found
}
