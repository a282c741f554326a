package bridge

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// importReason stands in the ledger of stock.
const importReason = "imported"

// writeStock makes the policies and the levels that are missing and gives how many. It leaves those that are there as
// they are.
func (m *Importer) writeStock(ctx context.Context, p *plan, r *report) (levels, policies int, err error) {
	skus := make([]ref.SKU, len(p.source.Variants))
	for i := range skus {
		skus[i] = p.target.Variants[i].SKU
	}
	stored, err := m.inventory.Availability(ctx, skus)
	if err != nil {
		return 0, 0, err
	}
	var counts []inventory.Adjustment
	var rules []inventory.Policy
	for i, v := range p.source.Variants {
		sku, has := skus[i], stored[skus[i]]
		switch {
		case v.Oversell && has.Version == 0:
			rules = append(rules, inventory.Policy{SKU: sku, Kind: inventory.Backorder, Limit: inventory.QuantityMax})
		case v.Oversell && has.Kind != inventory.Backorder:
			r.warn("the source sells %s on when none is left; the shop's own policy was kept, which is %s", sku, has.Kind)
		}
		switch left := has.OnHand - has.Reserved; {
		case v.Quantity == nil && !has.Counted && !v.Oversell:
			r.uncounted = append(r.uncounted, sku)
		case v.Quantity == nil:
		case has.Counted && left != max(*v.Quantity, 0):
			r.warn("stock of %s left at %d, the source says %d; use a stock count to change it", sku, left, *v.Quantity)
		case !has.Counted:
			if *v.Quantity < 0 {
				r.warn("the source has sold %d of %s beyond its stock; 0 were counted", -*v.Quantity, sku)
			}
			counts = append(counts, inventory.Adjustment{
				Key: "import:" + string(sku), LevelKey: inventory.LevelKey{SKU: sku}, Kind: inventory.MoveCount,
				Quantity: max(*v.Quantity, 0), Reason: importReason,
			})
		}
	}
	if policies, err = m.inventory.SetPolicies(ctx, rules); err != nil {
		return 0, policies, err
	}
	return len(counts), policies, m.inventory.Adjust(ctx, counts)
}
