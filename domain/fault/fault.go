// Package fault is the one error shape of the toolkit.
//
// An error that leaves a context answers three questions: what a machine should do (Kind), which case it is
// (a stable code, such as "out_of_stock"), and what a person may read (a public message, the field it is
// about, details). Everything else, the cause above all, is for logs and stays out of Message.
//
// A package declares its cases once, as values:
//
//	var OutOfStock = fault.Define(fault.Conflict, "out_of_stock", "Not enough stock for a line.")
//
// and makes errors from them:
//
//	return OutOfStock.New("only 3 left").At("lines[0].quantity").With("available", 3)
//
// Callers act on kinds and codes, never on messages:
//
//	if fault.Is(err, ordering.OutOfStock) { … }
//
// All values are immutable and safe for concurrent use.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Class is one documented error case: its kind, its stable code and what it means.
// Codes are part of the public contract; docs/errors.md lists them all.
type Class struct {
	kind    Kind
	code    string
	meaning string
}

// Define declares an error case. Code is snake_case and unique in the toolkit; meaning is one sentence for docs.
func Define(kind Kind, code, meaning string) Class {
	return Class{kind: kind, code: code, meaning: meaning}
}

// Kind tells how to react.
func (c Class) Kind() Kind { return c.kind }

// Code is the stable machine-readable name.
func (c Class) Code() string { return c.code }

// Meaning is the sentence that stands in docs/errors.md.
func (c Class) Meaning() string { return c.meaning }

// New makes an error of this case. The message is public: name the rule and what to do, never an internal.
func (c Class) New(message string) *Error {
	return &Error{class: c, message: message}
}

// Newf is New with formatting; %w is not supported, use Because.
func (c Class) Newf(format string, args ...any) *Error {
	return c.New(fmt.Sprintf(format, args...))
}

// Error is an error of one Class. Make it with Class.New; the methods that add to it return a copy.
type Error struct {
	class      Class
	message    string
	field      string
	details    map[string]any
	violations []*Error
	cause      error
}

// Kind tells how to react.
func (e *Error) Kind() Kind { return e.class.kind }

// Code is the stable machine-readable name of the case.
func (e *Error) Code() string { return e.class.code }

// Class is the case this error belongs to.
func (e *Error) Class() Class { return e.class }

// Message is the sentence a person may read.
func (e *Error) Message() string { return e.message }

// Field is the path of the input the error is about, such as "lines[0].quantity", or "".
func (e *Error) Field() string { return e.field }

// Details are further facts by name, such as sku and available. The map is a copy.
func (e *Error) Details() map[string]any { return maps.Clone(e.details) }

// Violations are the errors this one gathers, one for each field that is wrong.
func (e *Error) Violations() []*Error { return append([]*Error(nil), e.violations...) }

// At returns a copy that names the field the error is about.
func (e *Error) At(field string) *Error {
	out := *e
	out.field = field
	return &out
}

// Under returns a copy whose field paths, those of its violations too, stand below prefix.
func (e *Error) Under(prefix string) *Error {
	out := *e
	switch {
	case out.field == "":
		out.field = prefix
	case strings.HasPrefix(out.field, "["):
		out.field = prefix + out.field
	default:
		out.field = prefix + "." + out.field
	}
	out.violations = nil
	for _, v := range e.violations {
		out.violations = append(out.violations, v.Under(prefix))
	}
	return &out
}

// With returns a copy with one more detail. Details are public.
func (e *Error) With(name string, value any) *Error {
	out := *e
	out.details = make(map[string]any, len(e.details)+1)
	maps.Copy(out.details, e.details)
	out.details[name] = value
	return &out
}

// Because returns a copy that wraps the cause, which logs show and people do not.
func (e *Error) Because(cause error) *Error {
	out := *e
	out.cause = cause
	return &out
}

// Listing returns a copy that gathers violations.
func (e *Error) Listing(violations ...*Error) *Error {
	out := *e
	out.violations = append(append([]*Error(nil), e.violations...), violations...)
	return &out
}

// Error is for logs: code, field, message and cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.class.code)
	if e.field != "" {
		b.WriteString(" (" + e.field + ")")
	}
	if e.message != "" {
		b.WriteString(": " + e.message)
	}
	for _, v := range e.violations {
		b.WriteString("; " + v.Error())
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports errors of the same code as equal, so that errors.Is works against a template.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.class.code == e.class.code
}

// Of finds the outermost *Error in err's chain, or nil.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is tells whether the outermost *Error in err's chain is of the class.
func Is(err error, class Class) bool {
	e := Of(err)
	return e != nil && e.class.code == class.code
}

// KindOf is the kind of the outermost *Error in err's chain; Internal for any other error. It panics for nil:
// the absence of an error has no kind.
func KindOf(err error) Kind {
	if err == nil {
		panic("fault: KindOf(nil)")
	}
	if e := Of(err); e != nil {
		return e.class.kind
	}
	return Internal
}

// CodeOf is the code of the outermost *Error in err's chain, or that of Unexpected.
func CodeOf(err error) string {
	if e := Of(err); e != nil {
		return e.class.code
	}
	return Unexpected.code
}
