package doctor

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func (d *Doctor) examineOrders(ctx context.Context, r *Report, rules Rules, s stories) error {
	return pages(r, "orders", d.opts.Page,
		func(after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
			return d.orders.AuditOrders(ctx, after, limit)
		},
		func(a ordering.OrderAudit) ref.OrderID { return a.Order.ID },
		func(page []ordering.OrderAudit) error {
			for _, a := range page {
				r.add(Order(a, rules)...)
				s.note(a.Order)
			}
			return nil
		})
}

func (d *Doctor) examineCarts(ctx context.Context, r *Report) error {
	return pages(r, "carts", d.opts.Page,
		func(after ref.CartID, limit int) ([]ordering.CartAudit, error) {
			return d.orders.AuditCarts(ctx, after, limit)
		},
		func(a ordering.CartAudit) ref.CartID { return a.Cart.ID },
		func(page []ordering.CartAudit) error {
			for _, a := range page {
				r.add(Cart(a)...)
			}
			return nil
		})
}

func (d *Doctor) examineLevels(ctx context.Context, r *Report) error {
	return pages(r, "levels", levelPages*d.opts.Page,
		func(after inventory.LevelKey, limit int) ([]inventory.LevelAudit, error) {
			return d.stock.AuditLevels(ctx, after, limit)
		},
		func(a inventory.LevelAudit) inventory.LevelKey { return a.LevelKey },
		func(page []inventory.LevelAudit) error {
			for _, a := range page {
				r.add(Level(a)...)
			}
			return nil
		})
}

// examineClaims looks for claims that are of no line. A claim comes with its order, so the order of one that was read is
// there.
func (d *Doctor) examineClaims(ctx context.Context, r *Report) error {
	return pages(r, "claims", d.opts.Page,
		func(after ref.ClaimID, limit int) ([]inventory.Claim, error) {
			return d.stock.AuditClaims(ctx, after, limit)
		},
		func(c inventory.Claim) ref.ClaimID { return c.ID },
		func(page []inventory.Claim) error {
			owners := make([]ref.OrderID, 0, len(page))
			for _, c := range page {
				if id, err := ref.ParseID[ref.OrderKind](c.Owner); err == nil {
					owners = append(owners, id)
				}
			}
			slices.SortFunc(owners, ref.OrderID.Compare)
			lines, err := d.orders.ClaimsOf(ctx, slices.Compact(owners))
			if err != nil {
				return err
			}
			for _, c := range page {
				r.add(Claim(c)...)
				id, err := ref.ParseID[ref.OrderKind](c.Owner)
				// What was taken away and claimed anew is of no line any more, and holds nothing.
				used := c.Held()+c.Owed+c.Gone() > 0
				if _, known := lines[id]; err != nil || !known || used && !slices.Contains(lines[id], c.ID) {
					r.add(find(ClaimLine, c.ID.String(), "a line of "+c.Owner+" that has it", "none"))
				}
			}
			return nil
		})
}

func (d *Doctor) examinePromises(ctx context.Context, r *Report) error {
	return pages(r, "promises", levelPages*d.opts.Page,
		func(after ref.SKU, limit int) ([]inventory.PromiseAudit, error) {
			return d.stock.AuditPromises(ctx, after, limit)
		},
		func(a inventory.PromiseAudit) ref.SKU { return a.SKU },
		func(page []inventory.PromiseAudit) error {
			for _, a := range page {
				r.add(Promise(a)...)
			}
			return nil
		})
}

func (d *Doctor) examineEvents(ctx context.Context, r *Report, s stories) error {
	oldest, n, err := s.hear(ctx, d.events, d.opts.Page)
	if err != nil {
		return err
	}
	r.Examined["events"] = n
	return s.compare(ctx, d.sources.Orders, oldest, func(f Finding) { r.add(f) })
}
