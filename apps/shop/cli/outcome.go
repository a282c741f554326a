package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// The exit codes. They are part of the public contract.
const (
	ExitDone        = 0   // Done.
	ExitFailed      = 1   // The database or the disk failed.
	ExitUsage       = 2   // A flag or setting is wrong.
	ExitFindings    = 3   // Finished, with rejected rows or findings.
	ExitRefused     = 4   // The input was refused and nothing was written.
	ExitInterrupted = 130 // Interrupted; run it again to go on.
)

// usageError is a flag, setting or argument that is wrong.
type usageError struct{ error }

// problemsError is all that is wrong with the values of settings.
type problemsError []error

// Error tells all of it.
func (e problemsError) Error() string { return errors.Join(e...).Error() }

// Unwrap gives them one by one.
func (e problemsError) Unwrap() []error { return e }

// declinedError is what was asked for and not done, because of what is there already.
type declinedError struct{ error }

// usagef makes a usageError.
func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// interruptedError is work that ended early because somebody asked for it.
type interruptedError struct{ error }

// interrupted tells of an error whether it only came because the context ended.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return interruptedError{err}
	}
	return err
}

// report turns the outcome of a command into words and a code.
func report(err error, p Process, s *sources) int {
	if err == nil {
		return ExitDone
	}
	code := ExitFailed
	var usage usageError
	var problems problemsError
	var refused *refusedError
	var stopped interruptedError
	var declined declinedError
	var findings *findingsError
	var rejected *rejectedError
	var half unlookedError
	switch {
	case errors.As(err, &problems), len(compose.SettingErrors(err)) > 0, errors.As(err, &usage):
		code = ExitUsage
	case errors.As(err, &refused), errors.As(err, &declined):
		code = ExitRefused
	case errors.As(err, &findings), errors.As(err, &rejected):
		code = ExitFindings
	case errors.As(err, &half):
		fmt.Fprintln(p.Stderr, "shop: interrupted:", oneLine(err))
		return ExitInterrupted
	case errors.As(err, &stopped):
		fmt.Fprintln(p.Stderr, "shop: interrupted; run it again to go on:", oneLine(err))
		return ExitInterrupted
	}
	for _, line := range s.refused(err) {
		fmt.Fprintln(p.Stderr, "shop:", line)
	}
	return code
}

// oneLine is an error's text on one line; a database that has two addresses tells the same of each.
func oneLine(err error) string {
	var parts []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(parts, line) {
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, " ")
}
