package custompayment_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/examples/custompayment"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// open makes a wallet that nobody has paid with, and tells the suites how to see and how to break the other side.
func open(*testing.T) orderingtest.ProviderHarness {
	operator := custompayment.NewOperator(map[string]int64{"ada": 1 << 60})
	return orderingtest.ProviderHarness{
		Provider: custompayment.New(operator), Good: "now:ada", Held: "later:ada", Declined: "now:nobody",
		Lose:   func(orderingtest.TB) { operator.Break(true) },
		Refuse: func(orderingtest.TB) { operator.Break(false) },
		Moved: func(t orderingtest.TB) map[ref.PaymentID]orderingtest.Moved {
			out := map[ref.PaymentID]orderingtest.Moved{}
			for id, d := range debits(t, operator) {
				out[id] = orderingtest.Moved{Held: d.Aside, Captured: d.Taken, Voided: d.LetGo, Refunded: d.GivenBack}
			}
			return out
		},
		Taken: func(t orderingtest.TB) map[ref.PaymentID]money.Money {
			out := map[ref.PaymentID]money.Money{}
			for id, d := range debits(t, operator) {
				if d.Aside > 0 {
					out[id] = money.New(d.Aside, money.GBP)
				}
			}
			return out
		},
	}
}

// debits are the operator's books, by payment.
func debits(t orderingtest.TB, o *custompayment.Operator) map[ref.PaymentID]custompayment.Debit {
	t.Helper()
	out := map[ref.PaymentID]custompayment.Debit{}
	for _, key := range o.Keys() {
		id, err := ref.ParseID[ref.PaymentKind](key)
		if err != nil {
			t.Fatalf("a debit of no payment: %v", err)
		}
		out[id], _ = o.Debit(key)
	}
	return out
}

func TestWallet(t *testing.T) {
	t.Parallel()
	orderingtest.TestPaymentProvider(t, open, orderingtest.ProviderFeatures{})
	orderingtest.TestPaymentCapabilities(t, open, "tok_of_a_card")
	orderingtest.TestPaymentEffects(t, open, orderingtest.ProviderFeatures{})
}

// What was captured since does not change what a charge came to: a part of it would be taken for all of it.
func TestTheResultOfAChargeStays(t *testing.T) {
	t.Parallel()
	w := custompayment.New(custompayment.NewOperator(map[string]int64{"ada": 1000}))
	charge := ordering.Charge{Payment: ref.NewID[ref.PaymentKind](ref.UUID{1}), Amount: money.New(1000, money.GBP), Token: "later:ada"}
	first, err := w.Charge(t.Context(), charge)
	if err != nil {
		t.Fatalf("charging: %v", err)
	}
	capture := ordering.CaptureCall{Payment: charge.Payment, ID: ref.NewID[ref.CaptureKind](ref.UUID{1}), Amount: money.New(400, money.GBP)}
	if r, err := w.Capture(t.Context(), capture); err != nil || r.State != ordering.EffectSucceeded {
		t.Fatalf("capturing: %+v, %v", r, err)
	}
	if again, found, err := w.Lookup(t.Context(), charge.Payment); again != first || !found || err != nil {
		t.Errorf("a charge that came to %+v is looked up as %+v, %v", first, again, err)
	}
}

// Ada's wallet pays for two mugs: the money is put aside with the order, taken when they leave, and one comes back. The
// shop is that of shoptest, which is the domain's services on the memory store; the wallet is one more of its providers.
func Example() {
	t, operator := shoptest.Outside(), custompayment.NewOperator(map[string]int64{"ada": 5000})
	shop := shoptest.Make(&shoptest.Options{Ports: func(p shoptest.Ports) shoptest.Ports {
		p.Providers = append(p.Providers, custompayment.New(operator))
		return p
	}})
	mug := shop.Product(t, shoptest.Product{Title: "Mug", Price: "12.50"})
	request := shop.Request(t, shoptest.Order{Lines: []shoptest.Line{{SKU: mug.Variants[0].SKU, Quantity: 2}}})
	request.Provider, request.Token = custompayment.Name, custompayment.PayLater+"ada"

	placed, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), request)
	show := func(what string, x ordering.Sale, err error) {
		fmt.Println(what, x.Order.Status, ordering.PaymentStatusOf(x.Order, x.Payments), operator.Balance("ada"), err)
	}
	show("ordered:", ordering.Sale{Order: placed.Order, Payments: placed.Payments}, err)

	taken, err := shop.Ordering.Capture(t.Context(), ordering.CaptureRequest{Order: placed.Order.ID, Actor: "till", Key: "c1"})
	show("sent:", taken.Sale, err)

	operator.Break(true) // The money goes back, and nobody hears of it.
	one := money.New(1250, money.GBP)
	back, err := shop.Ordering.Refund(t.Context(), ordering.RefundRequest{Order: placed.Order.ID, Amount: &one, Actor: "till", Key: "r1"})
	fmt.Println("came back:", back.State, operator.Balance("ada"), err)
	shop.Clock.Forward(time.Minute) // The sweep asks again, under the same key, so that no more goes back.
	_, err = shop.Ordering.SweepOrders(t.Context(), 100)
	after, _ := shop.Ordering.Sale(t.Context(), placed.Order.ID)
	show("swept:", after, err)

	request = shop.Request(t, shoptest.Order{Lines: []shoptest.Line{{SKU: mug.Variants[0].SKU, Quantity: 4}}})
	request.Provider, request.Token = custompayment.Name, custompayment.PayNow+"ada"
	_, err = shop.Ordering.Checkout(t.Context(), shop.Scope(), request)
	fmt.Println("four more:", err)
	// Output:
	// ordered: placed authorized 2500 <nil>
	// sent: placed paid 2500 <nil>
	// came back: unknown 3750 <nil>
	// swept: placed partially_refunded 3750 <nil>
	// four more: payment_declined: there is not enough in the purse
}
