package ordering

import (
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// AddNote makes the commit that writes a note of staff on an order. Buyers see neither it nor that it was written.
// Errors: Bad for an author or a text that breaks a rule, and for too many notes.
func AddNote(s Sale, author, text string, m Moment) (Sale, Commit, error) {
	return addNote(s, "", author, text, m)
}

// addNote is AddNote under a key.
func addNote(s Sale, key, author, text string, m Moment) (Sale, Commit, error) {
	d := drafting(s, m)
	o := d.order()
	var wrong []*fault.Error
	if rule := textRule(author, true, ReasonMax); rule != "" {
		wrong = append(wrong, Rule.New(rule).At("author"))
	}
	// A note may have lines.
	if rule := textRule(strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text), true, NoteTextMax); rule != "" {
		wrong = append(wrong, Rule.New(rule).At("text"))
	}
	if len(o.Notes) >= NotesMax {
		wrong = append(wrong, Rule.Newf("an order has at most %d notes", NotesMax).At("text"))
	}
	if err := fault.Collect(wrong); err != nil {
		return s, Commit{}, err
	}
	o.Notes = append(o.Notes[:len(o.Notes):len(o.Notes)], Note{Key: key, At: d.At, Author: author, Text: text})
	d.timeline = append(d.timeline, TimelineEntry{At: d.At, Kind: TimelineNoted, Message: author, Staff: true})
	d.tell(OrderNoted{Order: o.ID, Number: o.Number})
	sale, c := d.finish()
	return sale, c, nil
}

// secure tells whether a link is one of the web that cannot be read on its way.
func secure(url string) bool {
	return strings.HasPrefix(url, "https://") && !strings.ContainsAny(url, " \"<>\\^`{|}")
}
