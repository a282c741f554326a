package orderingtest

import (
	"context"
	"sync"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Harness is one store, fresh and empty, with what the suites need to fill it, look into it and break it. All parts
// are needed but those that Features excuses.
type Harness struct {
	Committer ordering.Committer
	Carts     ordering.Carts
	Orders    ordering.Orders
	Inbox     ordering.PaymentInbox
	Customers ordering.CustomerOrders
	Commands  ports.Commands
	Outbox    ports.Outbox
	Stock     inventory.Stock
	// Attachment reads an attachment; found is false when there is none.
	Attachment func(ctx context.Context, kind, key string) (data []byte, found bool, err error)
	// Claim reads a claim on stock; found is false when there is none.
	Claim func(ctx context.Context, id ref.ClaimID) (c inventory.Claim, found bool, err error)
	// Faults is where the suite arms faults; its Hook is what the store calls at each point of a commit.
	Faults *Faults
	// Reopen closes the store and opens the same data anew, with the same Faults.
	Reopen func(t TB) Harness

	features Features
}

// Features gives, in words, the reasons why a store cannot do a thing; an empty one means that it can. A subtest that
// needs the thing logs the reason and checks nothing.
type Features struct {
	NoFaults string // Why no fault can be injected.
	NoReopen string // Why data do not outlive the store.
	NoClaims string // Why the state of a claim cannot be read.
}

// Faults makes a store fail at chosen points of its commits. Give Hook to the store as its hook. Safe for concurrent
// use.
type Faults struct {
	mu    sync.Mutex
	armed map[ordering.Point]func() error
}

// NewFaults has nothing armed.
func NewFaults() *Faults { return &Faults{armed: map[ordering.Point]func() error{}} }

// Inject makes the next commit that passes the point fail there, once, with err; nil disarms the point.
func (f *Faults) Inject(point ordering.Point, err error) {
	if err == nil {
		f.Do(point, nil)
		return
	}
	f.Do(point, func() error { return err })
}

// Do makes the next commit that passes the point call do there, once, and fail with its error unless that is nil. A
// do of nil disarms the point.
func (f *Faults) Do(point ordering.Point, do func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if do == nil {
		delete(f.armed, point)
		return
	}
	f.armed[point] = do
}

// Hook is for the store to call at each point; its error is to be taken for the store's own.
func (f *Faults) Hook(point ordering.Point) error {
	f.mu.Lock()
	do := f.armed[point]
	delete(f.armed, point)
	f.mu.Unlock()
	if do == nil {
		return nil
	}
	return do()
}

// Clear disarms every point.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.armed)
}
