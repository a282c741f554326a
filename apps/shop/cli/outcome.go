package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/fault"
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

// rejection is one reason why a file was refused.
type rejection struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// String is the rejection as one line of text.
func (r rejection) String() string {
	if r.Column == "" {
		return fmt.Sprintf("line %d: %s (%s)", r.Line, r.Reason, r.Code)
	}
	return fmt.Sprintf("line %d, column %q: %s (%s)", r.Line, r.Column, r.Reason, r.Code)
}

// refusedError is a file that was refused whole.
type refusedError struct {
	file       string
	rejections []rejection // At least one; the first of them.
	count      int         // Of all.
}

// Error tells the first reason.
func (e *refusedError) Error() string {
	if e.count == 1 {
		return fmt.Sprintf("%s is refused and nothing was written: %s", e.file, e.rejections[0])
	}
	return fmt.Sprintf("%s is refused and nothing was written, for %d reasons; the first: %s", e.file, e.count, e.rejections[0])
}

// more tells how many reasons are not listed.
func (e *refusedError) more() int { return e.count - len(e.rejections) }

// refusal makes the errors by which a file of products is refused a *refusedError, and leaves others as they are.
func refusal(file string, err error) error {
	var broken *exchange.FileError
	switch {
	case errors.As(err, &broken):
		out := &refusedError{file: file, count: broken.Count}
		for _, r := range broken.Rejections {
			out.rejections = append(out.rejections, rejection(r))
		}
		return out
	case fault.Is(err, bridge.ImportRefused):
		violations := fault.Of(err).Violations()
		out := &refusedError{file: file, count: len(violations)}
		for _, v := range violations[:min(len(violations), exchange.ListMax)] {
			line, _ := v.Details()["line"].(int)
			handle, _ := v.Details()["handle"].(string)
			out.rejections = append(out.rejections, rejection{
				Line: line, Code: v.Code(), Reason: fmt.Sprintf("product %s: %s", handle, v.Message()),
			})
		}
		return out
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
	switch {
	case errors.As(err, &problems), len(compose.SettingErrors(err)) > 0, errors.As(err, &usage):
		code = ExitUsage
	case errors.As(err, &refused), errors.As(err, &declined):
		code = ExitRefused
	case errors.As(err, &findings):
		code = ExitFindings
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
