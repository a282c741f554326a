package fiberhttp

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ipswich-retail/commerce/domain/money"
)

// describeMoney tells the document how money looks, as the components Money and UnitPrice: the types themselves write
// and read it, and know nothing of schemas. The rules of amounts are theirs too, so none stands here.
func describeMoney(s *Server) {
	type Money struct {
		Amount   string `json:"amount" example:"19.99" doc:"In major units, with exactly the currency's digits."`
		Currency string `json:"currency" example:"GBP" doc:"ISO 4217 code."`
	}
	type UnitPrice struct {
		Amount   string `json:"amount" example:"19.99" doc:"In major units, with at least the currency's digits and at most six."`
		Currency string `json:"currency" example:"GBP" doc:"ISO 4217 code."`
	}
	Describe[money.Money, Money](s)
	Describe[money.UnitPrice, UnitPrice](s)
}

// priceOrNull is a price that there may be none of. It is a type of its own because a schema that is referred to
// cannot be null.
type priceOrNull struct{ price *money.UnitPrice }

// MarshalJSON writes the price or null.
func (p priceOrNull) MarshalJSON() ([]byte, error) { return json.Marshal(p.price) }

// Schema is that of UnitPrice, or null.
func (priceOrNull) Schema(huma.Registry) *huma.Schema {
	text := func(description, example string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Description: description, Examples: []any{example}}
	}
	return &huma.Schema{
		Type: huma.TypeObject, Nullable: true, AdditionalProperties: false, Required: []string{"amount", "currency"},
		Properties: map[string]*huma.Schema{
			"amount":   text("In major units, with at least the currency's digits and at most six.", "19.99"),
			"currency": text("ISO 4217 code.", "GBP"),
		},
	}
}
