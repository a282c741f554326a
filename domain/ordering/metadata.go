package ordering

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// Metadata holds facts of the adopter's own by name: nothing here reads them, and an order has those of its cart. It is
// small on purpose, see MetadataMax; what is large or must be found by goes into the adopter's own rows, see Attachment.
type Metadata map[string]string

// Customisation is how the buyer wants one thing to be made, by name: the text of an engraving, the side of a handle. It
// tells lines of one variant apart: the same variant with another customisation is another line.
type Customisation map[string]string

// normal gives nil for an empty map, and a copy of another.
func normal[M ~map[string]string](m M) M {
	if len(m) == 0 {
		return nil
	}
	return maps.Clone(m)
}

// mapRules lists what is wrong with names and values, below the path at.
func mapRules[M ~map[string]string](m M, at string, most, longest int) []*fault.Error {
	var out []*fault.Error
	if len(m) > most {
		out = append(out, Rule.Newf("at most %d entries", most).At(at))
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if rule := textRule(name, true, NameMax); rule != "" {
			out = append(out, Rule.New("a name breaks a rule: "+rule).At(at))
			continue
		}
		if rule := textRule(m[name], false, longest); rule != "" {
			out = append(out, Rule.New(rule).At(at+"."+name))
		}
	}
	return out
}

// noteRules lists what is wrong with a note; it may have lines.
func noteRules(note, at string) []*fault.Error {
	var rule string
	switch {
	case utf8.RuneCountInString(note) > NoteMax:
		rule = fmt.Sprintf("it has at most %d characters", NoteMax)
	case !utf8.ValidString(note):
		rule = "it must be valid UTF-8"
	case strings.ContainsFunc(note, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }):
		rule = "it must not have control characters other than line breaks"
	default:
		return nil
	}
	return []*fault.Error{Rule.New(rule).At(at)}
}

// size counts the bytes of names and values.
func size[M ~map[string]string](m M) int {
	n := 0
	for name, value := range m {
		n += len(name) + len(value)
	}
	return n
}

// texts counts the bytes of all that the buyer wrote on the cart, and the adopter.
func (c Cart) texts() int {
	n := len(c.Note) + size(c.Metadata)
	for _, l := range c.Lines {
		n += len(l.Note) + size(l.Metadata) + size(l.Custom)
	}
	return n
}
