package catalog

import (
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Brand is who makes products, or under whose name they are sold.
type Brand struct {
	ID      ref.BrandID
	Version ref.Version
	Slug    string // Unique among brands.
	Text           // The name is unique among brands, see NameKey.

	Translations map[string]Text
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// In gives the brand with its texts in the scope's locale. A brand is of the whole shop; only its products are of
// channels.
func (b Brand) In(scope ref.Scope) Brand {
	b.Text = b.Text.in(b.Translations, scope.Locale)
	return b
}

// NameKey is the form in which names are compared: in lower case, with single spaces. Files write one brand in many
// ways.
func NameKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}
