package fiberhttp

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// lineRequest asks for a quantity of a variant.
type lineRequest struct {
	SKU       *string `json:"sku,omitempty" doc:"Of the variant; give either this or variant_id."`
	VariantID *string `json:"variant_id,omitempty" doc:"Of the variant; give either this or sku."`
	Quantity  int64   `json:"quantity" minimum:"1" maximum:"1000000"`
}

// linesOf reads what was asked for. It fails with fault.Bad, whose paths stand below those that at gives.
func linesOf(requests []lineRequest, at func(int) string) ([]ordering.LineRequest, error) {
	out := make([]ordering.LineRequest, len(requests))
	var wrong []*fault.Error
	for i, request := range requests {
		line, err := request.line()
		if err != nil {
			if prefix := at(i); prefix != "" {
				err = err.Under(prefix)
			}
			wrong = append(wrong, err)
		}
		out[i] = line
	}
	return out, fault.Collect(wrong)
}

// line reads one line; its error names the field.
func (r lineRequest) line() (ordering.LineRequest, *fault.Error) {
	out := ordering.LineRequest{Quantity: r.Quantity}
	switch {
	case r.SKU != nil && r.VariantID != nil:
		return out, fault.Bad.New("a line names its variant once; leave out sku or variant_id").At("variant_id")
	case r.SKU != nil:
		sku, err := ref.ParseSKU(*r.SKU)
		if err != nil {
			return out, fault.Of(err).At("sku")
		}
		out.SKU = sku
	case r.VariantID != nil:
		id, err := ref.ParseID[ref.VariantKind](*r.VariantID)
		if err != nil {
			return out, fault.Of(err).At("variant_id")
		}
		if id.IsZero() { // Which the services take for a line that is named by its SKU.
			return out, ordering.UnknownItem.New("no such variant is on sale").At("variant_id")
		}
		out.Variant = id
	default:
		return out, fault.Bad.New("a line names its variant; give sku or variant_id").At("sku")
	}
	return out, nil
}

// arrayPath is the path of an element of lines.
func arrayPath(i int) string { return fmt.Sprintf("lines[%d]", i) }

// noPath is for a line that is the body itself.
func noPath(int) string { return "" }

// cart is a cart as it stands, with what it costs now.
type cart struct {
	ID           string     `json:"id" doc:"The credential of the cart: who has it can change and order it."`
	Version      int64      `json:"version" doc:"Counts the changes; for If-Match."`
	Status       string     `json:"status" enum:"active,completed,abandoned,merged,expired" doc:"A completed cart became an order and a merged one went into another: neither takes changes. An abandoned or expired one does, and is active again."`
	Currency     string     `json:"currency" example:"GBP"`
	Lines        []cartLine `json:"lines"`
	Totals       totals     `json:"totals"`
	Requirements []notice   `json:"requirements" doc:"What it lacks to be ordered, besides what checkout asks for."`
	Warnings     []notice   `json:"warnings"`

	Note     string            `json:"note,omitempty" doc:"What the buyer says to the shop."`
	Metadata map[string]string `json:"metadata,omitempty" doc:"Facts of your own."`
}

type cartLine struct {
	ID           string          `json:"id" example:"lin_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	VariantID    string          `json:"variant_id"`
	SKU          string          `json:"sku"`
	Title        string          `json:"title" doc:"Of the product."`
	VariantTitle string          `json:"variant_title" doc:"What tells the variant from its siblings; empty for the only one."`
	Quantity     int64           `json:"quantity"`
	UnitPrice    money.UnitPrice `json:"unit_price"`
	Total        money.Money     `json:"total" doc:"quantity × unit_price, rounded once."`
}

// totals are the sums of a cart or an order: total = subtotal − discount + shipping + tax.
type totals struct {
	Subtotal money.Money `json:"subtotal"`
	Discount money.Money `json:"discount"`
	Shipping money.Money `json:"shipping"`
	Tax      money.Money `json:"tax"`
	Total    money.Money `json:"total"`
}

type notice struct {
	Code    string `json:"code" doc:"Stable name of the case."`
	Field   string `json:"field" example:"lines[0]" doc:"Path in the cart."`
	Message string `json:"message"`
}

// cartOf shows a quote.
func cartOf(q ordering.Quote) cart {
	out := cart{
		ID: q.Cart.ID.Reveal(), Version: int64(q.Cart.Version), Status: string(q.Cart.Status),
		Currency: q.Cart.Currency.Code(), Lines: make([]cartLine, len(q.Lines)), Totals: totals(q.Totals),
		Requirements: noticesOf(q.Requirements), Warnings: noticesOf(q.Warnings), Note: q.Cart.Note, Metadata: q.Cart.Metadata,
	}
	for i, l := range q.Lines {
		out.Lines[i] = cartLine{
			ID: l.ID.String(), VariantID: l.Variant.String(), SKU: l.SKU.String(), Title: l.Title,
			VariantTitle: l.VariantTitle, Quantity: l.Quantity, UnitPrice: l.UnitPrice, Total: l.Total,
		}
	}
	return out
}

func noticesOf(notices []ordering.Notice) []notice {
	out := make([]notice, len(notices))
	for i, n := range notices {
		out[i] = notice{Code: n.Code, Field: n.Field, Message: n.Message}
	}
	return out
}
