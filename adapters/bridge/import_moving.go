package bridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// What a shop brings along when it moves: ids, plans of prices with their past, and slugs that it gave up.

// identify takes the ids of a product from the source where nothing else has them: a shop that moves keeps them, and one
// that has things of its own gives new ones.
func (w *walk) identify(ctx context.Context, p *plan) error {
	fresh := func() {
		p.source.ID, p.source.Variants = ref.ProductID{}, slices.Clone(p.source.Variants) // They may be the caller's.
		for i := range p.source.Variants {
			p.source.Variants[i].ID = ref.VariantID{}
		}
	}
	if p.stored != nil {
		return nil
	}
	if p.source.ID.IsZero() {
		fresh()
		return nil
	}
	twice := w.world.given.seen(p.source.ID.String())
	for _, v := range p.source.Variants {
		twice = !v.ID.IsZero() && w.world.given.seen(v.ID.String()) || twice
	}
	if twice {
		w.refuse(p.violation(ImportConflict.New("another product of the file has this id, or a variant with an id of this one; leave the ids out of what was copied").At("id")))
		fresh()
		return nil
	}
	switch _, err := w.catalog.Get(ctx, p.source.ID); {
	case err == nil:
		fresh()
	case !missing(err):
		return fmt.Errorf("looking for product %s: %w", p.source.ID, err)
	}
	return nil
}

// within is the scope in a channel and a currency.
func within(scope ref.Scope, at pricing.List) ref.Scope {
	scope.Channel, scope.Currency = at.Channel, at.Currency
	return scope
}

// listsOf are the channels and currencies that a batch has plans of.
func listsOf(plans []*plan) []pricing.List {
	var out []pricing.List
	for _, p := range plans {
		for _, v := range p.source.Variants {
			for _, plan := range v.Plans {
				if at := (pricing.List{Channel: plan.Channel, Currency: plan.Currency}); !slices.Contains(out, at) {
					out = append(out, at)
				}
			}
		}
	}
	return out
}

// take finds the plans of a product that the shop takes over. Where it has one already its past is its own: then the
// prices of other channels and currencies are set and planned as far as they differ, and those of the scope's own follow
// from what else the source says.
func (p *plan) take(scope ref.Scope, stored map[pricing.List]map[ref.VariantID]pricing.Plan) {
	for i, v := range p.source.Variants {
		id := p.target.Variants[i].ID
		for _, plan := range v.Plans {
			at := pricing.List{Channel: plan.Channel, Currency: plan.Currency}
			own := at == pricing.List{Channel: scope.Channel, Currency: scope.Currency}
			name := fmt.Sprintf("price in %s for %s", at.Currency, at.Channel)
			plan.Variant, plan.Prices = id, slices.Clone(plan.Prices)
			for j := range plan.Prices {
				plan.Prices[j].Variant = id
			}
			has, known := stored[at][id]
			switch want, stands := plan.Standing(scope.At); {
			case !known:
				p.adopts = append(p.adopts, plan)
				stored[at][id] = plan
				p.field(i, name, "", amount(want.Amount))
			case own:
			default:
				p.follow(scope, i, name, plan, has)
				if before, _ := has.Standing(scope.At); stands && (before.Amount != want.Amount || shown(before.CompareAt) != shown(want.CompareAt)) {
					want.Window = pricing.Window{}
					p.prices = append(p.prices, want)
					p.field(i, name, amount(before.Amount), amount(want.Amount))
				}
			}
		}
	}
}

// follow plans the prices of a plan that another one does not have, those that are over left out.
func (p *plan) follow(scope ref.Scope, i int, name string, plan, has pricing.Plan) {
	for _, price := range plan.Prices {
		over := !price.Window.Until.IsZero() && !scope.At.Before(price.Window.Until)
		lasting := price.Window.Until.IsZero() && !scope.At.Before(price.Window.From)
		if over || lasting || slices.ContainsFunc(has.Prices, price.Same) {
			continue
		}
		p.windows = append(p.windows, price)
		p.field(i, name+" from "+moment(price.Window.From)+" until "+moment(price.Window.Until), "", amount(price.Amount))
	}
}

// adoptMost is how many plans are taken over in one commit.
const adoptMost = 1000

// reprice writes the prices of a batch: first the plans that are taken over, then what is planned, then what stands.
func (w *walk) reprice(ctx context.Context, plans []*plan) error {
	var adopts []pricing.Plan
	var lists []pricing.List
	prices, windows := map[pricing.List][]pricing.Price{}, map[pricing.List][]pricing.Price{}
	sort := func(into map[pricing.List][]pricing.Price, all []pricing.Price) {
		for _, price := range all {
			at := pricing.List{Channel: price.Channel, Currency: price.Currency}
			if into[at] = append(into[at], price); !slices.Contains(lists, at) {
				lists = append(lists, at)
			}
		}
	}
	for _, p := range plans {
		adopts = append(adopts, p.adopts...)
		sort(windows, p.windows)
		sort(prices, p.prices)
	}
	for some := range slices.Chunk(adopts, adoptMost) {
		if _, err := w.pricing.Adopt(ctx, some); err != nil {
			return fmt.Errorf("taking prices over: %w", err)
		}
	}
	for _, at := range lists {
		scope := within(w.scope, at)
		if len(windows[at]) > 0 {
			if _, err := w.pricing.Schedule(ctx, scope, windows[at]); err != nil {
				return fmt.Errorf("planning prices: %w", err)
			}
		}
		if len(prices[at]) > 0 {
			if _, err := w.pricing.Set(ctx, scope, prices[at]); err != nil {
				return fmt.Errorf("setting prices: %w", err)
			}
		}
	}
	return nil
}

// moved lets a slug that was given up lead to what has another one now. One that something of the shop has stays that
// one's.
func (w *walk) moved(ctx context.Context, m ImportMoved) (ImportChange, error) {
	c := ImportChange{Kind: "moved", Name: m.Slug, What: ChangeNone, Fields: []FieldChange{}}
	id, err := w.bearer(ctx, m.Kind, m.To)
	switch {
	case err != nil:
		return c, err
	case id == ref.UUID{} && !(w.phase != ImportWrites && m.Kind == catalog.ProductSlugs && w.world.products.has(m.To)):
		return c, fault.Collect([]*fault.Error{catalog.UnknownReference.Newf("there is no %s %q; it stands before the slug that leads to it", m.Kind, m.To).At("to")})
	}
	if err := w.world.oldSlugs(ctx, m.Kind); err != nil {
		return c, err
	}
	had, err := w.bearer(ctx, m.Kind, m.Slug)
	if err != nil {
		return c, err
	}
	if had != (ref.UUID{}) || m.Kind == catalog.ProductSlugs && w.world.products.has(m.Slug) {
		if w.phase != ImportJudges {
			w.report.warn("%s: the slug is that of a %s, and leads nowhere else", m.Slug, m.Kind)
		}
		return c, nil
	}
	key := string(m.Kind) + "\n" + m.Slug
	before, known := w.world.former[key]
	if known && before == id {
		return c, nil
	}
	c.What, c.Fields = what(!known, true), []FieldChange{{Field: "to", To: m.To}}
	w.world.former[key] = id
	if w.phase == ImportWrites {
		w.forward = append(w.forward, catalog.NamedSlug{Kind: m.Kind, ID: id, Slug: m.Slug})
		if len(w.forward) == catalog.FormerMax {
			err = w.forwarded(ctx)
		}
	}
	return c, err
}

// forwarded writes the former slugs that were gathered.
func (w *walk) forwarded(ctx context.Context) error {
	if len(w.forward) == 0 {
		return nil
	}
	err := w.catalog.Forward(ctx, w.forward)
	if w.forward = nil; err != nil {
		return fmt.Errorf("importing former slugs: %w", err)
	}
	return nil
}

// bearer is the id of what has a slug; zero for nothing.
func (w *walk) bearer(ctx context.Context, kind catalog.SlugKind, slug string) (ref.UUID, error) {
	switch kind {
	case catalog.BrandSlugs:
		err := w.world.makers(ctx)
		return w.world.brands[slug].ID.UUID(), err
	case catalog.CategorySlugs:
		err := w.world.categories(ctx)
		return w.world.slugs[slug].UUID(), err
	case catalog.CollectionSlugs:
		err := w.world.sets(ctx)
		return w.world.collections[slug].UUID(), err
	case catalog.ProductSlugs:
	}
	p, err := w.catalog.Find(ctx, slug)
	if missing(err) {
		return ref.UUID{}, nil
	}
	return p.ID.UUID(), err
}

// oldSlugs reads which slugs lead to things of a kind, once.
func (w *world) oldSlugs(ctx context.Context, kind catalog.SlugKind) error {
	if w.former == nil {
		w.former = map[string]ref.UUID{}
	}
	if _, read := w.former[string(kind)]; read {
		return nil
	}
	for after := ""; ; {
		page, err := w.catalog.FormerSlugs(ctx, kind, after, catalog.FormerMax)
		if err != nil {
			return err
		}
		for _, n := range page {
			w.former[string(kind)+"\n"+n.Slug], after = n.ID, n.Slug
		}
		if len(page) < catalog.FormerMax {
			w.former[string(kind)] = ref.UUID{}
			return nil
		}
	}
}
