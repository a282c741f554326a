package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// The limits of a table. They keep one unclosed quote, or a file that is no table, from filling the memory.
const (
	CellMax    = 1 << 20 // Bytes; four times the longest description that the catalogue takes.
	RowMax     = 4 << 20 // Bytes of all cells.
	ColumnsMax = 2000    // An export with many metafields has some hundreds.
)

// table reads rows of CSV by RFC 4180: commas, quotes that are doubled inside quotes, lines that end in CRLF, LF or
// CR. Unlike encoding/csv it bounds a cell while it reads it, and knows the line on which a cell that is not closed
// began. Line ends inside quotes become LF, so that a file means the same however it was saved.
type table struct {
	in      *bufio.Reader
	line    int   // Of the next byte, from 1.
	offset  int64 // Of the next byte, from the start of the file.
	unknown error // Why the first row cannot be read, found before it.
	cellMax int
	rowMax  int
	text    []byte // Of the cell that is being read.
	width   int    // Of the row before, in cells.
	spares  bool   // Text that is no UTF-8 spoils its row, and not the file.
}

// row is one row of a table.
type row struct {
	line   int   // On which it starts.
	offset int64 // At which it starts.
	cells  []string
	spoilt *brokenError // The first cell that is no text, of a table that spares the file.
}

// newTable reads from r, past a byte order mark.
func newTable(r io.Reader) *table {
	t := &table{in: bufio.NewReaderSize(r, 1<<16), line: 1, cellMax: CellMax, rowMax: RowMax}
	switch mark, _ := t.in.Peek(4); {
	case bytes.HasPrefix(mark, []byte("\ufeff")):
		_, _ = t.in.Discard(3) // Cannot fail: the bytes were peeked.
		t.offset = 3
	default:
		t.unknown = foreign(mark)
	}
	return t
}

// foreign tells by its first bytes what a file is that is no text in UTF-8; nil for one that may be.
func foreign(mark []byte) error {
	switch {
	case len(mark) < 2:
	case mark[0] == 0xff && mark[1] == 0xfe, mark[0] == 0xfe && mark[1] == 0xff, mark[0] != 0 && mark[1] == 0, mark[0] == 0 && mark[1] != 0:
		return broken(1, CodeNotUTF8, "the file is in UTF-16; save it with UTF-8 encoding")
	case mark[0] == 0x1f && mark[1] == 0x8b:
		return broken(1, CodeNotUTF8, "the file is compressed with gzip; unpack it first")
	case bytes.HasPrefix(mark, []byte("PK\x03\x04")):
		return broken(1, CodeNotUTF8, "the file is a ZIP archive or a workbook, such as .xlsx; unpack it, or save it as CSV with UTF-8 encoding")
	}
	return nil
}

// newTableAt reads on from a row whose place is known.
func newTableAt(r io.Reader, at row) *table {
	return &table{in: bufio.NewReaderSize(r, 1<<12), line: at.line, offset: at.offset, cellMax: CellMax, rowMax: RowMax}
}

// brokenError is a table that cannot be read on.
type brokenError struct {
	Rejection

	cell int // In which of the row's cells, from 0; whoever knows the header names its column.
}

// Error is the rejection's text.
func (e *brokenError) Error() string { return e.String() }

// broken makes the error of a table that cannot be read on.
func broken(line int, code, format string, args ...any) error {
	return &brokenError{Rejection: Rejection{Line: line, Code: code, Reason: fmt.Sprintf(format, args...)}, cell: -1}
}

// next gives the next row that is not an empty line, io.EOF after the last, a *brokenError, or the reader's error.
func (t *table) next() (row, error) {
	if t.unknown != nil {
		return row{}, t.unknown
	}
	for {
		c, err := t.byte()
		if err != nil {
			return row{}, err
		}
		if c == '\n' {
			continue
		}
		if err := t.in.UnreadByte(); err != nil {
			return row{}, err
		}
		t.offset--
		return t.row()
	}
}

// byte gives the next byte, a line's end as LF, and counts lines.
func (t *table) byte() (byte, error) {
	c, err := t.in.ReadByte()
	if err != nil {
		return 0, err
	}
	t.offset++
	if c == '\r' {
		if after, err := t.in.Peek(1); err == nil && after[0] == '\n' {
			_, _ = t.in.Discard(1) // Cannot fail: the byte was peeked.
			t.offset++
		}
		c = '\n'
	}
	if c == '\n' {
		t.line++
	}
	return c, nil
}

// row reads cells to the line's end.
func (t *table) row() (row, error) {
	out := row{line: t.line, offset: t.offset, cells: make([]string, 0, t.width)}
	for size := 0; ; {
		start := t.line
		t.text = t.text[:0]
		last, err := t.cell()
		if err == nil && (!utf8.Valid(t.text) || bytes.IndexByte(t.text, 0) >= 0) {
			at := invalidAt(string(t.text))
			err = broken(start+bytes.Count(t.text[:at], []byte{'\n'}), CodeNotUTF8,
				"the text is not valid UTF-8, or has a NUL; save the file as CSV with UTF-8 encoding")
			if t.spares && out.spoilt == nil {
				errors.As(err, &out.spoilt)
				out.spoilt.cell = len(out.cells)
			}
			if t.spares {
				err = nil
			}
		}
		if err != nil {
			if bad := (*brokenError)(nil); errors.As(err, &bad) {
				bad.cell = len(out.cells)
			}
			return row{}, err
		}
		size += len(t.text)
		if out.cells = append(out.cells, string(t.text)); len(out.cells) > ColumnsMax || size > t.rowMax {
			return row{}, broken(start, CodeTooLong, "a row has at most %d cells and %d bytes", ColumnsMax, t.rowMax)
		}
		if last {
			t.width = len(out.cells)
			return out, nil
		}
	}
}
