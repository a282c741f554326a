package catalog

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Category is a node of the shop's tree of categories.
type Category struct {
	ID       ref.CategoryID
	Version  ref.Version
	Parent   ref.CategoryID // None for a root.
	Position int            // Among its siblings, from 0.
	Slug     string         // Unique among categories, whatever their parents.
	Text

	Translations map[string]Text
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// In gives the category with its texts in the scope's locale. A category is of the whole shop; only its products are
// of channels.
func (c Category) In(scope ref.Scope) Category {
	c.Text = c.Text.in(c.Translations, scope.Locale)
	return c
}
