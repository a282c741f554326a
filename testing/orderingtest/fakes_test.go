package orderingtest_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// brokenShelf is a Shelf that is broken where a function is set.
type brokenShelf struct {
	*orderingtest.Shelf
	items  func(ids []ref.VariantID, skus []ref.SKU) ([]ref.VariantID, []ref.SKU)
	hidden bool
	prices func(s ref.Scope) ref.Scope
	former bool
	// Unruled items have no rule of quantities; prices of one origin have none.
	unruled, oneOrigin bool
}

func (b brokenShelf) Items(ctx context.Context, s ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]ordering.Item, error) {
	if b.items != nil {
		ids, skus = b.items(ids, skus)
	}
	out, err := b.Shelf.Items(ctx, s, ids, skus)
	for i := range out {
		if b.unruled {
			out[i].Quantity = ordering.OrderQuantity{}
		}
	}
	return out, err
}

func (b brokenShelf) UnitPrices(ctx context.Context, s ref.Scope, variants []ref.VariantID) (map[ref.VariantID]ordering.PriceFact, error) {
	if b.prices != nil {
		s = b.prices(s)
	}
	out, err := b.Shelf.UnitPrices(ctx, s, variants)
	for v, f := range out {
		if b.oneOrigin {
			out[v] = ordering.PriceFact{Unit: f.Unit}
		}
	}
	return out, err
}

// catalogHarness sells from the shelf.
func catalogHarness(b brokenShelf) orderingtest.CatalogHarness {
	b.Shelf = orderingtest.NewShelf()
	return orderingtest.CatalogHarness{
		Catalog: b,
		Sell: func(_ orderingtest.TB, item ordering.Item) ordering.Item {
			b.Put(item)
			return item
		},
		Hide: func(_ orderingtest.TB, item ordering.Item) ordering.Item {
			if b.hidden {
				b.Put(item)
			}
			return item
		},
		Withdraw: func(_ orderingtest.TB, item ordering.Item) { b.Shelf.Withdraw(item.Variant) },
	}
}

// priceHarness prices on the shelf.
func priceHarness(b brokenShelf) orderingtest.PriceHarness {
	b.Shelf = orderingtest.NewShelf()
	set := map[ref.VariantID]bool{}
	return orderingtest.PriceHarness{
		Prices: b,
		Set: func(_ orderingtest.TB, channel ref.Channel, variant ref.VariantID, price money.UnitPrice) {
			if b.former && set[variant] {
				return
			}
			set[variant] = true
			b.Price(channel, variant, price)
		},
	}
}

func TestShelf(t *testing.T) {
	t.Parallel()
	orderingtest.TestProductCatalog(t, func(*testing.T) orderingtest.CatalogHarness { return catalogHarness(brokenShelf{}) })
	orderingtest.TestPriceBook(t, func(*testing.T) orderingtest.PriceHarness { return priceHarness(brokenShelf{}) })
	orderingtest.TestAvailability(t, func(*testing.T) orderingtest.AvailabilityHarness { return stockHarness(brokenStock{}) })
}

func TestProductCatalogMutants(t *testing.T) {
	t.Parallel()
	breaks := func(name, kills string, b brokenShelf) clausetest.Mutant[orderingtest.CatalogHarness] {
		return clausetest.Mutant[orderingtest.CatalogHarness]{
			Name: name, Kills: []string{kills},
			Open: func(orderingtest.TB) orderingtest.CatalogHarness { return catalogHarness(b) },
		}
	}
	mutant := func(name string, b brokenShelf) clausetest.Mutant[orderingtest.CatalogHarness] {
		return breaks(name, "catalog-on-sale", b)
	}
	clausetest.TestMutants(t, orderingtest.CatalogClauses(), []clausetest.Mutant[orderingtest.CatalogHarness]{
		breaks("an item has no rule", "catalog-item", brokenShelf{unruled: true}),
		mutant("what is hidden is sold", brokenShelf{hidden: true}),
		mutant("skus are not looked for", brokenShelf{items: func(ids []ref.VariantID, _ []ref.SKU) ([]ref.VariantID, []ref.SKU) { return ids, nil }}),
		mutant("ids are not looked for", brokenShelf{items: func(_ []ref.VariantID, skus []ref.SKU) ([]ref.VariantID, []ref.SKU) { return nil, skus }}),
		mutant("a hundred at most", brokenShelf{items: func(ids []ref.VariantID, skus []ref.SKU) ([]ref.VariantID, []ref.SKU) {
			return ids[:min(len(ids), 100)], skus[:min(len(skus), 100)]
		}}),
	})
}

func TestPriceBookMutants(t *testing.T) {
	t.Parallel()
	mutant := func(name string, b brokenShelf) clausetest.Mutant[orderingtest.PriceHarness] {
		return clausetest.Mutant[orderingtest.PriceHarness]{
			Name: name, Kills: []string{"prices-present"},
			Open: func(orderingtest.TB) orderingtest.PriceHarness { return priceHarness(b) },
		}
	}
	clausetest.TestMutants(t, orderingtest.PriceClauses(), []clausetest.Mutant[orderingtest.PriceHarness]{
		mutant("the currency is not asked for", brokenShelf{prices: func(s ref.Scope) ref.Scope {
			s.Currency = money.GBP
			return s
		}}),
		mutant("the channel is not asked for", brokenShelf{prices: func(s ref.Scope) ref.Scope {
			s.Channel = ref.DefaultChannel
			return s
		}}),
		{ // Its origin is the former one too.
			Name: "the former price is given", Kills: []string{"prices-present", "prices-origin"},
			Open: func(orderingtest.TB) orderingtest.PriceHarness { return priceHarness(brokenShelf{former: true}) },
		},
		{
			Name: "every price has one origin", Kills: []string{"prices-origin"},
			Open: func(orderingtest.TB) orderingtest.PriceHarness { return priceHarness(brokenShelf{oneOrigin: true}) },
		},
	})
}

// brokenTill is a Till that is broken where a function is set.
type brokenTill struct {
	*orderingtest.Till
	ask    func(ordering.Charge) ordering.Charge
	answer func(ordering.ChargeResult, error) (ordering.ChargeResult, error)
	again  *answers
}

// answers counts the good answers of each payment.
type answers struct {
	mu    sync.Mutex
	count map[ref.PaymentID]byte
}

// other is the payment itself until it was answered well, and then another one.
func (a *answers) other(id ref.PaymentID) ref.PaymentID {
	a.mu.Lock()
	defer a.mu.Unlock()
	u := id.UUID()
	u[14] = a.count[id]
	return ref.NewID[ref.PaymentKind](u)
}

// well counts a good answer.
func (a *answers) well(id ref.PaymentID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count[id]++
}

func (b brokenTill) Charge(ctx context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	if b.ask != nil {
		c = b.ask(c)
	}
	asked := c.Payment
	if b.again != nil {
		c.Payment = b.again.other(asked)
	}
	r, err := b.Till.Charge(ctx, c)
	if b.again != nil && err == nil {
		b.again.well(asked)
	}
	if b.answer != nil {
		return b.answer(r, err)
	}
	return r, err
}

func tillHarness(b brokenTill) orderingtest.ProviderHarness {
	b.Till = orderingtest.NewTill()
	if b.again != nil {
		b.again = &answers{count: map[ref.PaymentID]byte{}}
	}
	return orderingtest.ProviderHarness{
		Provider: b, Good: orderingtest.TillCaptures, Declined: orderingtest.TillDeclines,
		Lose:   func(orderingtest.TB) { b.Fail(fault.Lost.New("the answer was lost"), true) },
		Refuse: func(orderingtest.TB) { b.Fail(fault.Down.New("the till is out of paper"), false) },
		Taken:  func(orderingtest.TB) map[ref.PaymentID]money.Money { return b.Taken() },
	}
}

func TestTill(t *testing.T) {
	t.Parallel()
	for _, token := range []string{orderingtest.TillCaptures, orderingtest.TillAuthorizes} {
		t.Run(token, func(t *testing.T) {
			t.Parallel()
			orderingtest.TestPaymentProvider(t, func(*testing.T) orderingtest.ProviderHarness {
				h := tillHarness(brokenTill{})
				h.Good = token
				return h
			}, orderingtest.ProviderFeatures{})
		})
	}
}

func TestPaymentProviderMutants(t *testing.T) {
	t.Parallel()
	mutant := func(name, kills string, b brokenTill) clausetest.Mutant[orderingtest.ProviderHarness] {
		return clausetest.Mutant[orderingtest.ProviderHarness]{
			Name: name, Kills: []string{kills},
			Open: func(orderingtest.TB) orderingtest.ProviderHarness { return tillHarness(b) },
		}
	}
	kinds := func(from, to fault.Kind) func(ordering.ChargeResult, error) (ordering.ChargeResult, error) {
		return func(r ordering.ChargeResult, err error) (ordering.ChargeResult, error) {
			if err != nil && fault.KindOf(err) == from {
				return r, fault.Define(to, "swapped", "A kind is swapped.").New("swapped")
			}
			return r, err
		}
	}
	clausetest.TestMutants(t, orderingtest.ProviderClauses(), []clausetest.Mutant[orderingtest.ProviderHarness]{
		mutant("a refusal is an error", "provider-decline", brokenTill{answer: func(r ordering.ChargeResult, err error) (ordering.ChargeResult, error) {
			if r.State == ordering.ChargeDeclined {
				return r, errors.New("declined")
			}
			return r, err
		}}),
		mutant("a refusal has no message", "provider-decline", brokenTill{answer: func(r ordering.ChargeResult, err error) (ordering.ChargeResult, error) {
			if r.State == ordering.ChargeDeclined {
				r.Message = ""
			}
			return r, err
		}}),
		mutant("a lost answer is said to be no charge", "provider-unknown", brokenTill{answer: kinds(fault.Unknown, fault.Unavailable)}),
		mutant("a failure is said to be unknown", "provider-unknown", brokenTill{answer: kinds(fault.Unavailable, fault.Unknown)}),
		mutant("a large amount is cut", "provider-amount", brokenTill{ask: func(c ordering.Charge) ordering.Charge {
			c.Amount = money.New(min(c.Amount.Minor(), 1_000_000), c.Amount.Currency())
			return c
		}}),
		mutant("what was answered is charged again", "provider-idempotent", brokenTill{again: &answers{}}),
	})
}
