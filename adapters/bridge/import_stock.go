package bridge

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// importReason stands in the ledger of stock.
const importReason = "imported"

// stock finds the policies and levels of a product that are missing. It leaves those that are there as they are.
func (p *plan) stock(stored map[ref.SKU]inventory.Availability) {
	for i, v := range p.source.Variants {
		sku := p.target.Variants[i].SKU
		has := stored[sku]
		p.policy(i, v, sku, has)
		levels := levelsOf(v)
		switch wanted := total(levels); {
		case levels == nil && !has.Counted && !v.Oversell && v.Policy == nil:
			p.unknown = append(p.unknown, sku)
		case levels == nil:
		case has.Counted && has.OnHand-has.Reserved != wanted && has.OnHand != wanted:
			p.warnings = append(p.warnings, fmt.Sprintf("stock of %s left at %d, the source says %d; use a stock count to change it", sku, has.OnHand-has.Reserved, wanted))
		case !has.Counted:
			p.count(i, v, sku, levels)
		}
	}
}

// policy finds whether a policy of a variant is to be set.
func (p *plan) policy(i int, v ImportVariant, sku ref.SKU, has inventory.Availability) {
	kind := func(o inventory.Policy) string {
		switch {
		case o.Kind == "" || o.Kind == inventory.Deny:
			return string(inventory.Deny)
		case o.Kind == inventory.Preorder:
			return fmt.Sprintf("%s %d until %s", o.Kind, o.Limit, moment(o.Until))
		}
		return fmt.Sprintf("%s %d", o.Kind, o.Limit)
	}
	switch {
	case v.Policy != nil:
		want := *v.Policy
		want.SKU, want.Version = sku, 0
		if kind(want) != kind(has.Policy) {
			p.rules = append(p.rules, want)
			p.field(i, "policy", kind(has.Policy), kind(want))
		}
	case v.Oversell && has.Version == 0:
		want := inventory.Policy{SKU: sku, Kind: inventory.Backorder, Limit: inventory.QuantityMax}
		p.rules = append(p.rules, want)
		p.field(i, "policy", kind(has.Policy), kind(want))
	case v.Oversell && has.Kind != inventory.Backorder:
		p.warnings = append(p.warnings, fmt.Sprintf("the source sells %s on when none is left; the shop's own policy was kept, which is %s", sku, has.Kind))
	}
}

// count makes the levels of a variant.
func (p *plan) count(i int, v ImportVariant, sku ref.SKU, levels map[inventory.Location]int64) {
	if v.Quantity != nil && *v.Quantity < 0 {
		p.warnings = append(p.warnings, fmt.Sprintf("the source has sold %d of %s beyond its stock; 0 were counted", -*v.Quantity, sku))
	}
	for _, at := range slices.Sorted(maps.Keys(levels)) {
		key := "import:" + string(sku)
		if at != inventory.DefaultLocation {
			key += "@" + string(at)
		}
		p.counts = append(p.counts, inventory.Adjustment{
			Key: key, LevelKey: inventory.LevelKey{SKU: sku, Location: at}, Kind: inventory.MoveCount,
			Quantity: max(levels[at], 0), Reason: importReason,
		})
		p.field(i, "stock at "+string(at), "", strconv.FormatInt(max(levels[at], 0), 10))
	}
}

// levelsOf is how many of a variant lie where, nil when the source does not say.
func levelsOf(v ImportVariant) map[inventory.Location]int64 {
	switch {
	case v.Levels != nil && len(v.Levels) == 0:
		return nil
	case v.Levels != nil:
		return v.Levels
	case v.Quantity != nil:
		return map[inventory.Location]int64{inventory.DefaultLocation: *v.Quantity}
	}
	return nil
}

// total adds up levels, those below zero as none.
func total(levels map[inventory.Location]int64) int64 {
	var n int64
	for _, q := range levels {
		n += max(q, 0)
	}
	return n
}
