package memory

import (
	"context"
	"sync"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// Store is a shop's state. Its methods give the ports that read and change it; all of them are cheap, see the same
// state and are safe for concurrent use.
type Store struct {
	clock ports.Clock
	hook  func(ordering.Point) error

	// turn is held by a commit from its first read to its publication, so that what it decided on still holds.
	turn sync.Mutex
	// mu guards the state. Publishing takes both locks, so the holder of turn reads the state without mu.
	mu       sync.RWMutex
	catalog  catalogState
	pricing  pricingState
	stock    stockState
	ordering orderingState
	commands commandState
	outbox   outboxState
	jobs     jobState

	access    accessState
	customers customersState
	audit     auditState
	limiter   *RateLimiter
	content   map[string][]byte // Of blobs.

	told   bell // Rings when events were written.
	called bell // Rings when jobs were enqueued.
}

// Options tune a Store; nil means none of them.
type Options struct {
	// Fault is called at each ordering.Point inside an ordering commit, in their order. Its error makes the commit fail
	// there: up to BeforeCommit nothing is written and the error is of kind Unavailable, at AfterCommit everything is
	// and the error is of kind Unknown. It may read the store; it must not commit before AfterCommit, since commits
	// take turns.
	Fault func(ordering.Point) error
}

// New makes an empty store. The clock is that of what the store does by itself; what happened is dated by commits.
func New(clock ports.Clock, opts *Options) *Store {
	s := &Store{
		clock: clock, catalog: newCatalogState(), pricing: newPricingState(), stock: newStockState(),
		ordering: newOrderingState(), commands: newCommandState(), outbox: newOutboxState(), jobs: newJobState(),
		access: newAccessState(), customers: newCustomersState(), limiter: NewRateLimiter(), content: map[string][]byte{},
	}
	if opts != nil {
		s.hook = opts.Fault
	}
	return s
}

// update runs one commit in its turn: decide reads the state and gives what publishes the change, or an error when
// there is none.
func (s *Store) update(ctx context.Context, decide func() (publish func(), err error)) error {
	if err := ended(ctx); err != nil {
		return err
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	publish, err := decide()
	if err != nil {
		return err
	}
	if err := ended(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	publish()
	return nil
}

// view runs a read at one moment of the state.
func view[T any](ctx context.Context, s *Store, read func() (T, error)) (T, error) {
	if err := ended(ctx); err != nil {
		var none T
		return none, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return read()
}

// ended refuses work for a caller who is gone.
func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Down.New("the request ended before the store was asked; nothing was done").Because(err)
	}
	return nil
}

// pass calls the hook at a point.
func (s *Store) pass(p ordering.Point) error {
	if s.hook == nil {
		return nil
	}
	return s.hook(p)
}
