package integration_test

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// otherLists are the channels and currencies beside the shop's own that a variant may have prices in.
var otherLists = []pricing.List{{Channel: ref.DefaultChannel, Currency: money.EUR}, {Channel: "b2b", Currency: money.GBP}}

// inList is the scope of a list of prices.
func inList(at pricing.List) ref.Scope {
	scope := dealScope()
	scope.Channel, scope.Currency = at.Channel, at.Currency
	return scope
}

// livedWith gives a variant prices of before, some of them in other channels and currencies, while the clock goes on for
// it is years before the present that the shop opened.
func livedWith(ctx context.Context, r *rapid.T, d dealer, v catalog.Variant) error {
	lists := append([]pricing.List{{Channel: ref.DefaultChannel, Currency: money.GBP}}, otherLists...)
	for _, at := range lists {
		for range rapid.IntRange(0, 3).Draw(r, "changes") {
			price := pricing.Price{Key: pricing.Key{Variant: v.ID}, Amount: money.NewUnitPrice(rapid.Int64Range(0, 5).Draw(r, "former")*1_000_000, at.Currency)}
			var err error
			switch rapid.IntRange(0, 3).Draw(r, "what") {
			case 0:
				price.Window.From = d.clock.Now().Add(time.Duration(rapid.IntRange(1, 60).Draw(r, "from")) * 24 * time.Hour)
				if rapid.Bool().Draw(r, "ends") {
					price.Window.Until = price.Window.From.Add(36 * time.Hour)
				}
				_, err = d.pricing.Schedule(ctx, inList(at), []pricing.Price{price})
			case 1:
				_, err = d.pricing.End(ctx, inList(at), []pricing.Ending{{Variant: v.ID}})
			default:
				_, err = d.pricing.Set(ctx, inList(at), []pricing.Price{price})
			}
			if err != nil {
				return err
			}
			if now := d.clock.Now(); now.Add(24 * time.Hour).Before(orderingtest.Moment()) {
				d.clock.Advance(time.Duration(rapid.IntRange(0, 20).Draw(r, "hours")) * time.Hour)
			}
		}
	}
	return nil
}

// renamed gives some things other slugs than they had, products among them those of others.
func renamed(ctx context.Context, r *rapid.T, d dealer, products []catalog.Product, brands []catalog.Brand, categories []catalog.Category) error {
	for i, p := range products {
		for n := range rapid.IntRange(0, 2).Draw(r, "renamed") {
			p.Slug = fmt.Sprintf("product-%d-%d", i, n)
			if n == 1 && i > 0 && rapid.Bool().Draw(r, "as another was") {
				p.Slug = fmt.Sprintf("product-%d", i-1)
			}
			saved, err := d.catalog.Save(ctx, p)
			switch {
			case fault.Is(err, catalog.SlugTaken):
				continue
			case err != nil:
				return err
			}
			p = saved
		}
	}
	if len(brands) > 0 && rapid.Bool().Draw(r, "renamed") {
		b := brands[0]
		b.Slug = "former-brand"
		if _, err := d.catalog.SaveBrand(ctx, b); err != nil {
			return err
		}
	}
	if len(categories) > 0 && rapid.Bool().Draw(r, "renamed") {
		c := categories[0]
		c.Slug = "former-category"
		if _, err := d.catalog.SaveCategory(ctx, c); err != nil {
			return err
		}
	}
	if c, err := d.catalog.Collection(ctx, dealScope(), "by-hand"); err == nil && rapid.Bool().Draw(r, "renamed") {
		if c, err = d.catalog.GetCollection(ctx, c.ID); err != nil {
			return err
		}
		c.Slug = "former-collection"
		_, err = d.catalog.SaveCollection(ctx, c)
		return err
	}
	return nil
}

// answersAlike holds what buyers see of two shops against each other: products by id and by each slug that they ever had,
// and what their variants cost now and in the weeks to come, with the lowest of 30 days.
func answersAlike(r *rapid.T, a, b dealer) {
	ctx := context.Background()
	var variants []ref.VariantID
	for after := (ref.ProductID{}); ; {
		page, err := a.catalog.Walk(ctx, after, catalog.PageMax)
		if err != nil {
			r.Fatalf("walking: %v", err)
		}
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			after = p.ID
			for _, v := range p.Variants {
				variants = append(variants, v.ID)
			}
			want, wanted := a.catalog.Product(ctx, dealScope(), p.ID.String())
			got, err := b.catalog.Product(ctx, dealScope(), p.ID.String())
			if (wanted == nil) != (err == nil) || want.Slug != got.Slug {
				r.Fatalf("%s is %q, %v; want %q, %v", p.ID, got.Slug, err, want.Slug, wanted)
			}
		}
	}
	for _, slug := range []string{"product-0", "product-1", "product-2", "product-0-0", "product-1-0", "product-2-0", "former-brand", "nothing"} {
		for name, find := range map[string]func(d dealer) error{
			"product":    func(d dealer) error { _, err := d.catalog.Product(ctx, dealScope(), slug); return err },
			"brand":      func(d dealer) error { _, err := d.catalog.Brand(ctx, dealScope(), "brand-0"); return err },
			"category":   func(d dealer) error { _, err := d.catalog.Branch(ctx, dealScope(), "category-ü-0"); return err },
			"collection": func(d dealer) error { _, err := d.catalog.Collection(ctx, dealScope(), "by-hand"); return err },
		} {
			want, got := find(a), find(b)
			if (want == nil) != (got == nil) || want != nil && (fault.Of(want).Code() != fault.Of(got).Code() || fault.Of(want).Details()["slug"] != fault.Of(got).Details()["slug"]) {
				r.Fatalf("the %s of %s: %v, want %v", name, slug, got, want)
			}
		}
	}
	for _, at := range append([]pricing.List{{Channel: ref.DefaultChannel, Currency: money.GBP}}, otherLists...) {
		scope := inList(at)
		for _, days := range []int{0, 1, 7, 29, 31, 90} {
			scope.At = orderingtest.Moment().Add(time.Duration(days) * 24 * time.Hour)
			want, err := a.pricing.Current(ctx, scope, variants)
			if err != nil {
				r.Fatalf("prices: %v", err)
			}
			got, err := b.pricing.Current(ctx, scope, variants)
			if err != nil {
				r.Fatalf("prices: %v", err)
			}
			for _, prices := range []map[ref.VariantID]pricing.ResolvedPrice{want, got} {
				for id, p := range prices {
					p.Source = pricing.Source{}
					prices[id] = p
				}
			}
			if !reflect.DeepEqual(got, want) {
				r.Fatalf("prices in %v in %d days are\n%+v\nwant\n%+v", at, days, got, want)
			}
		}
	}
}
