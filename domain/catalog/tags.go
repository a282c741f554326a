package catalog

import "github.com/ipswich-retail/commerce/domain/ref"

// The tags of what is kept ready of the catalogue, for a ports.Cache: what each of them is forgotten for.
const (
	// TagCatalogue is of everything: products, their structure and their prices, as those who run the shop change them.
	TagCatalogue = "catalogue"
	// TagTurns is of what shows whether products are in stock: a SKU that could be sold no longer can, or the other way
	// round.
	TagTurns = "turns"
)

// TagOf is of what shows how many there are of a SKU.
func TagOf(sku ref.SKU) string { return "sku/" + string(sku) }
