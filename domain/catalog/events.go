package catalog

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ProductCreated tells that a product was made.
type ProductCreated struct {
	Product ref.ProductID `json:"product"`
	Slug    string        `json:"slug"`
	Status  Status        `json:"status"`
	Version ref.Version   `json:"version"`
}

// EventName is the event's stable name.
func (ProductCreated) EventName() string { return "catalog.product_created" }

// ProductUpdated tells that a product was changed, in whatever way; the other events of the same commit say more.
type ProductUpdated struct {
	Product ref.ProductID `json:"product"`
	Slug    string        `json:"slug"`
	Before  string        `json:"slug_before,omitempty"` // When it had another slug.
	Status  Status        `json:"status"`
	Version ref.Version   `json:"version"`
}

// EventName is the event's stable name.
func (ProductUpdated) EventName() string { return "catalog.product_updated" }

// ProductPublished tells that a product is now shown in channels where it was not.
type ProductPublished struct {
	Product  ref.ProductID `json:"product"`
	Slug     string        `json:"slug"`
	Channels []ref.Channel `json:"channels"`
	Version  ref.Version   `json:"version"`
}

// EventName is the event's stable name.
func (ProductPublished) EventName() string { return "catalog.product_published" }

// ProductWithdrawn tells that a product is no longer shown in channels where it was.
type ProductWithdrawn struct {
	Product  ref.ProductID `json:"product"`
	Slug     string        `json:"slug"`
	Channels []ref.Channel `json:"channels"`
	Version  ref.Version   `json:"version"`
}

// EventName is the event's stable name.
func (ProductWithdrawn) EventName() string { return "catalog.product_withdrawn" }

// ProductArchived tells that a product was archived.
type ProductArchived struct {
	Product ref.ProductID `json:"product"`
	Version ref.Version   `json:"version"`
}

// EventName is the event's stable name.
func (ProductArchived) EventName() string { return "catalog.product_archived" }

// ProductRestored tells that an archived product is a draft or on sale again.
type ProductRestored struct {
	Product ref.ProductID `json:"product"`
	Status  Status        `json:"status"`
	Version ref.Version   `json:"version"`
}

// EventName is the event's stable name.
func (ProductRestored) EventName() string { return "catalog.product_restored" }

// VariantRetired tells that a variant is no longer sold.
type VariantRetired struct {
	Product ref.ProductID `json:"product"`
	Variant ref.VariantID `json:"variant"`
	SKU     ref.SKU       `json:"sku"`
}

// EventName is the event's stable name.
func (VariantRetired) EventName() string { return "catalog.variant_retired" }

// VariantRestored tells that a retired variant is sold again.
type VariantRestored struct {
	Product ref.ProductID `json:"product"`
	Variant ref.VariantID `json:"variant"`
	SKU     ref.SKU       `json:"sku"`
}

// EventName is the event's stable name.
func (VariantRestored) EventName() string { return "catalog.variant_restored" }

// VariantRemoved tells that a variant that was never ordered is gone.
type VariantRemoved struct {
	Product ref.ProductID `json:"product"`
	Variant ref.VariantID `json:"variant"`
	SKU     ref.SKU       `json:"sku"`
}

// EventName is the event's stable name.
func (VariantRemoved) EventName() string { return "catalog.variant_removed" }

// told gives what a write of a product at the moment is told as; before is nil for a new one.
func told(before *Product, after Product, at time.Time) []event.Payload {
	if before == nil {
		out := []event.Payload{ProductCreated{Product: after.ID, Slug: after.Slug, Status: after.Status, Version: after.Version}}
		return append(out, toldChannels(nil, after, at)...)
	}
	updated := ProductUpdated{Product: after.ID, Slug: after.Slug, Status: after.Status, Version: after.Version}
	if before.Slug != after.Slug {
		updated.Before = before.Slug
	}
	out := []event.Payload{updated}
	switch {
	case after.Status == Archived && before.Status != Archived:
		out = append(out, ProductArchived{Product: after.ID, Version: after.Version})
	case after.Status != Archived && before.Status == Archived:
		out = append(out, ProductRestored{Product: after.ID, Status: after.Status, Version: after.Version})
	}
	return append(append(out, toldVariants(*before, after)...), toldChannels(before.lastTold(at), after, at)...)
}

// lastTold lists the channels in which others know the product to be shown: those of now, or when a moment of its
// windows has passed of which nobody told yet, those just before it.
func (p Product) lastTold(now time.Time) []ref.Channel {
	if !p.Due.IsZero() && !p.Due.After(now) {
		now = p.Due.Add(-time.Microsecond)
	}
	return p.ShownAt(now)
}

// toldChannels gives what a change of the channels that show a product is told as.
func toldChannels(was []ref.Channel, after Product, at time.Time) []event.Payload {
	var out []event.Payload
	is := after.ShownAt(at)
	if lost := without(was, is); len(lost) > 0 {
		out = append(out, ProductWithdrawn{Product: after.ID, Slug: after.Slug, Channels: lost, Version: after.Version})
	}
	if won := without(is, was); len(won) > 0 {
		out = append(out, ProductPublished{Product: after.ID, Slug: after.Slug, Channels: won, Version: after.Version})
	}
	return out
}

// toldVariants gives what changes of a product's variants are told as.
func toldVariants(before, after Product) []event.Payload {
	var out []event.Payload
	for _, old := range before.Variants {
		i := slices.IndexFunc(after.Variants, func(v Variant) bool { return v.ID == old.ID })
		switch {
		case i < 0:
			out = append(out, VariantRemoved{Product: after.ID, Variant: old.ID, SKU: old.SKU})
		case after.Variants[i].Retired && !old.Retired:
			out = append(out, VariantRetired{Product: after.ID, Variant: old.ID, SKU: after.Variants[i].SKU})
		case !after.Variants[i].Retired && old.Retired:
			out = append(out, VariantRestored{Product: after.ID, Variant: old.ID, SKU: after.Variants[i].SKU})
		}
	}
	return out
}

// without lists what of a is not in b.
func without[T comparable](a, b []T) []T {
	var out []T
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}
