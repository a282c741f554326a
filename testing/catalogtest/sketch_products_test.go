package catalogtest_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// productsOf is the sketch as catalog.Products, upkeepOf as catalog.Upkeep.
type (
	productsOf struct{ *sketch }
	upkeepOf   struct{ *sketch }
)

func (s productsOf) List(ctx context.Context, scope ref.Scope, q catalog.ListQuery) (catalog.Page, error) {
	if err := s.enter(ctx); err != nil {
		return catalog.Page{}, err
	}
	defer s.mu.Unlock()
	if s.flaw == listInOwn {
		scope.Locale = ""
	}
	var all []catalog.Product
	for _, p := range s.sorted(func(catalog.Product) bool { return true }, older) {
		if s.flaw == pagesBeforeClock {
			if w, ok := p.Shown(scope.Channel); ok && !w.Open(scope.At) {
				all = append(all, catalog.Product{ID: p.ID, CreatedAt: p.CreatedAt})
				continue
			}
		}
		if in, ok := s.look(p, scope); ok {
			all = append(all, in)
		}
	}
	if s.flaw == oldestFirst {
		slices.Reverse(all)
	}
	if q.After != nil {
		at := slices.IndexFunc(all, func(p catalog.Product) bool { return p.ID == q.After.ID })
		if at < 0 && s.flaw != placesMustStay {
			last := catalog.Product{ID: q.After.ID, CreatedAt: q.After.CreatedAt}
			at, _ = slices.BinarySearchFunc(all, last, older)
			at--
		}
		if s.flaw == tiesSkipped {
			for at >= 0 && at+1 < len(all) && all[at+1].CreatedAt.Equal(q.After.CreatedAt) {
				at++
			}
		}
		all = all[at+1:]
	}
	var out catalog.Page
	more := len(all) > q.Limit
	out.Items = all[:min(len(all), q.Limit)]
	if n := len(out.Items); n > 0 && (more || s.flaw == nextAlways) {
		out.Next = &catalog.Place{CreatedAt: out.Items[n-1].CreatedAt, ID: out.Items[n-1].ID}
	}
	out.Items = slices.DeleteFunc(slices.Clone(out.Items), func(p catalog.Product) bool { return p.Title == "" })
	for i := range out.Items {
		out.Items[i] = s.whole(out.Items[i])
	}
	return out, nil
}

func (s productsOf) one(ctx context.Context, is func(catalog.Product) bool, give func(catalog.Product) (catalog.Product, bool)) (catalog.Product, error) {
	if err := s.enter(ctx); err != nil {
		return catalog.Product{}, err
	}
	defer s.mu.Unlock()
	for _, p := range s.products {
		if is(p) {
			if out, ok := give(p); ok {
				return out, nil
			}
		}
	}
	if s.flaw == inventsProducts {
		return catalog.Product{}, nil
	}
	return catalog.Product{}, missing()
}

func (s productsOf) seenIn(scope ref.Scope) func(catalog.Product) (catalog.Product, bool) {
	return func(p catalog.Product) (catalog.Product, bool) { return s.seen(p, scope) }
}

func (s productsOf) edited(p catalog.Product) (catalog.Product, bool) {
	return s.whole(p), s.flaw != editsActive || p.Status == catalog.Active
}

func (s productsOf) ByID(ctx context.Context, scope ref.Scope, id ref.ProductID) (catalog.Product, error) {
	return s.one(ctx, func(p catalog.Product) bool { return p.ID == id }, s.seenIn(scope))
}

func (s productsOf) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Product, error) {
	return s.one(ctx, func(p catalog.Product) bool {
		return p.Slug == slug || s.flaw == slugsByFold && strings.EqualFold(p.Slug, slug)
	}, s.seenIn(scope))
}

func (s productsOf) Get(ctx context.Context, id ref.ProductID) (catalog.Product, error) {
	return s.one(ctx, func(p catalog.Product) bool { return p.ID == id }, s.edited)
}

func (s productsOf) Find(ctx context.Context, slug string) (catalog.Product, error) {
	return s.one(ctx, func(p catalog.Product) bool { return p.Slug == slug }, s.edited)
}

func (s productsOf) Moved(ctx context.Context, scope ref.Scope, slug string) (string, error) {
	if err := s.enter(ctx); err != nil {
		return "", err
	}
	defer s.mu.Unlock()
	id, left := s.moved[slug]
	if !left && s.flaw == staysMoved {
		for _, p := range s.products {
			if p.Slug == slug {
				id = p.ID
			}
		}
	}
	p, known := s.products[id]
	if _, ok := s.look(p, scope); !known || !ok && s.flaw != movedForAll {
		return "", missing()
	}
	if s.flaw == movesOnce && slug == "product-1" && p.Slug == "third" {
		return "second", nil
	}
	return p.Slug, nil
}

func (s productsOf) Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	scope = s.view(scope)
	if s.flaw == sellsInOwn {
		scope.Locale = ""
	}
	var out []catalog.Sellable
	for _, p := range s.products {
		for _, v := range p.Variants {
			if !slices.Contains(ids, v.ID) && !slices.Contains(skus, v.SKU) {
				continue
			}
			sold, ok := p.SellableIn(scope, v)
			if s.flaw == sellsEverywhere && p.Status == catalog.Active && !v.Retired {
				sold, ok = p.Sellable(v).In(scope.Locale, p.Translations), true
			}
			if ok {
				out = append(out, copied(sold))
			}
			if ok && s.flaw == sellsTwice && slices.Contains(ids, v.ID) && slices.Contains(skus, v.SKU) {
				out = append(out, copied(sold))
			}
		}
	}
	return out, nil
}

func (s productsOf) SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	out := map[ref.SKU]ref.ProductID{}
	for _, p := range s.products {
		for _, v := range p.Variants {
			if slices.Contains(skus, v.SKU) && (s.flaw != skusActive || p.Status == catalog.Active) {
				out[v.SKU] = p.ID
			}
		}
	}
	return out, nil
}

func (s productsOf) Count(ctx context.Context) (all, active int64, err error) {
	if err := s.enter(ctx); err != nil {
		return 0, 0, err
	}
	defer s.mu.Unlock()
	for _, p := range s.products {
		all++
		if p.Status == catalog.Active {
			active++
		}
	}
	if s.flaw == countsActive {
		all = active
	}
	return all, active, nil
}

func (s upkeepOf) Due(ctx context.Context, at time.Time, limit int) ([]catalog.Product, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	due := s.sorted(func(p catalog.Product) bool {
		switch {
		case p.Due.IsZero():
			return s.flaw == dueForever
		case s.flaw == dueLate:
			return p.Due.Before(at)
		default:
			return !p.Due.After(at)
		}
	}, func(a, b catalog.Product) int {
		if s.flaw == dueByID {
			return a.ID.Compare(b.ID)
		}
		return a.Due.Compare(b.Due)
	})
	due = due[:min(len(due), limit)]
	for i := range due {
		due[i] = s.whole(due[i])
	}
	return due, nil
}

func (s upkeepOf) Walk(ctx context.Context, after ref.ProductID, limit int) ([]catalog.Product, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	all := s.sorted(func(p catalog.Product) bool {
		return (p.ID.Compare(after) > 0 || s.flaw == walksAgain && p.ID == after) && (s.flaw != walksActive || p.Status == catalog.Active)
	}, func(a, b catalog.Product) int {
		if s.flaw == walksByAge {
			return a.CreatedAt.Compare(b.CreatedAt)
		}
		return a.ID.Compare(b.ID)
	})
	all = all[:min(len(all), limit)]
	for i := range all {
		all[i] = s.whole(all[i])
	}
	return all, nil
}
