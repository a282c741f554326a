package system

import (
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// Slugger makes slugs of ASCII letters and digits. Latin letters with marks lose them ("Crème brûlée" is
// "creme-brulee"), a few others become two letters; what has no such form, such as Japanese, is left out. The zero value
// is ready; safe for concurrent use.
type Slugger struct{}

var _ catalog.Slugger = Slugger{}

// NewSlugger makes a slugger.
func NewSlugger() Slugger { return Slugger{} }

// Slug makes a slug of the text, "" when none of it can stand in one.
func (Slugger) Slug(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(text) {
		plain, known := catalog.PlainLetter(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			plain = string(r)
		case r == '\'' || r == '’' || catalog.LatinMark(r): // Apostrophes and marks by themselves part no words.
			continue
		case !known:
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			plain = "-" + plain
		}
		if b.Len()+len(plain) > catalog.SlugMax {
			return b.String()
		}
		b.WriteString(plain)
		gap = false
	}
	return b.String()
}
