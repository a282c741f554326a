package catalog

import (
	"html"
	"strings"
	"unicode/utf8"
)

// ProseMax is how much of a description is searched, in characters: what matters stands at its beginning, and the rest
// would find everything by everything.
const ProseMax = 2_000

// Prose gives the beginning of a description as plain text: tags and entities of HTML taken out of it.
func Prose(description string) string {
	var b strings.Builder
	closes := true // Whether a ">" follows at all; else each "<" would look for one.
	for n := 0; n < ProseMax && description != ""; n++ {
		if description[0] == '<' && closes {
			end := strings.IndexByte(description, '>')
			if closes = end >= 0; closes {
				b.WriteByte(' ')
				description = description[end+1:]
				continue
			}
		}
		_, size := utf8.DecodeRuneInString(description)
		b.WriteString(description[:size])
		description = description[size:]
	}
	return html.UnescapeString(b.String())
}
