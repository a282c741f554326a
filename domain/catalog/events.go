package catalog

import "github.com/ipswich-retail/commerce/domain/ref"

// ProductSaved tells that a product was made or changed.
type ProductSaved struct {
	Product ref.ProductID `json:"product"`
	Slug    string        `json:"slug"`
	Status  Status        `json:"status"`
	Version ref.Version   `json:"version"`
}

// EventName is the event's stable name.
func (ProductSaved) EventName() string { return "catalog.product_saved" }
