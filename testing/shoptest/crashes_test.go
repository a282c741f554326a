package shoptest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// story is something that is done to a shop, with a key where it needs one, so that it can be asked for again.
type story struct {
	name string
	// prepare makes what do needs; do is asked for again, with the same key, until its outcome is known.
	prepare func(t *testing.T, s *shoptest.Shop) func(ctx context.Context) error
	// end tells what is to be in the end.
	end func(s *shoptest.Shop, o ordering.Sale) string
}

// stories move money and goods in every way.
var stories = []story{
	{"checkout", checkout(shoptest.Captures), ends("placed paid 1 captured")},
	{"checkout, held", checkout(shoptest.Authorizes), ends("placed authorized 1 authorized")},
	{"checkout, declined", checkout(shoptest.Declines), ends("cancelled none 1 declined")},
	{"checkout, answer lost", checkout(shoptest.LosesAnswer), ends("placed paid 1 captured")},
	{"capture", func(t *testing.T, s *shoptest.Shop) func(context.Context) error {
		t.Helper()
		placed := s.Order(t, shoptest.Order{Pay: shoptest.Authorizes})
		return func(ctx context.Context) error {
			_, err := s.Ordering.Capture(ctx, ordering.CaptureRequest{Order: placed.Order.ID, Actor: "ada", Key: "k"})
			return err
		}
	}, ends("placed paid 1 authorized 1 captured")},
	{"refund", func(t *testing.T, s *shoptest.Shop) func(context.Context) error {
		t.Helper()
		placed := s.Order(t, shoptest.Order{})
		return func(ctx context.Context) error {
			_, err := s.Ordering.Refund(ctx, ordering.RefundRequest{Order: placed.Order.ID, Actor: "ada", Key: "k", Reason: "wet"})
			return err
		}
	}, ends("placed refunded 1 captured 1 refunded")},
	{"cancel", func(t *testing.T, s *shoptest.Shop) func(context.Context) error {
		t.Helper()
		placed := s.Order(t, shoptest.Order{Pay: shoptest.Authorizes})
		return func(ctx context.Context) error {
			_, err := s.Ordering.Cancel(ctx, placed.Order.ID, "the buyer called")
			if err != nil && fault.KindOf(err) == fault.Conflict {
				return nil // It was done before.
			}
			return err
		}
	}, ends("cancelled voided 1 authorized 1 voided")},
	{"send", func(t *testing.T, s *shoptest.Shop) func(context.Context) error {
		t.Helper()
		placed := s.Order(t, shoptest.Order{})
		return func(ctx context.Context) error {
			_, _, err := s.Ordering.Fulfil(ctx, placed.Order.ID, nil, nil)
			if err != nil && (fault.KindOf(err) == fault.Conflict || fault.KindOf(err) == fault.Invalid) {
				return nil
			}
			return err
		}
	}, ends("completed paid 1 captured")},
}

func checkout(pay shoptest.Behaviour) func(t *testing.T, s *shoptest.Shop) func(context.Context) error {
	return func(t *testing.T, s *shoptest.Shop) func(context.Context) error {
		t.Helper()
		r := s.Request(t, shoptest.Order{Pay: pay})
		return func(ctx context.Context) error {
			_, err := s.Ordering.Checkout(ctx, s.Scope(), r)
			if fault.Is(err, ordering.PaymentDeclined) {
				return nil
			}
			return err
		}
	}
}

// ends compares the order's status, its payment and what the provider did.
func ends(want string) func(s *shoptest.Shop, o ordering.Sale) string {
	return func(s *shoptest.Shop, o ordering.Sale) string {
		counts := map[ordering.PaymentEntryKind]int{}
		for _, e := range s.Provider.Journal() {
			counts[e.Kind]++
		}
		seen := []string{string(o.Order.Status), string(ordering.PaymentStatusOf(o.Order, o.Payments))}
		for _, k := range []ordering.PaymentEntryKind{ordering.EntryAuthorized, ordering.EntryCaptured, ordering.EntryDeclined, ordering.EntryVoided, ordering.EntryRefunded} {
			if counts[k] > 0 {
				seen = append(seen, fmt.Sprintf("%d %s", counts[k], k))
			}
		}
		got := strings.Join(seen, " ")
		if got == want {
			return ""
		}
		return fmt.Sprintf("got %q, want %q", got, want)
	}
}

// TestEveryCallMayBeTheLast does each story once for each call that it makes of a port, and has the process die before
// or behind that call, or the call fail before or behind its effect. Then the process starts anew, time passes, the same
// is asked for again, and everything must be as if nothing had happened.
func TestEveryCallMayBeTheLast(t *testing.T) {
	t.Parallel()
	for _, tc := range stories {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			calls := countCalls(t, tc)
			for _, kind := range []faulty.Kind{faulty.CrashBefore, faulty.CrashAfter, faulty.Before, faulty.After} {
				for n := range calls {
					tell(t, tc, kind, n)
				}
			}
			if calls < 2 {
				t.Errorf("the story made %d calls", calls)
			}
		})
	}
}

// tell tells a story with a fault at its n-th call.
func tell(t *testing.T, tc story, kind faulty.Kind, n int) {
	t.Helper()
	armed, seen, where := false, 0, ""
	shop := shoptest.New(t, &shoptest.Options{Choose: func(c faulty.Call) faulty.Fault {
		if !armed {
			return faulty.Fault{}
		}
		seen++
		if seen != n+1 {
			return faulty.Fault{}
		}
		where = c.Port + "." + c.Method
		return faulty.Fault{Kind: kind}
	}})
	do := tc.prepare(t, shop)
	armed = true
	var err error
	crashed := faulty.Survive(func() { err = do(t.Context()) })
	armed = false
	at := fmt.Sprintf("%s at call %d, %s", kind, n, where)
	if crashed {
		shop.Restart()
	}
	for tries := 0; crashed || err != nil; tries++ {
		if tries == 5 {
			t.Fatalf("%s: there is no end to asking again: %v", at, err)
		}
		// Sooner than the sweeper, who would give up what was never asked for.
		shop.Clock.Forward(ordering.DefaultLease + time.Second)
		crashed, err = false, do(t.Context())
	}
	// A quarter of an hour is longer than any claim, lease or wait of the sweeper.
	if err := shop.Advance(t.Context(), 15*time.Minute); err != nil {
		t.Fatalf("%s: working: %v", at, err)
	}
	sound(t, shop, tc, at)
}

// countCalls counts the calls of a story that nothing happens to.
func countCalls(t *testing.T, tc story) int {
	t.Helper()
	armed, seen := false, 0
	shop := shoptest.New(t, &shoptest.Options{Choose: func(faulty.Call) faulty.Fault {
		if armed {
			seen++
		}
		return faulty.Fault{}
	}})
	do := tc.prepare(t, shop)
	armed = true
	_ = do(t.Context()) // An answer may be lost by the story itself.
	return seen
}

// sound looks at the shop in the end.
func sound(t *testing.T, shop *shoptest.Shop, tc story, at string) {
	t.Helper()
	listed, err := shop.Ordering.Orders(t.Context(), ordering.OrderQuery{Limit: 10})
	if err != nil || len(listed.Items) != 1 {
		t.Fatalf("%s: %d orders, %v; want one", at, len(listed.Items), err)
	}
	refused := strings.Contains(at, "before at") && !strings.Contains(at, "crash") && strings.HasSuffix(at, "PaymentProvider.Charge")
	if wrong := tc.end(shop, listed.Items[0]); wrong != "" && !refused { // What was not charged for sure is not asked for again.
		t.Errorf("%s: %s", at, wrong)
	}
	d, err := doctor.New(doctor.Sources{
		Orders: shop.Plain.Orders, Stock: shop.Plain.Stock, Outbox: shop.Plain.Outbox, Providers: shop.Plain.Providers, Clock: shop.Clock,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := d.Examine(t.Context()); err != nil || !r.Clean() {
		t.Errorf("%s: the doctor found %+v, %v", at, r.Findings, err)
	}
}
