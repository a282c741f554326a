package ordering

import (
	"context"
	"sync"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// turns lets the changes of one cart that come to this process at once follow each other, so that they do not refuse
// each other by their versions: a browser that sends ten additions sends them at once. Between processes the version
// alone decides, and changes are tried again. The zero value is ready; safe for concurrent use.
type turns struct {
	mu    sync.Mutex
	carts map[ref.CartID]*turn
}

// turn is that of one cart.
type turn struct {
	wanted int           // By whom has it and by those who wait.
	free   chan struct{} // Holds a word while nobody has it.
}

// take waits for the cart's turn; the caller gives it back by calling release. Errors: fault.Down when the caller
// leaves first.
func (t *turns) take(ctx context.Context, id ref.CartID) (release func(), err error) {
	t.mu.Lock()
	if t.carts == nil {
		t.carts = map[ref.CartID]*turn{}
	}
	mine, known := t.carts[id]
	if !known {
		mine = &turn{free: make(chan struct{}, 1)}
		mine.free <- struct{}{}
		t.carts[id] = mine
	}
	mine.wanted++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.wanted--; mine.wanted == 0 {
			delete(t.carts, id)
		}
	}
	select {
	case <-mine.free:
		return func() {
			mine.free <- struct{}{}
			leave()
		}, nil
	case <-ctx.Done():
		leave()
		return nil, fault.Down.New("the caller left before the cart was changed").Because(ctx.Err())
	}
}
