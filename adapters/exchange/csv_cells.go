package exchange

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// ahead gives what can be read without waiting for the file, at least a byte of it.
func (t *table) ahead() ([]byte, error) {
	if t.in.Buffered() == 0 {
		if _, err := t.in.Peek(1); err != nil {
			return nil, err
		}
	}
	return t.in.Peek(t.in.Buffered())
}

// take puts bytes from ahead, which have no carriage return, into the cell that is being read.
func (t *table) take(some []byte, start int) error {
	if len(t.text)+len(some) > t.cellMax {
		return t.tooLong(start)
	}
	t.text = append(t.text, some...)
	t.line += bytes.Count(some, []byte{'\n'})
	t.offset += int64(len(some))
	_, err := t.in.Discard(len(some)) // Cannot fail: the bytes were peeked.
	return err
}

// ends are the bytes at which a cell that is not quoted ends, or is broken.
var ends = [256]bool{',': true, '"': true, '\n': true, '\r': true}

// plain is how many bytes of a cell that is not quoted come first.
func plain(some []byte) int {
	for i, c := range some {
		if ends[c] {
			return i
		}
	}
	return len(some)
}

// cell reads one cell and tells whether it is the row's last.
func (t *table) cell() (last bool, err error) {
	start := t.line
	for {
		some, err := t.ahead()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, err
		}
		n := plain(some)
		if err := t.take(some[:n], start); err != nil {
			return false, err
		}
		if n == len(some) {
			continue
		}
		c, err := t.byte()
		switch {
		case err != nil:
			return false, err
		case c == '"' && len(t.text) == 0:
			return t.quoted(start)
		case c == '"':
			return false, broken(start, CodeMisplacedQuote,
				"a quote stands inside a cell that is not quoted; put the cell in quotes and double the quote")
		}
		return c == '\n', nil
	}
}

// quoted reads the rest of a cell after its opening quote.
func (t *table) quoted(start int) (last bool, err error) {
	for {
		some, err := t.ahead()
		switch {
		case errors.Is(err, io.EOF):
			return false, broken(start, CodeUnclosedQuote, "the quote that opens a cell here is never closed")
		case err != nil:
			return false, err
		}
		quote := bytes.IndexByte(some, '"')
		if quote >= 0 {
			some = some[:quote]
		}
		if at := bytes.IndexByte(some, '\r'); at >= 0 {
			if err := t.take(some[:at], start); err != nil {
				return false, err
			}
			c, err := t.byte() // A line's end, whatever it was.
			if err != nil {
				return false, err
			}
			t.text = append(t.text, c)
			continue
		}
		if err := t.take(some, start); err != nil {
			return false, err
		}
		if quote < 0 {
			continue
		}
		if last, closed, err := t.closing(); closed || err != nil {
			return last, err
		}
	}
}

// closing reads a quote inside quotes, and what follows: another one belongs to the text.
func (t *table) closing() (last, closed bool, err error) {
	if _, err := t.byte(); err != nil {
		return false, false, err
	}
	c, err := t.byte()
	switch {
	case errors.Is(err, io.EOF):
		return true, true, nil
	case err != nil:
		return false, false, err
	case c == '"':
		t.text = append(t.text, c)
		return false, false, nil
	case c == ',' || c == '\n':
		return c == '\n', true, nil
	}
	return false, false, broken(t.line, CodeMisplacedQuote,
		"a cell goes on behind its closing quote; double a quote that belongs to the text")
}

// tooLong is the error of a cell beyond the limit.
func (t *table) tooLong(line int) error {
	return broken(line, CodeTooLong, "a cell that begins here has more than %d bytes; most often a quote is not closed", t.cellMax)
}

// invalidAt is where text stops being UTF-8 without NUL, or -1.
func invalidAt(text string) int {
	for i, r := range text {
		if r == 0 {
			return i
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}
