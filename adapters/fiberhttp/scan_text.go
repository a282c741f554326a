package fiberhttp

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxPath bounds the path of a field in an answer, since a client chose the names in it.
const maxPath = 256

// escape reads one escape sequence; that of a character outside the basic plane is two.
func (s *scanner) escape() bool {
	if s.pos+1 >= len(s.data) {
		return s.fail("a string does not end")
	}
	switch s.data[s.pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos += 2
		return true
	case 'u':
		return s.unicode()
	default:
		return s.fail("a string holds an unknown escape")
	}
}

func (s *scanner) unicode() bool {
	r, ok := s.hex(s.pos)
	switch {
	case !ok:
		return s.fail("a string holds a malformed escape")
	case r == 0:
		return s.fail("a string holds the character NUL, which nothing here can keep")
	case !utf16.IsSurrogate(r):
		s.pos += 6
		return true
	}
	second, ok := s.hex(s.pos + 6)
	if !ok || utf16.DecodeRune(r, second) == utf8.RuneError {
		return s.fail("a string holds half of a surrogate pair")
	}
	s.pos += 12
	return true
}

// hex reads \uXXXX at a position.
func (s *scanner) hex(at int) (rune, bool) {
	if at+6 > len(s.data) || s.data[at] != '\\' || s.data[at+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range s.data[at+2 : at+6] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// same tells whether two names are equal once their escapes are read; only names with escapes are decoded.
func (s *scanner) same(a, b span) bool {
	left, right := s.data[a.from:a.to], s.data[b.from:b.to]
	if bytes.IndexByte(left, '\\') < 0 && bytes.IndexByte(right, '\\') < 0 {
		return bytes.Equal(left, right)
	}
	return s.name(a) == s.name(b)
}

func (s *scanner) name(at span) string {
	raw := s.data[at.from:at.to]
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw)
	}
	var decoded string
	if json.Unmarshal(s.data[at.from-1:at.to+1], &decoded) != nil {
		return string(raw)
	}
	return decoded
}

// path is where the scanner stands, such as lines[1].sku. It is only built for an error.
func (s *scanner) path() string {
	var out []byte
	for _, l := range s.levels[:s.depth] {
		switch {
		case l.index >= 0:
			out = strconv.AppendInt(append(out, '['), int64(l.index), 10)
			out = append(out, ']')
		case l.name.to > 0:
			if len(out) > 0 {
				out = append(out, '.')
			}
			out = append(out, s.name(l.name)...)
		}
	}
	return excerpt(string(out), maxPath)
}

// excerpt cuts text that a client chose to a number of bytes, between characters.
func excerpt(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}
