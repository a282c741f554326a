package cli

import (
	"errors"
	"fmt"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/domain/fault"
)

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
		out := &refusedError{file: file}
		out.count, _ = fault.Of(err).Details()["count"].(int)
		for _, v := range violations {
			line, _ := v.Details()["line"].(int)
			handle, _ := v.Details()["handle"].(string)
			column, _ := v.Details()["column"].(string)
			out.rejections = append(out.rejections, rejection{
				Line: line, Column: column, Code: v.Code(), Reason: fmt.Sprintf("%s: %s", handle, v.Message()),
			})
		}
		out.count = max(out.count, len(out.rejections))
		return out
	}
	return err
}
