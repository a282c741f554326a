package ordering_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// limited makes the shop count checkouts.
func limited(t *testing.T, a ordering.Attempts) *shop {
	t.Helper()
	s := open(t)
	s.parts.Limiter = s.store.RateLimiter()
	s.Service = ordering.NewService(s.parts, &ordering.Options{Attempts: a})
	return s
}

func TestACartIsCheckedOutSoOften(t *testing.T) {
	t.Parallel()
	s := limited(t, ordering.Attempts{Count: 3, Window: time.Minute})
	r, other := request(s.cart(t, 1), orderingtest.TillDeclines), request(s.cart(t, 1), orderingtest.TillDeclines)
	attempt := func(r ordering.CheckoutRequest, key string) (ordering.PlacedOrder, error) {
		r.Key = key
		return s.Checkout(t.Context(), scope(), r)
	}
	for i := range 3 {
		_, err := attempt(r, fmt.Sprint("k", i))
		wantClass(t, err, ordering.PaymentDeclined)
		s.clock.Advance(time.Second)
	}
	// Replays count nothing, and are answered all the same.
	for range 10 {
		if p, err := attempt(r, "k1"); !p.Replayed || !fault.Is(err, ordering.PaymentDeclined) {
			t.Fatalf("a replay at the limit: %+v, %v", p, err)
		}
	}
	_, err := attempt(r, "k3")
	wantClass(t, err, ordering.RateLimited)
	if f := fault.Of(err); f.Details()["retry_after"] != 57 || !f.Details()["retry_at"].(time.Time).Equal(now().Add(time.Minute)) {
		t.Errorf("when to come back: %v", f.Details())
	}
	_, err = attempt(other, "k1") // Each cart counts by itself.
	wantClass(t, err, ordering.PaymentDeclined)
	_, err = attempt(request(ordering.Cart{ID: ref.NewCartID([20]byte{9})}, orderingtest.TillCaptures), "k") // There is no such cart, so nothing counts it.
	wantClass(t, err, fault.Missing)
	s.clock.Advance(57 * time.Second) // The first one counts no more.
	_, err = attempt(r, "k3")
	wantClass(t, err, ordering.PaymentDeclined)
	_, err = attempt(r, "k4")
	wantClass(t, err, ordering.RateLimited)
	s.clock.Advance(time.Minute)
	r.Token = orderingtest.TillCaptures
	if p, err := attempt(r, "k5"); err != nil || p.Order.Status != ordering.Placed {
		t.Errorf("after the window: %+v, %v", p, err)
	}
	for range 10 {
		if p, err := attempt(r, "k5"); err != nil || !p.Replayed {
			t.Errorf("a replay: %+v, %v", p, err)
		}
	}
}

// What is refused before it claims counts too: a completed cart, another total, a cart that lacks something.
func TestRefusedCheckoutsCount(t *testing.T) {
	t.Parallel()
	s := limited(t, ordering.Attempts{Count: 2, Window: time.Minute})
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	total := gbp(1)
	r.ExpectedTotal = &total
	for i := range 2 {
		r.Key = fmt.Sprint("k", i)
		_, err := s.Checkout(t.Context(), scope(), r)
		wantClass(t, err, ordering.PriceChanged)
	}
	_, err := s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, ordering.RateLimited)
}

// Without a limit, or by default, a buyer is never in the way of himself.
func TestLimitsByDefault(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		attempts ordering.Attempts
		count    int
		limited  bool
	}{
		{ordering.Attempts{}, ordering.DefaultAttempts.Count, true}, {ordering.Attempts{Window: time.Minute}, 2 * ordering.DefaultAttempts.Count, false},
	} {
		s := limited(t, test.attempts)
		r := request(s.cart(t, 1), orderingtest.TillCaptures)
		total := gbp(1)
		r.ExpectedTotal = &total
		for range test.count {
			_, err := s.Checkout(t.Context(), scope(), r)
			wantClass(t, err, ordering.PriceChanged)
		}
		_, err := s.Checkout(t.Context(), scope(), r)
		if fault.Is(err, ordering.RateLimited) != test.limited {
			t.Errorf("after %d with %+v: %v", test.count, test.attempts, err)
		}
	}
}

// limiterDown is a limiter that fails in one of its methods.
type limiterDown struct {
	ports.RateLimiter

	take, give error
}

func (l limiterDown) Take(ctx context.Context, at time.Time, limits []ports.Limit) (ports.Allowance, error) {
	if l.take != nil {
		return ports.Allowance{}, l.take
	}
	return l.RateLimiter.Take(ctx, at, limits)
}

func (l limiterDown) Give(ctx context.Context, a ports.Allowance) error {
	return errors.Join(l.give, l.RateLimiter.Give(ctx, a))
}

// A limit that cannot be asked lets nobody through, and an order that stands is found by its key later.
func TestWithoutTheLimiterNothingIsOrdered(t *testing.T) {
	t.Parallel()
	s := limited(t, ordering.Attempts{})
	down := fault.Down.New("no database")
	with := func(l limiterDown) *ordering.Service {
		parts := s.parts
		l.RateLimiter, parts.Limiter = parts.Limiter, l
		parts.Limiter = l
		return ordering.NewService(parts, nil)
	}
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	_, err := with(limiterDown{take: down}).Checkout(t.Context(), scope(), r)
	wantClass(t, err, fault.Down)
	s.reserved(t, 0)
	s.checkout(t, r)
	if _, err = with(limiterDown{give: down}).Checkout(t.Context(), scope(), r); !fault.Is(err, fault.Down) {
		t.Errorf("a replay that cannot be given back: %v", err)
	}
	if p := s.checkout(t, r); !p.Replayed {
		t.Errorf("later: %+v", p)
	}
}
