package exchange

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// ListMax is the most rejections, and the most notes, that are listed; enough to mend a file by, and bounded for one
// that is wrong in every row.
const ListMax = 100

// BrokenFile is the case of a file that cannot be imported. The error is a *FileError, which lists why.
var BrokenFile = fault.Define(fault.Invalid, "broken_file", "The file cannot be imported; each fault is listed with line, column and reason.")

// The codes of rejections.
const (
	CodeEmptyFile          = "empty_file"
	CodeNoRows             = "no_rows"
	CodeNotUTF8            = "not_utf8"
	CodeUnclosedQuote      = "unclosed_quote"
	CodeMisplacedQuote     = "misplaced_quote"
	CodeTooLong            = "too_long"
	CodeFieldCount         = "field_count"
	CodeMissingColumn      = "missing_column"
	CodeDuplicateColumn    = "duplicate_column"
	CodeMissingHandle      = "missing_handle"
	CodeBadHandle          = "bad_handle"
	CodeSplitProduct       = "split_product"
	CodeMissingTitle       = "missing_title"
	CodeConflict           = "conflicting_value"
	CodeMissingOptionName  = "missing_option_name"
	CodeMissingOptionValue = "missing_option_value"
	CodeDuplicateVariant   = "duplicate_variant"
	CodeMissingVariant     = "missing_variant"
	CodeBadSKU             = "bad_sku"
	CodeDuplicateSKU       = "duplicate_sku"
	CodeMissingPrice       = "missing_price"
	CodeBadPrice           = "bad_price"
	CodeNegative           = "negative"
	CodeBadNumber          = "bad_number"
	CodeUnknownValue       = "unknown_value"
	CodeBadImage           = "bad_image"
	CodeMissingParent      = "missing_parent"
	CodeBadValue           = "bad_value"
	CodeWrongCurrency      = "wrong_currency"
	CodeUnknownKind        = "unknown_kind"
	CodeUnknownVersion     = "unknown_version"
	CodeBadLine            = "bad_line"
	CodeCutOff             = "cut_off"
	CodeChanged            = "file_changed"
	CodeRule               = "product_rule" // A rule of the catalogue, named in the reason.
)

// Rejection is one thing that is wrong with a file.
type Rejection struct {
	Line   int    `json:"line"`   // From 1, counted as an editor does; of the row's start where nothing closer is known.
	Column string `json:"column"` // As the file names it; "" for a whole row.
	Code   string `json:"code"`   // One of the Code constants.
	Reason string `json:"reason"` // What is wrong and what to do.
}

// String is the rejection as one line of text.
func (r Rejection) String() string {
	if r.Column == "" {
		return fmt.Sprintf("line %d: %s: %s", r.Line, r.Code, r.Reason)
	}
	return fmt.Sprintf("line %d, column %q: %s: %s", r.Line, r.Column, r.Code, r.Reason)
}

// FileError is the error of a refused file. It wraps an error of class BrokenFile.
type FileError struct {
	Rejections []Rejection // The first ListMax, in the order of their finding.
	Count      int         // Of all.
}

// Error tells the first rejection and how many there are.
func (e *FileError) Error() string {
	if e.Count == 1 {
		return "the file cannot be imported: " + e.Rejections[0].String()
	}
	return fmt.Sprintf("the file cannot be imported, %d faults, first %s", e.Count, e.Rejections[0])
}

// Unwrap gives the error of class BrokenFile, with the rejections as a detail.
func (e *FileError) Unwrap() error {
	return BrokenFile.New(e.Error()).With("rejections", e.Rejections).With("count", e.Count)
}

// findings gathers what is wrong with a file and what is noteworthy.
type findings struct {
	rejections []Rejection
	count      int
	notes      []Note
}

// refuse adds a rejection.
func (f *findings) refuse(r Rejection) {
	f.count++
	if len(f.rejections) < ListMax {
		f.rejections = append(f.rejections, r)
	}
}

// note adds a note.
func (f *findings) note(n Note) {
	if len(f.notes) < ListMax {
		f.notes = append(f.notes, n)
	}
}

// err is the error of the file, or nil.
func (f *findings) err() error {
	if f.count == 0 {
		return nil
	}
	return &FileError{Rejections: f.rejections, Count: f.count}
}

// excerpt is the part of a refused text that a reason repeats.
func excerpt(text string) string {
	const most = 40
	n := 0
	for i := range text {
		if n == most {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
