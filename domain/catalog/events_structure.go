package catalog

import "github.com/ipswich-retail/commerce/domain/ref"

// BrandSaved tells that a brand was made or changed.
type BrandSaved struct {
	Brand   ref.BrandID `json:"brand"`
	Slug    string      `json:"slug"`
	Version ref.Version `json:"version"`
}

// EventName is the event's stable name.
func (BrandSaved) EventName() string { return "catalog.brand_saved" }

// BrandRemoved tells that a brand is gone.
type BrandRemoved struct {
	Brand ref.BrandID `json:"brand"`
	Slug  string      `json:"slug"`
}

// EventName is the event's stable name.
func (BrandRemoved) EventName() string { return "catalog.brand_removed" }

// CategorySaved tells that a category was made or its texts were changed.
type CategorySaved struct {
	Category ref.CategoryID `json:"category"`
	Slug     string         `json:"slug"`
	Version  ref.Version    `json:"version"`
}

// EventName is the event's stable name.
func (CategorySaved) EventName() string { return "catalog.category_saved" }

// CategoryMoved tells that a category, with all below it, stands elsewhere in the tree.
type CategoryMoved struct {
	Category ref.CategoryID `json:"category"`
	From     ref.CategoryID `json:"from"` // Its parent before; "" for none.
	To       ref.CategoryID `json:"to"`
	Position int            `json:"position"`
}

// EventName is the event's stable name.
func (CategoryMoved) EventName() string { return "catalog.category_moved" }

// CategoryRemoved tells that a category is gone.
type CategoryRemoved struct {
	Category ref.CategoryID `json:"category"`
	Slug     string         `json:"slug"`
}

// EventName is the event's stable name.
func (CategoryRemoved) EventName() string { return "catalog.category_removed" }

// CollectionSaved tells that a collection was made or changed. Who is in one by rule follows, see Service.Sweep.
type CollectionSaved struct {
	Collection ref.CollectionID `json:"collection"`
	Slug       string           `json:"slug"`
	Ruled      bool             `json:"ruled"`
	Version    ref.Version      `json:"version"`
}

// EventName is the event's stable name.
func (CollectionSaved) EventName() string { return "catalog.collection_saved" }

// CollectionRemoved tells that a collection is gone.
type CollectionRemoved struct {
	Collection ref.CollectionID `json:"collection"`
	Slug       string           `json:"slug"`
}

// EventName is the event's stable name.
func (CollectionRemoved) EventName() string { return "catalog.collection_removed" }
