package orderingtest

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// onlyOf lists the orders that were imported from one source.
type onlyOf struct {
	ordering.Orders
	source string
}

// List leaves out the orders of others.
func (o onlyOf) List(ctx context.Context, q ordering.OrderQuery) (ordering.OrderListing, error) {
	out, err := o.Orders.List(ctx, q)
	out.Items = slices.DeleteFunc(out.Items, func(s ordering.Sale) bool { return s.Order.Metadata[ordering.ImportedFrom] != o.source })
	return out, err
}
