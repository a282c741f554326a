package simulation

import (
	"context"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// good is something on sale.
type good struct {
	slug    string
	variant ref.VariantID
	sku     ref.SKU
}

// staff are those who run the shop. One at a time does something.
type staff struct {
	*shopper

	goods      []good
	deliveries int
	owed       []inventory.Adjustment // Of which nobody knows whether they were booked.
	booked     map[ref.SKU]int64      // What is on hand by what was booked for sure.
	claimed    map[string]bool        // Keys of which that is known.
}

func newStaff(w *world) *staff {
	return &staff{shopper: &shopper{world: w, name: "staff"}, booked: map[ref.SKU]int64{}, claimed: map[string]bool{}}
}

// open fills the shelves, in calm weather.
func (f *staff) open() {
	w := f.world
	ctx := context.Background()
	services := shoptest.NewServices(w.ports, w.tokens, nil)
	if _, err := services.Inventory.OpenLocation(ctx, inventory.Site{Location: back, Name: "Back room", Priority: 1}); err != nil {
		w.find("opening", string(back), err.Error())
	}
	for i := range w.opts.Goods {
		g := good{slug: fmt.Sprintf("good-%d", i), variant: ref.NewID[ref.VariantKind](w.ids.New()), sku: ref.SKU(fmt.Sprintf("GOOD-%d", i))}
		_, err := services.Catalog.Save(ctx, catalog.Product{
			Slug: g.slug, Title: "Good " + string(g.sku), Status: catalog.Active, Variants: []catalog.Variant{{ID: g.variant, SKU: g.sku}},
		})
		if err == nil {
			_, err = services.Pricing.Set(ctx, w.scope(), []pricing.Price{f.price(g)})
		}
		first := f.booking(g, inventory.MoveReceive, 5)
		first.Location = inventory.DefaultLocation
		if err == nil {
			err = services.Inventory.Adjust(ctx, []inventory.Adjustment{first})
		}
		if err != nil {
			w.find("opening", g.slug, err.Error())
			return
		}
		f.know(first)
		f.goods = append(f.goods, g)
	}
}

// price draws a price, fine enough to need rounding.
func (f *staff) price(g good) pricing.Price {
	return pricing.Price{Key: pricing.Key{Variant: g.variant}, Amount: money.NewUnitPrice(100_000+f.world.random.Int64N(30_000_000), money.GBP)}
}

// back is a second location.
const back inventory.Location = "back"

// booking makes a change of stock under a key of its own.
func (f *staff) booking(g good, kind inventory.MovementKind, n int64) inventory.Adjustment {
	f.deliveries++
	a := inventory.Adjustment{
		Key: fmt.Sprintf("booking %d", f.deliveries), LevelKey: inventory.LevelKey{SKU: g.sku, Location: inventory.DefaultLocation}, Kind: kind, Delta: n,
	}
	if f.world.oneIn(3) {
		a.Location = back
	}
	switch kind {
	case inventory.MoveDamage:
		a.Reason = "it fell"
	case inventory.MoveTransfer:
		a.To = back
		if a.Location == back {
			a.To = inventory.DefaultLocation
		}
	default:
	}
	return a
}

// act does one thing.
func (f *staff) act() {
	w := f.world
	if f.busy > 0 {
		return
	}
	if len(f.owed) > 0 && w.oneIn(2) {
		f.book(f.owed[0])
		return
	}
	g := pick(w, f.goods)
	switch n := w.random.IntN(20); {
	case n < 10:
		f.book(f.booking(g, inventory.MoveReceive, 1+w.random.Int64N(4)))
	case n < 12:
		f.book(f.booking(g, inventory.MoveTransfer, 1+w.random.Int64N(3)))
	case n < 13:
		f.book(f.booking(g, inventory.MoveDamage, 1+w.random.Int64N(2)))
	case n < 14:
		f.promise(g)
	default:
		f.reprice(g)
	}
}

// promise changes how a good is sold beyond its stock.
func (f *staff) promise(g good) {
	w := f.world
	p := inventory.Policy{SKU: g.sku, Kind: inventory.Deny}
	switch w.random.IntN(3) {
	case 0:
		p.Kind, p.Limit = inventory.Backorder, 1+w.random.Int64N(5)
	case 1:
		p.Kind, p.Limit, p.Until = inventory.Preorder, 1+w.random.Int64N(5), w.clock.Now().Add(time.Hour)
	default:
	}
	f.call("promise "+string(p.Kind)+" "+g.slug, func(ctx context.Context, srv *server) error {
		_, err := srv.Inventory.SetPolicies(ctx, []inventory.Policy{p})
		return err
	}, func(error) {})
}

// book books a change, as often as it takes to know that it is booked.
func (f *staff) book(a inventory.Adjustment) {
	f.call(fmt.Sprintf("book %s %s of %d %s", a.Kind, a.Key, a.Delta, a.SKU), func(ctx context.Context, srv *server) error {
		return srv.Inventory.Adjust(ctx, []inventory.Adjustment{a})
	}, func(err error) {
		if len(f.owed) > 0 && f.owed[0].Key == a.Key {
			f.owed = f.owed[1:]
		}
		switch {
		case err == nil:
			f.know(a)
		case fault.KindOf(err) == fault.Unknown, fault.KindOf(err) == fault.Unavailable:
			f.owed = append(f.owed, a)
		case fault.KindOf(err) == fault.Conflict && a.Kind != inventory.MoveReceive:
			// There is less, or it is claimed. When the answer to an earlier try was lost, that may be because this one did it;
			// but a key that did something is asked for no more.
			if f.world.applied[a.Key] {
				f.world.find("answer-changed", a.Key, "it was booked and is refused: "+err.Error())
			}
		default:
			f.world.find("unexpected-error", a.Key, err.Error())
		}
	})
}

// know notes once what was booked for sure.
func (f *staff) know(a inventory.Adjustment) {
	if f.claimed[a.Key] {
		return
	}
	f.claimed[a.Key] = true
	switch a.Kind {
	case inventory.MoveReceive:
		f.booked[a.SKU] += a.Delta
	case inventory.MoveDamage:
		f.booked[a.SKU] -= a.Delta
	default:
	}
}

// reprice changes a price.
func (f *staff) reprice(g good) {
	w := f.world
	price := f.price(g)
	f.call("reprice "+g.slug, func(ctx context.Context, srv *server) error {
		_, err := srv.Pricing.Set(ctx, w.scope(), []pricing.Price{price})
		return err
	}, func(error) {})
}
