package memory_test

import (
	"context"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// openOrdering makes a harness of a fresh store.
func openOrdering(t *testing.T) orderingtest.Harness {
	t.Helper()
	faults := orderingtest.NewFaults()
	return orderingHarness(memory.New(orderingtest.NewClock(orderingtest.Moment()), &memory.Options{Fault: faults.Hook}), faults)
}

// orderingHarness is the store as the suites of ordering see it. To open it anew is to ask it for its ports again: its
// data live as long as it does.
func orderingHarness(s *memory.Store, faults *orderingtest.Faults) orderingtest.Harness {
	return orderingtest.Harness{
		Committer: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Inbox: s.PaymentInbox(), Customers: s.CustomerOrders(), Commands: s.Commands(),
		Outbox: s.Outbox(), Stock: s.Stock(),
		Attachment: func(_ context.Context, kind, key string) ([]byte, bool, error) {
			data, found := s.Attachments().Get(kind, key)
			return data, found, nil
		},
		Claim:  s.Claim,
		Faults: faults,
		Reopen: func(orderingtest.TB) orderingtest.Harness { return orderingHarness(s, faults) },
	}
}

func TestCommitter(t *testing.T) {
	t.Parallel()
	orderingtest.TestCommitter(t, openOrdering, orderingtest.Features{})
}

func TestCarts(t *testing.T) {
	t.Parallel()
	orderingtest.TestCarts(t, openOrdering, orderingtest.Features{})
}

func TestCustomerOrders(t *testing.T) {
	t.Parallel()
	orderingtest.TestCustomerOrders(t, openOrdering, orderingtest.Features{})
}

func TestInboxSweeper(t *testing.T) {
	t.Parallel()
	orderingtest.TestInboxSweeper(t, openOrdering, orderingtest.Features{})
}

func TestPaymentInbox(t *testing.T) {
	t.Parallel()
	orderingtest.TestPaymentInbox(t, openOrdering, orderingtest.Features{})
}

func TestOrders(t *testing.T) {
	t.Parallel()
	orderingtest.TestOrders(t, openOrdering, orderingtest.Features{})
}

func TestImportCommitter(t *testing.T) {
	t.Parallel()
	orderingtest.TestImportCommitter(t, openOrdering, orderingtest.Features{})
}
