package integration_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// togetherProducts are so many: all in two channels, translated, some shown for an hour only, priced in two currencies.
const togetherProducts = 60

func fillTogether(t *testing.T, s *postgres.Store) {
	t.Helper()
	var products catalog.Commit
	var prices pricing.Commit
	for n := 1; n <= togetherProducts; n++ {
		v := catalog.Variant{ID: numbered[ref.VariantKind](n), SKU: ref.SKU(fmt.Sprint("S-", n))}
		p := catalog.Product{
			ID: numbered[ref.ProductKind](n), Version: 1, Slug: fmt.Sprint("p", n), Title: fmt.Sprint("Thing ", n), Status: catalog.Active,
			CreatedAt: assorted, UpdatedAt: assorted, Variants: []catalog.Variant{v},
			Translations: map[string]catalog.Translation{"de": {Title: fmt.Sprint("Ding ", n)}, "de-AT": {Title: fmt.Sprint("Sache ", n)}},
		}
		if n%3 == 0 {
			p.Publication = catalog.Window{From: assorted.Add(time.Hour), Until: assorted.Add(2 * time.Hour)}
		}
		if n%2 == 0 {
			p.Listings = []catalog.Listing{{Channel: ref.DefaultChannel, Published: true}, {Channel: "shop", Published: true}}
		}
		products.Products = append(products.Products, catalog.Write[catalog.Product]{State: p})
		for i, c := range []money.Currency{money.GBP, money.EUR} {
			key := pricing.Key{Variant: v.ID, Channel: ref.DefaultChannel, Currency: c}
			prices.Plans = append(prices.Plans, pricing.Write{State: pricing.Plan{
				Key: key, Version: 1, Since: assorted, Prices: []pricing.Price{{Key: key, Amount: money.NewUnitPrice(int64(n*10+i)*10_000, c)}},
			}})
		}
	}
	if err := s.Catalog().Commit(t.Context(), products); err != nil {
		t.Fatal(err)
	}
	if err := s.Pricing().Commit(t.Context(), prices); err != nil {
		t.Fatal(err)
	}
}

// togetherQuestion asks one thing at random, and gives what came in a form that compares.
func togetherQuestion(t *testing.T, s *postgres.Store, seed uint64, carts []ref.CartID) any {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // The same questions each time.
	scope := ref.Scope{
		Channel: []ref.Channel{ref.DefaultChannel, "shop"}[r.IntN(2)], Currency: []money.Currency{money.GBP, money.EUR}[r.IntN(2)],
		Locale: []string{"en-GB", "de-AT", "de-DE", "fr"}[r.IntN(4)], At: assorted.Add(time.Duration(r.IntN(3)) * 90 * time.Minute),
	}
	var ids []ref.VariantID
	var skus []ref.SKU
	for range 1 + r.IntN(100) { // Some ask for more than goes with others, and twice for the same.
		n := 1 + r.IntN(togetherProducts+5)
		if r.IntN(2) == 0 {
			ids = append(ids, numbered[ref.VariantKind](n))
		} else {
			skus = append(skus, ref.SKU(fmt.Sprint("S-", n)))
		}
	}
	var answer any
	var err error
	switch r.IntN(4) {
	case 0:
		var found []catalog.Sellable
		found, err = s.Products().Sellable(t.Context(), scope, ids, skus)
		slices.SortFunc(found, func(a, b catalog.Sellable) int { return cmp.Compare(a.SKU, b.SKU) })
		answer = found
	case 1:
		answer, err = s.Prices().Plans(t.Context(), scope, ids)
	case 2:
		answer, err = s.Stock().Availability(t.Context(), skus)
	default:
		var cart ordering.Cart
		cart, err = s.Carts().Cart(t.Context(), carts[r.IntN(len(carts))])
		if fault.KindOf(cmp.Or(err, error(fault.Down.New("")))) == fault.NotFound {
			return "no such cart"
		}
		answer = cart
	}
	if err != nil {
		t.Errorf("question %d: %v", seed, err)
	}
	return answer
}

// Who asks at the same time as others, for other channels, currencies, languages and times, is told what he would be told
// alone.
func TestReadsTogetherAnswerAsAlone(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	s := openPostgres(t, small(database(t)))
	fillTogether(t, s)
	till := newTill(t, s, nil)
	carts := []ref.CartID{ref.NewCartID([ref.SecretSize]byte{1, 2, 3})} // One that is not there.
	for _, v := range till.many(t, 5, 100) {
		c, err := till.cart(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		carts = append(carts, c)
	}
	const questions = 600
	alone := make([]any, questions)
	for i := range alone {
		alone[i] = togetherQuestion(t, s, uint64(i), carts)
	}
	var all sync.WaitGroup
	for range 24 {
		all.Go(func() {
			for range questions / 4 {
				i := rand.IntN(questions) //nolint:gosec // Any mixture will do.
				if got := togetherQuestion(t, s, uint64(i), carts); !reflect.DeepEqual(got, alone[i]) {
					t.Errorf("question %d: among others %v\nalone %v", i, got, alone[i])
					return
				}
			}
		})
	}
	all.Wait()
}
