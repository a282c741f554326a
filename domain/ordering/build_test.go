package ordering_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// now is when things are decided.
func now() time.Time { return orderingtest.Moment() }

// uuid is the n-th id.
func uuid(n byte) ref.UUID { return ref.UUID{0: 1, 6: 0x70, 8: 0x80, 15: n} }

func variant(n byte) ref.VariantID { return ref.NewID[ref.VariantKind](uuid(n)) }
func line(n byte) ref.LineID       { return ref.NewID[ref.LineKind](uuid(n)) }

func gbp(minor int64) money.Money { return money.New(minor, money.GBP) }

// item is the n-th thing on sale.
func item(n byte) ordering.Item {
	return ordering.Item{
		Variant: variant(n), Product: ref.NewID[ref.ProductKind](uuid(n)), SKU: ref.SKU("SKU-" + string(rune('A'+n))), Title: "Product",
	}
}

// emptyCart is an active cart without lines.
func emptyCart() ordering.Cart {
	return ordering.Cart{
		ID: ref.NewCartID([20]byte{1}), Version: 1, Status: ordering.CartActive, Channel: ref.DefaultChannel,
		Currency: money.GBP, CreatedAt: now(), UpdatedAt: now(),
	}
}

// filled is a cart with a line of each quantity, of the items from 1 on.
func filled(tb testing.TB, quantities ...int64) ordering.Cart {
	tb.Helper()
	c := emptyCart()
	for i, q := range quantities {
		next, err := c.Add(line(byte(i+1)), item(byte(i+1)), q, now())
		if err != nil {
			tb.Fatal(err)
		}
		c = next
	}
	return c
}

// quoted is a cart's quote at 9.99 a piece.
func quoted(tb testing.TB, c ordering.Cart) ordering.Quote {
	tb.Helper()
	items, prices := map[ref.VariantID]ordering.Item{}, map[ref.VariantID]ordering.PriceFact{}
	for n := range byte(10) {
		items[variant(n)] = item(n)
		prices[variant(n)] = ordering.PriceFact{Unit: money.NewUnitPrice(9_990_000, money.GBP)}
	}
	q, err := ordering.QuoteCart(c, items, prices)
	if err != nil {
		tb.Fatal(err)
	}
	return q
}

// costs makes prices of variants from millionths of a pound.
func costs(micro map[byte]int64) map[ref.VariantID]ordering.PriceFact {
	out := make(map[ref.VariantID]ordering.PriceFact, len(micro))
	for n, m := range micro {
		out[variant(n)] = ordering.PriceFact{Unit: money.NewUnitPrice(m, money.GBP)}
	}
	return out
}

// home is an address that breaks no rule.
func home() ordering.Address {
	return ordering.Address{Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB"}
}

// details break no rule.
func details() ordering.Details {
	return ordering.Details{Email: "ada@example.org", ShippingAddress: home()}
}

// begin is the Begin of a command.
func begin() ports.Command {
	return ports.Command{
		Step: ports.CommandBegin, Key: ports.CommandKey{Actor: "cart:1", Route: "checkout", Key: "k"},
		Fingerprint: [32]byte{1}, Owner: uuid(200), At: now(), Lease: now().Add(ordering.DefaultLease),
	}
}

// placement places a cart with lines of 2 and 3 pieces.
func placement(tb testing.TB, offline bool) ordering.Placement {
	tb.Helper()
	ids := &orderingtest.Sequence{}
	return ordering.Placement{
		Quote: quoted(tb, filled(tb, 2, 3)), Details: details(), Locale: "en-GB", Provider: "till", Offline: offline, At: now(),
		Command: begin(), NextID: ids.New,
	}
}

// wantClass fails the test unless the error is of the class.
func wantClass(t *testing.T, err error, class fault.Class) {
	t.Helper()
	if !fault.Is(err, class) {
		t.Fatalf("got %v, want %s", err, class.Code())
	}
}

// wantFields fails the test unless the error lists exactly these fields.
func wantFields(t *testing.T, err error, fields ...string) {
	t.Helper()
	got := map[string]int{}
	if e := fault.Of(err); e != nil {
		for _, v := range e.Violations() {
			got[v.Field()]++
		}
	}
	for _, f := range fields {
		got[f]--
	}
	for f, n := range got {
		if n != 0 {
			t.Errorf("field %q is named %+d times too often in %v", f, n, err)
		}
	}
}
