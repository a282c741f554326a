package ordering_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func TestCheckout(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]struct {
		status  ordering.Status
		payment ordering.PaymentStatus
	}{
		orderingtest.TillCaptures:   {ordering.Placed, ordering.PaymentPaid},
		orderingtest.TillAuthorizes: {ordering.Placed, ordering.PaymentAuthorized},
		orderingtest.TillWaits:      {ordering.Pending, ordering.PaymentPending},
	} {
		t.Run(token, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			r := request(s.cart(t, 2), token)
			p := s.checkout(t, r)
			if p.Order.Status != want.status || p.Replayed || ordering.PaymentStatusOf(p.Order, p.Payments) != want.payment {
				t.Fatalf("got %+v", p)
			}
			s.reserved(t, 2)
			shown, err := s.Order(t.Context(), p.Order.ID, p.Token)
			if err != nil || shown.Order.Number != p.Order.Number || shown.Order.Totals.Total != gbp(2*999) {
				t.Errorf("read by its token: %+v, %v", shown, err)
			}
			_, err = s.Order(t.Context(), p.Order.ID, "k1.wrong")
			wantClass(t, err, fault.Missing)
			again := s.checkout(t, r)
			if !again.Replayed || again.Order.ID != p.Order.ID || again.Token != p.Token || len(s.till.Taken()) > 1 {
				t.Errorf("a replay: %+v", again)
			}
			r.Key = "another"
			_, err = s.Checkout(t.Context(), scope(), r)
			wantClass(t, err, ordering.CartCompleted)
			s.reserved(t, 2)
		})
	}
}

func TestCheckoutOffline(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 2), "")
	r.Provider = "cash"
	p := s.checkout(t, r)
	if p.Order.Status != ordering.Placed || len(p.Payments) != 1 || p.Replayed {
		t.Fatalf("got %+v", p)
	}
	if again := s.checkout(t, r); !again.Replayed || again.Order.ID != p.Order.ID || again.Token != p.Token {
		t.Errorf("a replay: %+v", again)
	}
	f, err := s.Figures(t.Context())
	if err != nil || f.Orders[ordering.Placed] != 1 || f.Revenue["GBP"] != 2*999 {
		t.Errorf("figures %+v, %v", f, err)
	}
	if _, err = s.SetQuantity(t.Context(), scope(), r.Cart, nil, line(1), 1); !fault.Is(err, ordering.CartCompleted) {
		t.Errorf("a change of a completed cart: %v", err)
	}
}

func TestDeclineThenRetry(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 10), orderingtest.TillDeclines)
	for i := range 2 {
		p, err := s.Checkout(t.Context(), scope(), r)
		wantClass(t, err, ordering.PaymentDeclined)
		if p.Order.Status != ordering.Cancelled || p.Replayed != (i == 1) || fault.Of(err).Message() != "the card was declined" {
			t.Errorf("time %d: %+v, %v", i, p, err)
		}
		s.reserved(t, 0)
	}
	r.Key, r.Token = "k2", orderingtest.TillCaptures
	if p := s.checkout(t, r); p.Order.Status != ordering.Placed {
		t.Errorf("with another card: %+v", p)
	}
	s.reserved(t, 10)
}

func TestProviderIsDown(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.till.Fail(fault.Down.New("out of paper"), false)
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	_, err := s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, ordering.PaymentDeclined)
	s.reserved(t, 0)
	r.Key = "k2"
	s.checkout(t, r)
}

func TestProviderAnswerIsLost(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"unknown": fault.Lost.New("lost"), "defect": errors.New("panic")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.till.Fail(err, true)
			r := request(s.cart(t, 1), orderingtest.TillCaptures)
			if p := s.checkout(t, r); p.Order.Status != ordering.Pending || p.Payments[0].Settled() {
				t.Errorf("got %+v", p)
			}
			s.reserved(t, 1)
			if p := s.checkout(t, r); p.Order.Status != ordering.Pending || !p.Replayed {
				t.Errorf("a replay: %+v", p)
			}
		})
	}
}

func TestCheckoutRefuses(t *testing.T) {
	t.Parallel()
	other := gbp(1)
	for name, tc := range map[string]struct {
		change func(*ordering.CheckoutRequest)
		fields []string
	}{
		"email": {func(r *ordering.CheckoutRequest) { r.Details.Email = "ada" }, []string{"email"}},
		"addresses": {func(r *ordering.CheckoutRequest) {
			r.Details.ShippingAddress, r.Details.BillingAddress = ordering.Address{Region: "\x00"}, &ordering.Address{}
		}, []string{"shipping_address.name", "shipping_address.line1", "shipping_address.city", "shipping_address.region", "shipping_address.postal_code", "shipping_address.country", "billing_address.name", "billing_address.line1", "billing_address.city", "billing_address.postal_code", "billing_address.country"}},
		"shipping": {func(r *ordering.CheckoutRequest) { r.Details.ShippingOption = "drone" }, []string{"shipping_option"}},
		"provider": {func(r *ordering.CheckoutRequest) { r.Provider = "barter" }, []string{"payment.provider"}},
		"token":    {func(r *ordering.CheckoutRequest) { r.Token = "tok_unknown" }, []string{"payment.token"}},
		"long token": {func(r *ordering.CheckoutRequest) {
			r.Token, r.ExpectedTotal = strings.Repeat("x", ordering.TokenMax+1), &other
		}, []string{"payment.token"}},
		"no key":   {func(r *ordering.CheckoutRequest) { r.Key = "" }, []string{"Idempotency-Key"}},
		"long key": {func(r *ordering.CheckoutRequest) { r.Key = strings.Repeat("k", ordering.KeyMax+1) }, []string{"Idempotency-Key"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			r := request(s.cart(t, 1), orderingtest.TillCaptures)
			good := r
			tc.change(&r)
			_, err := s.Checkout(t.Context(), scope(), r)
			wantClass(t, err, fault.Bad)
			wantFields(t, err, tc.fields...)
			s.checkout(t, good) // What was refused stored nothing.
		})
	}
}

func TestAddressAndEmailRules(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	// Refused for its total at the latest, so that nothing is written and only the field decides.
	total := gbp(1)
	try := func(change func(*ordering.Details)) error {
		r := request(c, orderingtest.TillCaptures)
		r.ExpectedTotal = &total
		change(&r.Details)
		_, err := s.Checkout(t.Context(), scope(), r)
		return err
	}
	for email, ok := range map[string]bool{
		"ada@example.org": true, "a+b@x.y.z": true, "jürgen@exämple.org": true, "o'neill@example.ie": true,
		strings.Repeat("a", 242) + "@example.org": true, strings.Repeat("a", 243) + "@example.org": false,
		"": false, "ada": false, "@example.org": false, "ada@": false, "ada@example": false, "ada@.org": false, "ada@org.": false,
		"a@b@c.org": false, "a da@example.org": false, "ada@example.org\n": false, "\xff@example.org": false, " ": false,
	} {
		err := try(func(d *ordering.Details) { d.Email = email })
		if got := fault.Is(err, ordering.PriceChanged); got != ok {
			t.Errorf("%q: %v", email, err)
		}
	}
	for name, tc := range map[string]struct {
		change func(*ordering.Address)
		field  string
	}{
		"full":            {func(a *ordering.Address) { a.Line2, a.Region = "Flat 2", strings.Repeat("é", 127) }, ""},
		"blank":           {func(a *ordering.Address) { a.Name = "  \u00a0" }, "name"},
		"long":            {func(a *ordering.Address) { a.Line1 = strings.Repeat("x", ordering.AddressMax+1) }, "line1"},
		"line break":      {func(a *ordering.Address) { a.City = "Ipswich\n" }, "city"},
		"broken":          {func(a *ordering.Address) { a.Line2 = "\xc3" }, "line2"},
		"lower country":   {func(a *ordering.Address) { a.Country = "gb" }, "country"},
		"long country":    {func(a *ordering.Address) { a.Country = "GBR" }, "country"},
		"no country":      {func(a *ordering.Address) { a.Country = "" }, "country"},
		"two-byte letter": {func(a *ordering.Address) { a.Country = "É" }, "country"},
	} {
		for _, of := range []string{"shipping_address", "billing_address"} {
			a := home()
			tc.change(&a)
			err := try(func(d *ordering.Details) {
				if of == "shipping_address" {
					d.ShippingAddress = a
				} else {
					d.BillingAddress = &a
				}
			})
			if tc.field == "" {
				wantClass(t, err, ordering.PriceChanged)
				continue
			}
			if !fault.Is(err, fault.Bad) {
				t.Errorf("%s: %v", name, err)
			}
			wantFields(t, err, of+"."+tc.field)
		}
	}
}

func TestCheckoutConflicts(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 2)
	r := request(c, orderingtest.TillCaptures)
	wrong := gbp(1)
	r.ExpectedTotal = &wrong
	_, err := s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, ordering.PriceChanged)
	if fault.Of(err).Details()["current_total"] != gbp(2*999) {
		t.Errorf("details %v", fault.Of(err).Details())
	}
	empty, err := s.CreateCart(t.Context(), scope(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Checkout(t.Context(), scope(), request(empty.Cart, orderingtest.TillCaptures))
	wantClass(t, err, ordering.RequirementsUnmet)
	s.shelf.Withdraw(variant(1))
	r.ExpectedTotal = nil
	_, err = s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, ordering.RequirementsUnmet)
	wantFields(t, err, "lines[0]")
	s.shelf.Put(item(1))
	_, err = s.Checkout(t.Context(), scope(), request(s.cart(t, 11), orderingtest.TillCaptures))
	wantClass(t, err, ordering.OutOfStock)
	wantFields(t, err, "lines[0].quantity")
	unknown := request(c, orderingtest.TillCaptures)
	unknown.Cart = ref.NewCartID([20]byte{9})
	_, err = s.Checkout(t.Context(), scope(), unknown)
	wantClass(t, err, fault.Missing)
	right := gbp(2 * 999)
	r.ExpectedTotal = &right
	s.checkout(t, r) // The same key: what was refused stored nothing.
}

func TestSameKeyOtherRequest(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	s.checkout(t, r)
	r.Details.Email = "other@example.org"
	_, err := s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, ordering.IdempotencyMismatch)
	s.checkout(t, request(s.cart(t, 1), orderingtest.TillCaptures)) // Another cart's key.
}

func TestInProgress(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	var inner error
	s.till.Before(func() { _, inner = s.Checkout(t.Context(), scope(), r) })
	p := s.checkout(t, r)
	wantClass(t, inner, ordering.InProgress)
	if p.Order.Status != ordering.Placed {
		t.Errorf("got %+v", p)
	}
}

func TestSupersededAttempt(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	var inner ordering.PlacedOrder
	s.till.Before(func() { // The first attempt hangs; its lease passes and a retry finishes the work.
		s.clock.Advance(ordering.DefaultLease)
		inner = s.checkout(t, r)
	})
	p := s.checkout(t, r)
	if p.Order.ID != inner.Order.ID || p.Order.Status != ordering.Placed || len(s.till.Taken()) != 1 || !p.Replayed {
		t.Errorf("got %+v and %+v, %d charges", p, inner, len(s.till.Taken()))
	}
	s.reserved(t, 1)
}

func TestTakeover(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		provider string
		charge   error // Of the first attempt.
		stands   bool
		again    error // Of what the second attempt asks first.
		want     ordering.Status
		charged  int
	}{
		"charged":                   {"till", nil, true, nil, ordering.Placed, 1},
		"charged, answer lost":      {"till", fault.Lost.New("lost"), true, nil, ordering.Placed, 1},
		"never charged":             {"till", fault.Lost.New("lost"), false, nil, ordering.Placed, 1},
		"cannot be looked up":       {"till", fault.Lost.New("lost"), true, fault.Down.New("down"), ordering.Pending, 1},
		"without a lookup":          {"blind", fault.Lost.New("lost"), true, nil, ordering.Placed, 1},
		"without a lookup and down": {"blind", fault.Lost.New("lost"), true, fault.Down.New("down"), ordering.Pending, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			r := request(s.cart(t, 1), orderingtest.TillCaptures)
			r.Provider = tc.provider
			s.till.Before(func() { s.faults.Inject(ordering.BeforeCommit, errors.New("power cut")) })
			if tc.charge != nil {
				s.till.Fail(tc.charge, tc.stands)
			}
			_, err := s.Checkout(t.Context(), scope(), r)
			if err == nil || fault.KindOf(err) != fault.Unknown {
				t.Fatalf("got %v, want kind unknown", err)
			}
			_, err = s.Checkout(t.Context(), scope(), r)
			wantClass(t, err, ordering.InProgress)
			s.clock.Advance(ordering.DefaultLease)
			if tc.again != nil {
				s.till.Fail(tc.again, false)
			}
			p := s.checkout(t, r)
			if p.Order.Status != tc.want || len(s.till.Taken()) != tc.charged {
				t.Errorf("got %s, %d charges", p.Order.Status, len(s.till.Taken()))
			}
			s.reserved(t, 1)
			if again := s.checkout(t, r); !again.Replayed || again.Order.ID != p.Order.ID {
				t.Errorf("a replay: %+v", again)
			}
		})
	}
}

func TestClaimWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	s.faults.Inject(ordering.AfterCommit, errors.New("power cut"))
	_, err := s.Checkout(t.Context(), scope(), r)
	if err == nil || fault.KindOf(err) != fault.Unknown {
		t.Fatalf("got %v, want kind unknown", err)
	}
	_, err = s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, ordering.InProgress)
	s.clock.Advance(ordering.DefaultLease)
	if p := s.checkout(t, r); p.Order.Status != ordering.Placed || len(s.till.Taken()) != 1 {
		t.Errorf("got %+v", p)
	}
	s.reserved(t, 1)
}

// TestTakeoverOfSettled takes over an order that somebody else has settled by then, such as a webhook.
func TestTakeoverOfSettled(t *testing.T) {
	t.Parallel()
	for state, want := range map[ordering.ChargeState]ordering.Status{
		ordering.ChargeCaptured: ordering.Placed, ordering.ChargeDeclined: ordering.Cancelled,
	} {
		s := open(t)
		r := request(s.cart(t, 1), orderingtest.TillWaits)
		s.faults.Inject(ordering.AfterCommit, errors.New("power cut"))
		if _, err := s.Checkout(t.Context(), scope(), r); fault.KindOf(err) != fault.Unknown {
			t.Fatal(err)
		}
		s.settle(t, r.Cart, state)
		s.clock.Advance(ordering.DefaultLease)
		p, err := s.Checkout(t.Context(), scope(), r)
		if state == ordering.ChargeDeclined {
			wantClass(t, err, ordering.PaymentDeclined)
		} else if err != nil {
			t.Errorf("%s: %v", state, err)
		}
		if p.Order.Status != want {
			t.Errorf("%s: the order is %s", state, p.Order.Status)
		}
	}
}

// settle tells the store what came of the charge of a cart's order.
func (s *shop) settle(t *testing.T, id ref.CartID, state ordering.ChargeState) {
	t.Helper()
	c, err := s.parts.Carts.Cart(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	o, payments, err := s.parts.Orders.Order(t.Context(), c.Order)
	if err != nil {
		t.Fatal(err)
	}
	a := apply(t, ordering.Settlement{
		Sale: ordering.Sale{Order: o, Payments: payments}, Cart: c, Moment: ordering.Moment{At: now(), NextID: s.parts.IDs.New},
	}, ordering.ChargeResult{State: state})
	if _, err := s.parts.Committer.Commit(t.Context(), a.Commit); err != nil {
		t.Fatal(err)
	}
}

func TestCartChangedMeanwhile(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	parts := s.parts
	once := true
	parts.Committer = contested{parts.Committer, func() {
		if once {
			once = false
			if _, err := s.AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{Variant: variant(2), Quantity: 1}); err != nil {
				t.Error(err)
			}
		}
	}}
	_, err := ordering.NewService(parts, nil).Checkout(t.Context(), scope(), request(c, orderingtest.TillCaptures))
	wantClass(t, err, ordering.CartChanged)
}

// TestLoserOfTheKey begins a key between another's look for it and its commit.
func TestLoserOfTheKey(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	parts := s.parts
	once := true
	parts.Committer = contested{parts.Committer, func() {
		if once {
			once = false
			s.checkout(t, r)
		}
	}}
	p, err := ordering.NewService(parts, nil).Checkout(t.Context(), scope(), r)
	if err != nil || !p.Replayed || p.Order.Status != ordering.Placed {
		t.Errorf("got %+v, %v", p, err)
	}
	s.reserved(t, 1)
}

// TestLoserOfTheLease takes a lease over between another's look at it and its commit.
func TestLoserOfTheLease(t *testing.T) {
	t.Parallel()
	for name, finish := range map[string]bool{"taken": false, "finished": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			r := request(s.cart(t, 1), orderingtest.TillCaptures)
			s.faults.Inject(ordering.AfterCommit, errors.New("power cut"))
			if _, err := s.Checkout(t.Context(), scope(), r); fault.KindOf(err) != fault.Unknown {
				t.Fatal(err)
			}
			s.clock.Advance(ordering.DefaultLease)
			parts := s.parts
			once := true
			parts.Committer = contested{parts.Committer, func() {
				if !once {
					return
				}
				once = false
				if !finish {
					s.till.Before(func() { s.faults.Inject(ordering.BeforeCommit, errors.New("power cut")) })
				}
				if _, err := s.Checkout(t.Context(), scope(), r); (err == nil) != finish {
					t.Error(err)
				}
			}}
			p, err := ordering.NewService(parts, nil).Checkout(t.Context(), scope(), r)
			if finish {
				if err != nil || !p.Replayed || p.Order.Status != ordering.Placed {
					t.Errorf("got %+v, %v", p, err)
				}
				return
			}
			wantClass(t, err, ordering.InProgress)
		})
	}
}

// numbersTaken refuses the first commits of orders for their numbers.
type numbersTaken struct {
	ordering.Committer
	times   *int
	numbers *[]string
}

func (n numbersTaken) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	if len(c.Orders) > 0 && c.Orders[0].Expected == 0 {
		*n.numbers = append(*n.numbers, c.Orders[0].State.Number)
		if *n.times--; *n.times >= 0 {
			return ordering.Outcome{}, ordering.NumberTaken.New("taken")
		}
	}
	return n.Committer.Commit(ctx, c)
}

func TestNumberTaken(t *testing.T) {
	t.Parallel()
	for times, ok := range map[int]bool{1: true, 3: true, 4: false} {
		s := open(t)
		parts := s.parts
		left := times
		var numbers []string
		parts.Committer = numbersTaken{parts.Committer, &left, &numbers}
		_, err := ordering.NewService(parts, nil).Checkout(t.Context(), scope(), request(s.cart(t, 1), orderingtest.TillCaptures))
		if (err == nil) != ok {
			t.Errorf("taken %d times: %v", times, err)
		}
		slices.Sort(numbers)
		if len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
			t.Errorf("numbers came twice: %v", numbers)
		}
	}
}

// commandsDown fails.
type commandsDown struct{}

func (commandsDown) Find(context.Context, ports.CommandKey) (*ports.CommandRecord, error) {
	return nil, fault.Down.New("down")
}

func TestCheckoutWhenPartsAreDown(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	parts := s.parts
	parts.Commands = commandsDown{}
	// The records are looked into only before a refusal, so that a replay is not refused.
	dear := r
	total := money.New(1, money.GBP)
	dear.ExpectedTotal = &total
	_, err := ordering.NewService(parts, nil).Checkout(t.Context(), scope(), dear)
	wantClass(t, err, fault.Down)
	s.shelf.Break(fault.Down.New("down"))
	_, err = s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, fault.Down)
	s.shelf.Break(nil)
	s.faults.Inject(ordering.BeforeFacts, errors.New("power cut"))
	_, err = s.Checkout(t.Context(), scope(), r)
	wantClass(t, err, fault.Down)
	s.checkout(t, r)
}

func TestLeaseOption(t *testing.T) {
	t.Parallel()
	s := open(t)
	short := ordering.NewService(s.parts, &ordering.Options{Lease: time.Second})
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	s.faults.Inject(ordering.AfterCommit, errors.New("power cut"))
	if _, err := short.Checkout(t.Context(), scope(), r); fault.KindOf(err) != fault.Unknown {
		t.Fatal(err)
	}
	s.clock.Advance(time.Second)
	if p, err := short.Checkout(t.Context(), scope(), r); err != nil || p.Order.Status != ordering.Placed {
		t.Errorf("got %+v, %v", p, err)
	}
}

// TestCallerLeavesWhileCharging cancels the caller's context once the provider is asked.
func TestCallerLeavesWhileCharging(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := request(s.cart(t, 1), orderingtest.TillCaptures)
	ctx, cancel := context.WithCancel(t.Context())
	s.till.Before(cancel)
	if p, err := s.Checkout(ctx, scope(), r); err != nil || p.Order.Status != ordering.Placed {
		t.Errorf("got %+v, %v", p, err)
	}
	if p := s.checkout(t, r); !p.Replayed || p.Order.Status != ordering.Placed {
		t.Errorf("a replay: %+v", p)
	}
}
