package fiberhttp

import (
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// The limits of a JSON body. A cart of a thousand lines is four levels deep, with at most a dozen members at each; the rule
// of a collection, at its deepest, sixteen.
const (
	maxDepth   = 16
	maxMembers = 64 // Of one object, while it is read.
	maxOpen    = 128
	maxNumber  = 32 // Bytes of a literal; an int64 takes 20.
)

// Scan tells whether body is the strict JSON that this API reads: one value of RFC 8259, at most 16 levels deep, no
// member named twice, valid UTF-8 throughout, no NUL, no lone surrogate, no exponent, no literal over 32 bytes, no byte
// order mark, nothing behind it. The standard library lets all of these pass or repairs them in silence.
//
// It fails with MalformedJSON or DuplicateField, with the path of the field. It allocates nothing for a body that it
// accepts, unless a member's name holds an escape.
func Scan(body []byte) error {
	if len(body) >= 3 && body[0] == 0xEF && body[1] == 0xBB && body[2] == 0xBF {
		return MalformedJSON.New("the body begins with a byte order mark; leave it out")
	}
	s := scanner{data: body}
	s.space()
	if s.pos == len(body) {
		return MalformedJSON.New("the body is empty; send a JSON value")
	}
	if s.value(); s.failed != nil {
		return s.failed
	}
	if s.space(); s.pos != len(body) {
		return MalformedJSON.New("something follows the JSON value; send exactly one")
	}
	return nil
}

// span is a piece of data, without the quotes of a string.
type span struct{ from, to int32 }

// level is one open object or array.
type level struct {
	first int32 // Index of the object's first name in open.
	index int32 // Of the present element of an array; -1 in an object.
	name  span  // Of the present member of an object.
}

type scanner struct {
	data   []byte
	pos    int
	depth  int
	opened int
	levels [maxDepth]level
	open   [maxOpen]span
	failed *fault.Error
}

func (s *scanner) fail(message string) bool {
	if s.failed == nil {
		s.failed = MalformedJSON.New(message).At(s.path())
	}
	return false
}

func (s *scanner) space() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// next skips space and gives the byte that follows, or 0 at the end.
func (s *scanner) next() byte {
	if s.space(); s.pos < len(s.data) {
		return s.data[s.pos]
	}
	return 0
}

func (s *scanner) value() bool {
	switch c := s.next(); {
	case c == '{':
		return s.object()
	case c == '[':
		return s.array()
	case c == '"':
		_, ok := s.text()
		return ok
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	default:
		return s.fail("a JSON value is missing here")
	}
}

func (s *scanner) word(want string) bool {
	if len(s.data)-s.pos < len(want) || string(s.data[s.pos:s.pos+len(want)]) != want {
		return s.fail("a JSON value is missing here")
	}
	s.pos += len(want)
	return true
}

func (s *scanner) push(index int32) bool {
	if s.depth == maxDepth {
		return s.fail("the body is nested more than 16 levels deep")
	}
	s.levels[s.depth] = level{first: int32(s.opened), index: index}
	s.depth++
	s.pos++
	return true
}

func (s *scanner) pop() bool {
	s.depth--
	s.opened = int(s.levels[s.depth].first)
	s.pos++
	return true
}

func (s *scanner) array() bool {
	if !s.push(0) {
		return false
	}
	if s.next() == ']' {
		return s.pop()
	}
	for {
		if !s.value() {
			return false
		}
		switch s.next() {
		case ',':
			s.pos++
			s.levels[s.depth-1].index++
		case ']':
			return s.pop()
		default:
			return s.fail("a comma or the end of the array is missing here")
		}
	}
}

func (s *scanner) object() bool {
	if !s.push(-1) {
		return false
	}
	if s.next() == '}' {
		return s.pop()
	}
	for {
		if s.next() != '"' {
			return s.fail("a member's name is missing here")
		}
		name, ok := s.text()
		if !ok || !s.member(name) {
			return false
		}
		if s.next() != ':' {
			return s.fail("a colon is missing here")
		}
		s.pos++
		if !s.value() {
			return false
		}
		switch s.next() {
		case ',':
			s.pos++
		case '}':
			return s.pop()
		default:
			return s.fail("a comma or the end of the object is missing here")
		}
	}
}

// member enters a name and refuses one that the object has already.
func (s *scanner) member(name span) bool {
	l := &s.levels[s.depth-1]
	l.name = name
	for _, seen := range s.open[l.first:s.opened] {
		if s.same(seen, name) {
			s.failed = DuplicateField.New("the member is named twice; name it once").At(s.path())
			return false
		}
	}
	if s.opened-int(l.first) == maxMembers || s.opened == maxOpen {
		return s.fail("the object has more members than are read here")
	}
	s.open[s.opened] = name
	s.opened++
	return true
}

// number reads a literal of RFC 8259 without an exponent.
func (s *scanner) number() bool {
	start := s.pos
	if s.data[s.pos] == '-' {
		s.pos++
	}
	leading := s.pos
	if digits := s.digits(); digits == 0 || digits > 1 && s.data[leading] == '0' {
		return s.fail("a number is malformed here")
	}
	if s.pos < len(s.data) && s.data[s.pos] == '.' {
		s.pos++
		if s.digits() == 0 {
			return s.fail("a number is malformed here")
		}
	}
	if s.pos < len(s.data) && s.data[s.pos]|0x20 == 'e' {
		return s.fail("numbers are written without an exponent here")
	}
	if s.pos-start > maxNumber {
		return s.fail("a number has more digits than are read here")
	}
	return true
}

func (s *scanner) digits() int {
	start := s.pos
	for s.pos < len(s.data) && s.data[s.pos] >= '0' && s.data[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - start
}

// text reads a string and gives what stands between its quotes.
func (s *scanner) text() (span, bool) {
	s.pos++
	start := s.pos
	for {
		for s.pos < len(s.data) && plain[s.data[s.pos]] {
			s.pos++
		}
		if s.pos == len(s.data) {
			return span{}, s.fail("a string does not end")
		}
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			return span{int32(start), int32(s.pos - 1)}, true
		case c == '\\':
			if !s.escape() {
				return span{}, false
			}
		case c < 0x20:
			return span{}, s.fail("a string holds a control character; escape it")
		default:
			r, size := utf8.DecodeRune(s.data[s.pos:])
			if r == utf8.RuneError && size == 1 {
				return span{}, s.fail("a string is not valid UTF-8")
			}
			s.pos += size
		}
	}
}

// plain are the bytes that stand in a string for themselves and need no further look.
var plain = func() (table [256]bool) {
	for c := byte(0x20); c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()
