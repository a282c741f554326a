package ownrow_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/examples/ownrow"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// shopWithGifts is a shop whose committer is ours around the store's: one line where the shop is put together.
func shopWithGifts() *shoptest.Shop {
	return shoptest.Make(&shoptest.Options{Ports: func(p shoptest.Ports) shoptest.Ports {
		p.Ordering = ownrow.New(p.Ordering)
		return p
	}})
}

// request asks to order the lines with a message.
func request(t shoptest.TB, shop *shoptest.Shop, message string, lines ...shoptest.Line) ordering.CheckoutRequest {
	t.Helper()
	r := shop.Request(t, shoptest.Order{Lines: lines})
	data := ordering.Metadata{ownrow.MessageKey: message}
	if _, err := shop.Ordering.RemarkCart(t.Context(), shop.Scope(), r.Cart, nil, ordering.Remarks{Metadata: &data}); err != nil {
		t.Fatalf("remarking: %v", err)
	}
	return r
}

func Example() {
	t, shop := shoptest.Outside(), shopWithGifts()
	placed, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), request(t, shop, "Happy birthday, Grace"))
	if err != nil {
		fmt.Println(err)
		return
	}
	gift, found, err := ownrow.Of(shop.Store.Attachments(), placed.Order.ID)
	fmt.Println(gift.Message, gift.Number == placed.Order.Number, found, err)
	// Output: Happy birthday, Grace true true <nil>
}

// An order that is refused leaves no row, and one whose answer was lost leaves one, however often it is asked for.
func TestRowsComeAndStayAwayWithTheirOrders(t *testing.T) {
	t.Parallel()
	shop := shopWithGifts()
	rows := func() int { return len(shop.Store.Attachments().Keys("gift")) }
	last := shoptest.Line{SKU: shop.Product(t, shoptest.Product{Stock: 1}).Variants[0].SKU}

	both := last
	both.Quantity = 2
	if _, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), request(t, shop, "too many", both)); !fault.Is(err, ordering.OutOfStock) || rows() != 0 {
		t.Errorf("refused with %v there are %d rows", err, rows())
	}
	r := request(t, shop, "the last", last)
	shop.Faults.On("ordering.Committer", "Commit", faulty.Fault{Kind: faulty.After})
	if _, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), r); !fault.Is(err, fault.Lost) || rows() != 1 {
		t.Errorf("lost with %v there are %d rows", err, rows())
	}
	shop.Clock.Forward(ordering.DefaultLease)
	if _, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), r); err != nil || rows() != 1 {
		t.Errorf("asked again with %v there are %d rows", err, rows())
	}
	if shop.Order(t, shoptest.Order{}); rows() != 1 {
		t.Error("an order without a message has a row")
	}
}

// A decorator keeps the whole contract of what it wraps: the suite of the store is its suite too.
func TestTheDecoratedStoreIsStillOne(t *testing.T) {
	t.Parallel()
	orderingtest.TestCommitter(t, func(*testing.T) orderingtest.Harness {
		faults := orderingtest.NewFaults()
		return harness(memory.New(orderingtest.NewClock(orderingtest.Moment()), &memory.Options{Fault: faults.Hook}), faults)
	}, orderingtest.Features{})
}

func harness(s *memory.Store, faults *orderingtest.Faults) orderingtest.Harness {
	return orderingtest.Harness{
		Committer: ownrow.New(s.Ordering()), Carts: s.Carts(), Orders: s.Orders(), Inbox: s.PaymentInbox(), Customers: s.CustomerOrders(),
		Commands: s.Commands(), Outbox: s.Outbox(), Stock: s.Stock(), Claim: s.Claim, Faults: faults,
		Attachment: func(_ context.Context, kind, key string) ([]byte, bool, error) {
			data, found := s.Attachments().Get(kind, key)
			return data, found, nil
		},
		Reopen: func(orderingtest.TB) orderingtest.Harness { return harness(s, faults) },
	}
}

// counting is a committer with a capability of its own.
type counting struct{ ordering.Committer }

func (counting) Count() int { return 7 }

func TestCapabilitiesAreNotHidden(t *testing.T) {
	t.Parallel()
	if c, ok := ports.As[interface{ Count() int }](ownrow.New(ownrow.New(counting{}))); !ok || c.Count() != 7 {
		t.Error("the decorator hides what it wraps")
	}
}
