package integration_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// faulty is a committer whose next answer may be lost or be a defect.
type faulty struct {
	ordering.Committer
	before, after *atomic.Pointer[error]
}

// Unwrap lets capabilities through.
func (f faulty) Unwrap() any { return f.Committer }

// Commit fails once before or after the commit, as armed.
func (f faulty) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	if err := f.before.Swap(nil); err != nil {
		return ordering.Outcome{}, *err
	}
	out, err := f.Committer.Commit(ctx, c)
	if lost := f.after.Swap(nil); lost != nil && err == nil {
		return ordering.Outcome{}, *lost
	}
	return out, err
}

// What goes wrong in a store comes out as what the caller has to do, with no word of the cause; the same key finishes
// the work.
func TestFaultsOfACommit(t *testing.T) {
	t.Parallel()
	const secret = "relation commerce.orders"
	before, after := &atomic.Pointer[error]{}, &atomic.Pointer[error]{}
	s := memoryShop(t, fx.Decorate(func(c ordering.Committer) ordering.Committer { return faulty{c, before, after} }))
	for _, c := range []struct {
		name, code string
		at         *atomic.Pointer[error]
		err        error
		status     int
		replayed   bool // What a second try gives.
	}{
		{"a defect", "internal", before, errors.New(secret), http.StatusInternalServerError, false},
		{"the store is away", "unavailable", before, fault.Down.New("away").Because(errors.New(secret)), http.StatusServiceUnavailable, false},
		{"the answer is lost", "outcome_unknown", after, fault.Lost.New("lost").Because(errors.New(secret)), http.StatusServiceUnavailable, true},
	} {
		cart := s.mustCart(t, line{"A", 1})
		c.at.Store(&c.err)
		a := s.mustCheckout(t, cart, "key", wish(""))
		a.wantCode(t, c.status, c.code)
		if strings.Contains(string(a.body), secret) {
			t.Errorf("%s: the cause is told: %s", c.name, a.body)
		}
		if later := a.header.Get("Retry-After"); (later != "") != (c.status == http.StatusServiceUnavailable) {
			t.Errorf("%s: Retry-After is %q", c.name, later)
		}
		again := s.mustCheckout(t, cart, "key", wish(""))
		if again.status != http.StatusCreated || again.replayed != c.replayed {
			t.Errorf("%s, again: %d, replayed %t: %s", c.name, again.status, again.replayed, again.body)
		}
	}
	s.wantStock(t, "A", 100_000, 3)
}
