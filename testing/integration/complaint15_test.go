package integration_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// channelShop is a catalogue whose products are shown in channels of all combinations.
type channelShop struct {
	*catalog.Service

	products    []catalog.Product
	collections []catalog.Collection
}

// channelNames are the channels; nothing is listed in the last one.
var channelNames = []ref.Channel{ref.DefaultChannel, "b2b", "pos", "none"}

// newChannelShop fills a catalogue: for each set of the first three channels a product, once with all variants in all of
// them and once with a variant that only one of them sells; all of them in a collection by hand and in one by rule, and
// each was renamed once.
func newChannelShop(t *testing.T, parts catalog.Parts, prices *pricing.Service) *channelShop {
	t.Helper()
	s := &channelShop{Service: catalog.NewService(parts)}
	ids := parts.IDs
	byRule, err := s.SaveCollection(t.Context(), catalog.Collection{
		Text: catalog.Text{Name: "By rule"}, Rule: &catalog.Rule{Op: catalog.RuleTag, Value: "x"}, Listings: everywhere(),
	})
	if err != nil {
		t.Fatal(err)
	}
	shelf, err := s.EnsureCategory(t.Context(), "Shelf")
	if err != nil {
		t.Fatal(err)
	}
	for set := range 8 {
		for _, narrow := range []bool{false, true} {
			p := catalog.Product{
				Title: fmt.Sprintf("Thing %d %t", set, narrow), Status: catalog.Active, Tags: []string{"x"}, Brand: "Maker", Options: []string{"Size"},
				Categories: []ref.CategoryID{shelf.ID}, Media: []catalog.Media{{ID: ref.NewID[ref.MediaKind](ids.New()), Key: "a.svg"}},
			}
			for i, channel := range channelNames[:3] {
				p.Listings = append(p.Listings, catalog.Listing{Channel: channel, Published: set>>i&1 == 1})
			}
			for _, size := range []string{"S", "L"} {
				v := catalog.Variant{
					ID: ref.NewID[ref.VariantKind](ids.New()), SKU: ref.SKU(fmt.Sprintf("T%d-%t-%s", set, narrow, size)), Options: []string{size},
				}
				if narrow && size == "L" {
					v.Channels = []ref.Channel{"b2b"}
				}
				p.Variants = append(p.Variants, v)
			}
			saved, err := s.Save(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			saved.Slug = "new-" + saved.Slug
			if saved, err = s.Save(t.Context(), saved); err != nil {
				t.Fatal(err)
			}
			s.products = append(s.products, saved)
			for _, channel := range channelNames {
				var set []pricing.Price
				for _, v := range saved.Variants {
					set = append(set, pricing.Price{Key: pricing.Key{Variant: v.ID}, Amount: money.NewUnitPrice(1_000_000, money.GBP)})
				}
				if _, err := prices.Set(t.Context(), ref.Scope{Channel: channel, Currency: money.GBP}, set); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	byHand := catalog.Collection{Text: catalog.Text{Name: "By hand"}, Listings: everywhere()}
	for _, p := range s.products {
		byHand.Products = append(byHand.Products, p.ID)
	}
	if byHand, err = s.SaveCollection(t.Context(), byHand); err != nil {
		t.Fatal(err)
	}
	s.collections = []catalog.Collection{byRule, byHand}
	return s
}

// everywhere lists a thing in all channels, so that only its products are of one.
func everywhere() []catalog.Listing {
	var out []catalog.Listing
	for _, channel := range channelNames {
		out = append(out, catalog.Listing{Channel: channel, Published: true})
	}
	return out
}

// found are products and variants as a query gave them.
type found struct {
	products []ref.ProductID
	variants []ref.VariantID
}

func (f *found) add(products ...catalog.Product) {
	for _, p := range products {
		f.products = append(f.products, p.ID)
		for _, v := range p.Variants {
			f.variants = append(f.variants, v.ID)
		}
	}
}

// channelQueries are all queries of the catalogue that take a scope, by the name of the service's method. Those that give
// no products say why that is no way around.
var channelQueries = map[string]func(ctx context.Context, s *channelShop, scope ref.Scope) (found, error){
	"List": func(ctx context.Context, s *channelShop, scope ref.Scope) (out found, err error) {
		page, err := s.List(ctx, scope, catalog.ListQuery{Limit: catalog.PageMax})
		out.add(page.Items...)
		return out, err
	},
	"Product": func(ctx context.Context, s *channelShop, scope ref.Scope) (out found, err error) {
		for _, p := range s.products {
			for _, name := range []string{p.ID.String(), p.Slug} {
				if got, err := s.Product(ctx, scope, name); err == nil {
					out.add(got)
				}
			}
			if _, err := s.Product(ctx, scope, p.Slug[len("new-"):]); fault.Is(err, catalog.SlugMoved) {
				out.products = append(out.products, p.ID)
			}
		}
		return out, nil
	},
	"Sellable": func(ctx context.Context, s *channelShop, scope ref.Scope) (out found, err error) {
		var ids []ref.VariantID
		var skus []ref.SKU
		for _, p := range s.products {
			for _, v := range p.Variants {
				ids, skus = append(ids, v.ID), append(skus, v.SKU)
			}
		}
		for _, named := range []struct {
			ids  []ref.VariantID
			skus []ref.SKU
		}{{ids, nil}, {nil, skus}} {
			sold, err := s.Sellable(ctx, scope, named.ids, named.skus)
			if err != nil {
				return out, err
			}
			for _, v := range sold {
				out.products, out.variants = append(out.products, v.Product), append(out.variants, v.Variant)
			}
		}
		return out, nil
	},
	"Members": func(ctx context.Context, s *channelShop, scope ref.Scope) (out found, err error) {
		for _, c := range s.collections {
			page, err := s.Members(ctx, scope, c.ID, catalog.MemberQuery{Limit: catalog.PageMax})
			if err != nil {
				return out, err
			}
			out.add(page.Items...)
		}
		return out, nil
	},
	"Listings": func(ctx context.Context, s *channelShop, scope ref.Scope) (out found, err error) {
		page, err := s.Listings(ctx, scope, catalog.ListingQuery{Limit: catalog.PageMax})
		for _, l := range page.Items {
			out.products = append(out.products, l.ID)
		}
		return out, err
	},
	"Facets": func(ctx context.Context, s *channelShop, scope ref.Scope) (out found, err error) {
		facets, err := s.Facets(ctx, scope, catalog.ListingQuery{})
		page, listErr := s.Listings(ctx, scope, catalog.ListingQuery{Limit: catalog.PageMax})
		for _, f := range facets.Items {
			for _, v := range f.Values {
				if v.Count > int64(len(page.Items)) {
					return out, fmt.Errorf("facet %s counts %d of %d products", f.Name, v.Count, len(page.Items))
				}
			}
		}
		return out, errors.Join(err, listErr)
	},
	// A collection tells who is in it by Members alone; its own channels are the suite's to prove.
	"Collection": func(ctx context.Context, s *channelShop, scope ref.Scope) (found, error) {
		_, err := s.Collection(ctx, scope, s.collections[0].Slug)
		return found{}, err
	},
	"Collections": func(ctx context.Context, s *channelShop, scope ref.Scope) (found, error) {
		page, err := s.Collections(ctx, scope, catalog.CollectionQuery{Limit: catalog.PageMax})
		if err == nil && len(page.Items) != len(s.collections) {
			err = fmt.Errorf("%d collections of %d", len(page.Items), len(s.collections))
		}
		return found{}, err
	},
	// Categories and brands are of the whole shop and name no product.
	"Tree":         nil,
	"Subtree":      nil,
	"CategoriesOf": nil,
	"Branch":       nil,
	"Brands":       nil,
	"Brand":        nil,
}

// A shop with several channels shows in none of them what only others sell, whatever is asked.
func TestComplaint15ChannelIsolation(t *testing.T) {
	t.Parallel()
	scoped := reflect.TypeOf(ref.Scope{})
	service := reflect.TypeOf(&catalog.Service{})
	for i := range service.NumMethod() {
		m := service.Method(i)
		takes := false
		for j := range m.Type.NumIn() {
			takes = takes || m.Type.In(j) == scoped
		}
		if _, known := channelQueries[m.Name]; takes && !known {
			t.Errorf("%s takes a scope and is not asked here", m.Name)
		}
	}
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		clock, ids := system.NewClock(), system.NewIDs()
		store := memory.New(clock, nil)
		proveChannels(t, newChannelShop(t, memoryParts(store, clock, ids), pricing.NewService(store.Prices(), store.Pricing(), clock, ids)))
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		clock, ids := system.NewClock(), system.NewIDs()
		store := openSQLite(t, shopFile(t))
		proveChannels(t, newChannelShop(t, sqliteParts(store, clock, ids), pricing.NewService(store.Prices(), store.Pricing(), clock, ids)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if !needsDatabase(t) {
			return
		}
		clock, ids := system.NewClock(), system.NewIDs()
		store := openPostgres(t, small(database(t)))
		proveChannels(t, newChannelShop(t, postgresParts(store, clock, ids), pricing.NewService(store.Prices(), store.Pricing(), clock, ids)))
	})
}

// proveChannels asks everything in every channel.
func proveChannels(t *testing.T, s *channelShop) {
	t.Helper()
	for _, channel := range channelNames {
		scope := ref.Scope{Channel: channel, Currency: money.GBP, Locale: "en-GB", Country: "GB", At: system.NewClock().Now()}
		var products []ref.ProductID
		var variants []ref.VariantID
		for _, p := range s.products {
			i := slices.IndexFunc(p.Listings, func(l catalog.Listing) bool { return l.Channel == channel && l.Published })
			if i < 0 {
				continue
			}
			products = append(products, p.ID)
			for _, v := range p.Variants {
				if len(v.Channels) == 0 || slices.Contains(v.Channels, channel) {
					variants = append(variants, v.ID)
				}
			}
		}
		for name, ask := range channelQueries {
			if ask == nil {
				continue
			}
			got, err := ask(t.Context(), s, scope)
			if err != nil {
				t.Errorf("%s in %s: %v", name, channel, err)
			}
			for _, id := range got.products {
				if !slices.Contains(products, id) {
					t.Errorf("%s in %s gives %s, which is not listed there", name, channel, id)
				}
			}
			for _, id := range got.variants {
				if !slices.Contains(variants, id) {
					t.Errorf("%s in %s gives variant %s, which is not sold there", name, channel, id)
				}
			}
			if name != "Facets" && !strings.HasPrefix(name, "Collection") { // These name no product.
				for _, id := range products {
					if !slices.Contains(got.products, id) {
						t.Errorf("%s in %s does not give %s, which is listed there", name, channel, id)
					}
				}
			}
		}
	}
}
