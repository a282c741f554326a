package shopapitest

import (
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
)

// amount is money as the contract writes it.
type amount struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// totals are the sums of a cart or an order.
type totals struct {
	Subtotal amount `json:"subtotal"`
	Discount amount `json:"discount"`
	Shipping amount `json:"shipping"`
	Tax      amount `json:"tax"`
	Total    amount `json:"total"`
}

// line is a line of a cart or an order.
type line struct {
	ID        string `json:"id"`
	VariantID string `json:"variant_id"`
	SKU       string `json:"sku"`
	Title     string `json:"title"`
	Quantity  int64  `json:"quantity"`
	UnitPrice amount `json:"unit_price"`
	Total     amount `json:"total"`
}

// cart is a cart.
type cart struct {
	ID       string `json:"id"`
	Version  int64  `json:"version"`
	Currency string `json:"currency"`
	Lines    []line `json:"lines"`
	Totals   totals `json:"totals"`
}

// order is an order.
type order struct {
	ID               string `json:"id"`
	Number           string `json:"number"`
	Token            string `json:"token"`
	Status           string `json:"status"`
	PaymentStatus    string `json:"payment_status"`
	FulfilmentStatus string `json:"fulfilment_status"`
	Email            string `json:"email"`
	Lines            []line `json:"lines"`
	Totals           totals `json:"totals"`
}

var decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// value reads an amount exactly and checks how it is written: at least the currency's digits, at most those of most.
func (a amount) value(t *testing.T, what string, most int) *big.Rat {
	t.Helper()
	currency, err := money.CurrencyOf(a.Currency)
	if err != nil {
		t.Errorf("%s: currency %q", what, a.Currency)
		return new(big.Rat)
	}
	if most < currency.Digits() {
		most = currency.Digits()
	}
	out, ok := new(big.Rat).SetString(a.Amount)
	if !ok || !decimal.MatchString(a.Amount) {
		t.Errorf("%s: amount %q", what, a.Amount)
		return new(big.Rat)
	}
	_, fraction, _ := strings.Cut(a.Amount, ".")
	if len(fraction) < currency.Digits() || len(fraction) > most {
		t.Errorf("%s: %q has %d decimals, %s has %d and at most %d are allowed", what, a.Amount, len(fraction), a.Currency, currency.Digits(), most)
	}
	return out
}

// The decimals that amounts may have: those of the currency, and finer ones of unit prices.
const (
	exactly = 0
	finer   = 6
)

// holdSums computes all sums again from the unit prices, exactly. A line may differ from quantity times price by half
// a minor unit, by which it was rounded once; sums may not differ at all.
func holdSums(t *testing.T, what, currency string, lines []line, sums totals) {
	t.Helper()
	code, err := money.CurrencyOf(currency)
	if err != nil {
		t.Errorf("%s: currency %q", what, currency)
		return
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(code.Digits())), nil)
	half := new(big.Rat).SetFrac(big.NewInt(1), unit.Lsh(unit, 1))
	subtotal := new(big.Rat)
	for _, l := range lines {
		for _, one := range []amount{l.UnitPrice, l.Total} {
			if one.Currency != currency {
				t.Errorf("%s: line %s is in %s", what, l.SKU, one.Currency)
			}
		}
		price, total := l.UnitPrice.value(t, what+" unit_price", finer), l.Total.value(t, what+" line total", exactly)
		off := new(big.Rat).Sub(total, price.Mul(price, new(big.Rat).SetInt64(l.Quantity)))
		if off.Abs(off).Cmp(half) > 0 {
			t.Errorf("%s: %d of %s at %s is not %s", what, l.Quantity, l.SKU, l.UnitPrice.Amount, l.Total.Amount)
		}
		subtotal.Add(subtotal, total)
	}
	read := func(name string, a amount) *big.Rat {
		if a.Currency != currency {
			t.Errorf("%s: %s is in %s", what, name, a.Currency)
		}
		return a.value(t, what+" "+name, exactly)
	}
	if got := read("subtotal", sums.Subtotal); got.Cmp(subtotal) != 0 {
		t.Errorf("%s: the subtotal %s is not the sum of the lines, %s", what, sums.Subtotal.Amount, subtotal.FloatString(code.Digits()))
	}
	total := subtotal.Sub(subtotal, read("discount", sums.Discount))
	total.Add(total, read("shipping", sums.Shipping)).Add(total, read("tax", sums.Tax))
	if got := read("total", sums.Total); got.Cmp(total) != 0 {
		t.Errorf("%s: the total %s is not subtotal − discount + shipping + tax", what, sums.Total.Amount)
	}
}

// readCart is the cart that an answer holds, its shape and sums checked.
func readCart(t *testing.T, a answer, status int) cart {
	t.Helper()
	var c cart
	a.read(t, status, &c)
	members := a.members(t)
	wantMembers(t, "the cart", members, "id", "version", "currency", "lines", "totals", "requirements", "warnings")
	for _, list := range []string{"lines", "requirements", "warnings"} {
		if _, ok := members[list].([]any); !ok {
			t.Errorf("%s: %s is no list", a, list)
		}
	}
	if c.ID == "" || c.Version < 1 {
		t.Errorf("%s: no id or version", a)
	}
	holdLines(t, a, c.Lines)
	holdSums(t, "the cart", c.Currency, c.Lines, c.Totals)
	return c
}

func holdLines(t *testing.T, a answer, lines []line) {
	t.Helper()
	ids := make(map[string]bool)
	for _, l := range lines {
		if l.ID == "" || ids[l.ID] || l.VariantID == "" || l.SKU == "" || l.Title == "" || l.Quantity < 1 {
			t.Errorf("%s: line %+v", a, l)
		}
		ids[l.ID] = true
	}
}

// readOrder is the order that an answer holds, its shape and sums checked.
func readOrder(t *testing.T, a answer, status int) order {
	t.Helper()
	var o order
	a.read(t, status, &o)
	wantMembers(t, "the order", a.members(t), "id", "number", "token", "status", "payment_status", "fulfilment_status",
		"email", "lines", "totals", "addresses", "timeline")
	if o.ID == "" || o.Number == "" || o.Token == "" || len(o.Lines) == 0 {
		t.Fatalf("%s: lacks its id, number, token or lines", a)
	}
	holdLines(t, a, o.Lines)
	holdSums(t, "the order", o.Totals.Total.Currency, o.Lines, o.Totals)
	return o
}
