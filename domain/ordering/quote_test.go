package ordering_test

import (
	"math"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// notices lists codes and fields.
func notices(in []ordering.Notice) []string {
	var out []string
	for _, n := range in {
		out = append(out, n.Code+" "+n.Field)
	}
	return out
}

// wantNotices fails the test unless exactly these are noticed, as "code field".
func wantNotices(t *testing.T, got []ordering.Notice, wanted ...string) {
	t.Helper()
	if !slices.Equal(notices(got), wanted) {
		t.Errorf("noticed %q, want %q", notices(got), wanted)
	}
	for _, n := range got {
		if n.Step == "" || n.Message == "" {
			t.Errorf("a notice without step or message: %+v", n)
		}
	}
}

func TestStocked(t *testing.T) {
	t.Parallel()
	c := filled(t, 5, 5, 5, 5)
	engraved, err := c.Put(line(9), item(1), ordering.Addition{Quantity: 2, Custom: ordering.Customisation{"a": "b"}}, now())
	if err != nil {
		t.Fatal(err)
	}
	sku := func(n byte) ref.SKU { return item(n).SKU }
	all := map[ref.SKU]ordering.StockFact{sku(1): {Available: 7}, sku(2): {Available: 5}, sku(3): {Available: 5}, sku(4): {Available: 5}}
	q := quoted(t, engraved)
	wantNotices(t, q.Stocked(all).Warnings)
	for name, tc := range map[string]struct {
		fact ordering.StockFact
		code string
	}{
		"none":             {ordering.StockFact{}, ordering.NoticeOutOfStock},
		"fewer":            {ordering.StockFact{Available: 6}, ordering.NoticeNotEnough},
		"some later":       {ordering.StockFact{Available: 6, Beyond: 1}, ordering.NoticeBackordered},
		"all later":        {ordering.StockFact{Beyond: 7}, ordering.NoticeBackordered},
		"too few later":    {ordering.StockFact{Available: 1, Beyond: 5}, ordering.NoticeNotEnough},
		"owed":             {ordering.StockFact{Available: -3, Beyond: -3}, ordering.NoticeOutOfStock},
		"as many as count": {ordering.StockFact{Available: 1, Beyond: math.MaxInt64}, ordering.NoticeBackordered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			facts := map[ref.SKU]ordering.StockFact{sku(1): tc.fact, sku(2): {Available: 5}, sku(3): {Available: 5}, sku(4): {Available: 5}}
			got := q.Stocked(facts)
			wantNotices(t, got.Warnings, tc.code+" lines[0].quantity", tc.code+" lines[4].quantity")
			if got.Warnings[0].Line != line(1) || got.Warnings[1].Line != line(9) || len(got.Requirements) != 0 || len(q.Warnings) != 0 {
				t.Errorf("warnings %+v", got.Warnings)
			}
		})
	}
	got := q.Stocked(nil)
	if len(got.Warnings) != 5 {
		t.Errorf("without a fact: %q", notices(got.Warnings))
	}
}

func TestPriceChanged(t *testing.T) {
	t.Parallel()
	c := filled(t, 2, 1, 1)
	old, same := money.NewUnitPrice(8_000_000, money.GBP), money.NewUnitPrice(9_990_000, money.GBP)
	c.Lines[0].Agreed, c.Lines[1].Agreed = &old, &same
	q := quoted(t, c)
	wantNotices(t, q.Warnings, "price_changed lines[0].unit_price")
	if q.Totals.Total != gbp(4*999) || !q.Lines[0].PriceChanged() || q.Lines[1].PriceChanged() || q.Lines[2].PriceChanged() {
		t.Errorf("totals %+v, lines %+v", q.Totals, q.Lines)
	}
	confirmed, changes, err := q.Confirm(now())
	if err != nil || !changes || len(confirmed.Warnings) != 0 || confirmed.Cart.Version != c.Version+1 {
		t.Fatalf("confirmed %+v, %v", confirmed, err)
	}
	for i, l := range confirmed.Cart.Lines {
		if l.Agreed == nil || *l.Agreed != same || *confirmed.Lines[i].Agreed != same {
			t.Errorf("line %d agreed %v", i, l.Agreed)
		}
	}
	if *c.Lines[0].Agreed != old || c.Lines[2].Agreed != nil || len(q.Warnings) != 1 {
		t.Error("confirming changed what it was given")
	}
	if again, changes, err := confirmed.Confirm(now()); err != nil || changes || again.Cart.Version != confirmed.Cart.Version {
		t.Errorf("again: %v, %v", changes, err)
	}
}

func TestQuantityRuleIsRequired(t *testing.T) {
	t.Parallel()
	c := filled(t, 5, 1)
	six := item(1)
	six.Quantity = ordering.OrderQuantity{Step: 6}
	q, err := ordering.QuoteCart(c, map[ref.VariantID]ordering.Item{variant(1): six, variant(2): item(2)}, costs(map[byte]int64{1: 1, 2: 1}))
	if err != nil {
		t.Fatal(err)
	}
	wantNotices(t, q.Warnings, "quantity_rule lines[0].quantity")
	wantNotices(t, q.Requirements, "quantity_rule lines[0].quantity")
	if q.Lines[0].Rule.Step != 6 {
		t.Errorf("rule %+v", q.Lines[0].Rule)
	}
}

func TestCheckoutNeeds(t *testing.T) {
	t.Parallel()
	poNumber := func(q ordering.Quote, d *ordering.Details) []ordering.Notice {
		if d == nil || q.Cart.Metadata["po"] != "" {
			return nil
		}
		return []ordering.Notice{{Step: ordering.StepPayment, Code: "po_number", Field: "metadata.po", Message: "trade orders have a number"}}
	}
	rules := []ordering.Requirement{poNumber}
	empty := ordering.Details{ShippingOption: "rocket"}
	q := quoted(t, emptyCart())
	wantNotices(t, q.With(rules, nil).Requirements, "empty lines")
	got := ordering.CheckoutNeeds(q.With(rules, &empty), empty)
	wantNotices(t, got, "empty lines", "po_number metadata.po", "missing email", "missing shipping_address.name", "missing shipping_address.line1",
		"missing shipping_address.city", "missing shipping_address.postal_code", "missing shipping_address.country", "missing shipping_option")
	steps := map[string]string{}
	for _, n := range got {
		steps[n.Field] = n.Step
	}
	if steps["lines"] != ordering.StepCart || steps["email"] != ordering.StepAddress || steps["shipping_option"] != ordering.StepDelivery || steps["metadata.po"] != ordering.StepPayment {
		t.Errorf("steps %v", steps)
	}
	c := filled(t, 1)
	c.Metadata = ordering.Metadata{"po": "4711"}
	d := details()
	wantNotices(t, ordering.CheckoutNeeds(quoted(t, c).With(rules, &d), d))
	if len(q.Requirements) != 1 {
		t.Error("rules changed the quote that they were asked of")
	}
}

func TestSumRows(t *testing.T) {
	t.Parallel()
	lines := []money.Money{gbp(100), gbp(250)}
	shipping := []ordering.ShippingLine{{Code: "a", Total: gbp(30)}, {Code: "b", Total: gbp(5)}}
	taxes := []ordering.TaxLine{{Code: "vat", Total: gbp(20)}, {Code: "vat", Total: gbp(999), Included: true}, {Code: "x", Total: gbp(1)}}
	got, err := ordering.SumRows(money.GBP, lines, gbp(50), shipping, taxes)
	if err != nil || got != (ordering.Totals{Subtotal: gbp(350), Discount: gbp(50), Shipping: gbp(35), Tax: gbp(21), Total: gbp(356)}) {
		t.Errorf("got %+v, %v", got, err)
	}
	most := gbp(math.MaxInt64)
	for name, err := range map[string]error{
		"lines": second(ordering.SumRows(money.GBP, []money.Money{most, gbp(1)}, gbp(0), nil, nil)),
		"total": second(ordering.SumRows(money.GBP, []money.Money{most}, gbp(0), []ordering.ShippingLine{{Total: gbp(1)}}, nil)),
		"below": second(ordering.SumRows(money.GBP, []money.Money{gbp(math.MinInt64)}, gbp(1), nil, nil)),
	} {
		if !fault.Is(err, money.Overflow) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"line":     second(ordering.SumRows(money.GBP, []money.Money{money.New(1, money.EUR)}, gbp(0), nil, nil)),
		"discount": second(ordering.SumRows(money.GBP, nil, money.New(1, money.EUR), nil, nil)),
		"tax":      second(ordering.SumRows(money.GBP, nil, gbp(0), nil, []ordering.TaxLine{{Total: money.New(1, money.EUR)}})),
	} {
		if !fault.Is(err, money.CurrencyMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// second is the error of a pair.
func second[T any](_ T, err error) error { return err }

// TestPlaceCopies demands that an order is a snapshot: all that the cart says, sharing nothing with it.
func TestPlaceCopies(t *testing.T) {
	t.Parallel()
	c := filled(t, 2)
	c.Customer, c.Note, c.Metadata = customer(1), "ring twice", ordering.Metadata{"a": "1"}
	c.Lines[0].Custom, c.Lines[0].Note, c.Lines[0].Metadata = ordering.Customisation{"b": "2"}, "blue", ordering.Metadata{"c": "3"}
	origin := ordering.PriceOrigin{Version: 7, From: now()}
	q, err := ordering.QuoteCart(c, map[ref.VariantID]ordering.Item{variant(1): item(1)}, map[ref.VariantID]ordering.PriceFact{
		variant(1): {Unit: money.NewUnitPrice(9_990_000, money.GBP), Origin: origin},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := placement(t, true)
	p.Quote = q
	o, _, commit := ordering.Place(p)
	c.Metadata["a"], c.Lines[0].Custom["b"], c.Lines[0].Metadata["c"] = "spoilt", "spoilt", "spoilt"
	if o.Customer != customer(1) || o.Note != "ring twice" || o.Metadata["a"] != "1" || len(o.Shipping) != 1 || len(o.Taxes) != 0 {
		t.Errorf("order %+v", o)
	}
	if l := o.Lines[0]; l.Custom["b"] != "2" || l.Note != "blue" || l.Metadata["c"] != "3" || l.Origin != origin {
		t.Errorf("line %+v", l)
	}
	if sums, err := o.Sums(); err != nil || sums != o.Totals {
		t.Errorf("the rows come to %+v, %v, the totals are %+v", sums, err, o.Totals)
	}
	if err := commit.Validate(); err != nil {
		t.Error(err)
	}
}

func TestClaimOrder(t *testing.T) {
	t.Parallel()
	o, _, _ := ordering.Place(placement(t, true))
	o.Email = "Ada@Example.org"
	ids := &orderingtest.Sequence{}
	c, due := ordering.ClaimOrder(o, "ada@example.org", customer(1), now(), ids.New)
	if err := c.Validate(); err != nil || !due || c.Orders[0].State.Customer != customer(1) || c.Orders[0].State.Email != o.Email || c.Orders[0].Expected != o.Version {
		t.Fatalf("got %+v, %v", c, err)
	}
	if len(c.Events) != 1 || c.Events[0].Name != "ordering.order_claimed" || c.Events[0].Aggregate != o.ID.String() {
		t.Errorf("events %+v", c.Events)
	}
	for name, due := range map[string]bool{
		"another address": third(ordering.ClaimOrder(o, "eve@example.org", customer(1), now(), ids.New)),
		"no address":      third(ordering.ClaimOrder(o, "", customer(1), now(), ids.New)),
		"nobody":          third(ordering.ClaimOrder(o, "ada@example.org", ref.CustomerID{}, now(), ids.New)),
		"claimed":         third(ordering.ClaimOrder(c.Orders[0].State, "ada@example.org", customer(2), now(), ids.New)),
	} {
		if due {
			t.Errorf("%s: it was claimed", name)
		}
	}
}

// third is whether there was something to write.
func third(_ ordering.Commit, due bool) bool { return due }
