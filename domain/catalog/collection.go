package catalog

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Collection is a set of products that are shown together, either listed by hand or chosen by a rule; it stays what it
// was made as. Invariants: see Validate.
type Collection struct {
	ID      ref.CollectionID
	Version ref.Version
	Slug    string // Unique among collections.
	Text

	Translations map[string]Text
	Rule         *Rule           // Who is in; nil for a collection by hand.
	Products     []ref.ProductID // Of a collection by hand, in order of showing.
	Publication  Window          // When it is shown.
	Listings     []Listing       // Where it is shown; none means the default channel alone.
	Metadata     Metadata
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// In gives the collection with its texts in the scope's locale; false when it is not shown there and then.
func (c Collection) In(scope ref.Scope) (Collection, bool) {
	w, ok := listed(c.Listings, scope.Channel)
	if !ok || !w.Meet(c.Publication).Open(scope.At) {
		return Collection{}, false
	}
	c.Text = c.Text.in(c.Translations, scope.Locale)
	return c, true
}
