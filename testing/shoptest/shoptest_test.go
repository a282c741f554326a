package shoptest_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

func TestTheSameSeedGivesTheSameShop(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		shop := shoptest.New(t, &shoptest.Options{Seed: seed})
		placed := shop.Order(t, shoptest.Order{})
		return fmt.Sprint(placed.Order, placed.Payments, shop.IDs.Secret())
	}
	first, again := run(1), run(1)
	if first != again {
		t.Error("two runs of one seed differ")
	}
	if first == run(2) {
		t.Error("two seeds give the same ids")
	}
}

func TestEveryPortIsSet(t *testing.T) {
	t.Parallel()
	shop := shoptest.New(t, &shoptest.Options{Ports: func(p shoptest.Ports) shoptest.Ports {
		p.Holder = memory.NewHolder(p.Clock) // The only one that a shop may do without.
		return p
	}})
	for _, p := range []shoptest.Ports{shop.Plain, shop.Ports} {
		v := reflect.ValueOf(p)
		for i := range v.NumField() {
			if v.Field(i).IsZero() && v.Type().Field(i).Name != "Holder" { // The shop's goods are its own.
				t.Errorf("%s is not set", v.Type().Field(i).Name)
			}
		}
	}
	plain, faults := reflect.ValueOf(shop.Plain), reflect.ValueOf(shop.Ports)
	for i := range plain.NumField() {
		name := plain.Type().Field(i).Name
		same := plain.Field(i).Kind() == reflect.Interface && plain.Field(i).Interface() == faults.Field(i).Interface()
		if own := name == "Clock" || name == "IDs" || name == "Slugger"; plain.Field(i).Kind() == reflect.Interface && same != own {
			t.Errorf("%s has no faults: %t", name, same)
		}
	}
}

func TestProducts(t *testing.T) {
	t.Parallel()
	shop := shoptest.New(t, nil)
	shirt := shop.Product(t, shoptest.Product{
		Title: "Shirt", Options: []string{"Size"}, Price: "20.00", Stock: 4,
		Variants: []shoptest.Variant{{SKU: "S", Options: []string{"S"}}, {SKU: "L", Options: []string{"L"}, Price: "25.50", Stock: 1}},
	})
	bare := shop.Product(t, shoptest.Product{Price: shoptest.None, Stock: -1})
	q := shop.Cart(t, shoptest.Line{SKU: "S", Quantity: 2}, shoptest.Line{SKU: "L"}, shoptest.Line{Variant: bare.Variants[0].ID})
	if got := q.Totals.Total.String(); got != "65.50 GBP" {
		t.Errorf("the cart costs %s", got)
	}
	if len(q.Requirements) != 1 || q.Requirements[0].Field != "lines[2]" {
		t.Errorf("requirements %+v, want the line without a price", q.Requirements)
	}
	available, err := shop.Inventory.Available(t.Context(), []ref.SKU{"S", "L", bare.Variants[0].SKU})
	if err != nil || len(available) != 2 || available["S"] != 4 || available["L"] != 1 {
		t.Errorf("available: %v, %v", available, err)
	}
	if len(shirt.Variants) != 2 {
		t.Errorf("%d variants", len(shirt.Variants))
	}
}

func TestCustomers(t *testing.T) {
	t.Parallel()
	shop := shoptest.New(t, nil)
	first, second := shop.Customer(t, shoptest.Customer{Groups: []string{"trade"}}), shop.Customer(t, shoptest.Customer{Email: "grace@example.org", Groups: []string{"trade"}})
	if first.ID == second.ID || len(first.Groups) != 1 {
		t.Errorf("got %+v and %+v", first, second)
	}
	cart, err := shop.Ordering.CustomerCart(t.Context(), shop.Scope(), second.ID)
	if err != nil || cart.Cart.Customer != second.ID {
		t.Errorf("the customer's cart is %+v, %v", cart.Cart, err)
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	shop := shoptest.New(t, nil)
	var did []string
	note := func(name string) func() {
		return func() {
			did = append(did, fmt.Sprintf("%s at %s", name, shop.Clock.Now().Sub(shoptest.Morning())))
		}
	}
	shop.Every(time.Minute, note("a"))
	shop.Every(90*time.Second, note("b"))
	if err := shop.Advance(t.Context(), 3*time.Minute); err != nil {
		t.Error(err)
	}
	if want := []string{"a at 1m0s", "b at 1m30s", "a at 2m0s", "a at 3m0s", "b at 3m0s"}; !slices.Equal(did, want) {
		t.Errorf("did %q, want %q", did, want)
	}
	if now := shop.Clock.Now(); now != shoptest.Morning().Add(3*time.Minute) {
		t.Errorf("it is %v", now)
	}
	shop.Clock.Forward(-time.Hour)
	shop.Clock.To(shoptest.Morning())
	if now := shop.Clock.Now(); now != shoptest.Morning().Add(3*time.Minute) {
		t.Errorf("the clock went back to %v", now)
	}
}

func TestWork(t *testing.T) {
	t.Parallel()
	shop := shoptest.New(t, nil)
	var told []string
	shop.Consume("accounts", func(e event.Event) error {
		told = append(told, e.Name)
		return nil
	})
	placed := shop.Order(t, shoptest.Order{})
	if len(told) != 0 {
		t.Errorf("events came by themselves: %v", told)
	}
	if err := shop.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"inventory.stock_adjusted", "ordering.order_pending", "ordering.order_placed"} {
		if !slices.Contains(told, name) {
			t.Errorf("no %s among %v", name, told)
		}
	}
	left := shop.Cart(t, shoptest.Line{Variant: placed.Order.Lines[0].Variant})
	if err := shop.Advance(t.Context(), ordering.DefaultCartPolicy().AbandonAfter+time.Minute); err != nil {
		t.Fatal(err)
	}
	if cart, err := shop.Plain.Carts.Cart(t.Context(), left.Cart.ID); err != nil || cart.Status != ordering.CartAbandoned {
		t.Errorf("the cart that was left is %s, %v; want abandoned, by a job", cart.Status, err)
	}
}

func TestACrashLosesTheProcessAndKeepsTheData(t *testing.T) {
	t.Parallel()
	for _, kind := range []faulty.Kind{faulty.CrashBefore, faulty.CrashAfter} {
		shop := shoptest.New(t, nil)
		r := shop.Request(t, shoptest.Order{})
		shop.Faults.On("ordering.PaymentProvider", "Charge", faulty.Fault{Kind: kind})
		checkout := func() (placed ordering.PlacedOrder, err error) {
			if faulty.Survive(func() { placed, err = shop.Ordering.Checkout(t.Context(), shop.Scope(), r) }) {
				err = fault.Lost.New("crashed")
			}
			return placed, err
		}
		if _, err := checkout(); !fault.Is(err, fault.Lost) {
			t.Fatalf("%s: %v", kind, err)
		}
		shop.Restart()
		if _, err := checkout(); !fault.Is(err, ordering.InProgress) {
			t.Errorf("%s: at once again: %v", kind, err)
		}
		shop.Clock.Forward(ordering.DefaultLease)
		placed, err := checkout()
		if err != nil || placed.Order.Status != ordering.Placed || len(shop.Provider.Journal()) != 1 {
			t.Errorf("%s: %s, %v, journal %v", kind, placed.Order.Status, err, shop.Provider.Journal())
		}
	}
}

func TestSchedulerStopsTasks(t *testing.T) {
	t.Parallel()
	s := shoptest.NewScheduler(1)
	s.Yield() // Of nobody.
	var got []string
	task := s.Go("a", func() {
		defer func() { got = append(got, "ended") }()
		got = append(got, "began")
		s.Yield()
		got = append(got, "went on")
	})
	s.Go("never began", func() { got = append(got, "never") })
	if !s.Resume(task) {
		t.Fatal("it ended at its first turn")
	}
	for _, task := range s.Tasks() {
		s.Stop(task)
	}
	if !slices.Equal(got, []string{"began", "ended"}) || s.Step() {
		t.Errorf("got %q", got)
	}
}

func TestSchedulerPassesPanicsOn(t *testing.T) {
	t.Parallel()
	s := shoptest.NewScheduler(1)
	s.Go("a", func() { panic("mine") })
	defer func() {
		if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), "mine") {
			t.Errorf("recovered %v", p)
		}
	}()
	s.Run()
}

func TestBehaviours(t *testing.T) {
	t.Parallel()
	type want struct {
		first, second, third string
		journal              string
	}
	for b, w := range map[shoptest.Behaviour]want{
		shoptest.Captures:      {"captured", "captured", "captured", "captured"},
		shoptest.Authorizes:    {"authorized", "authorized", "authorized", "authorized"},
		shoptest.Declines:      {"declined", "declined", "declined", "declined"},
		shoptest.TimesOut:      {"outcome_unknown", "captured", "captured", "captured"},
		shoptest.LosesAnswer:   {"outcome_unknown", "captured", "captured", "captured"},
		shoptest.LosesDecline:  {"outcome_unknown", "declined", "declined", "declined"},
		shoptest.CapturesLater: {"pending", "pending", "captured", "captured"},
		shoptest.DeclinesLater: {"pending", "pending", "declined", "declined"},
	} {
		p := shoptest.NewProvider(shoptest.NewClock(shoptest.Morning()))
		charge := ordering.Charge{Payment: ref.NewID[ref.PaymentKind]([16]byte{1}), Token: string(b)}
		call := func() string {
			r, err := p.Charge(t.Context(), charge)
			if err != nil {
				return fault.CodeOf(err)
			}
			return string(r.State)
		}
		got := want{first: call(), second: call()}
		p.Settle(charge.Payment)
		got.third = call()
		for _, e := range p.Journal() {
			got.journal += string(e.Kind)
		}
		if got != w {
			t.Errorf("%s: got %+v, want %+v", b, got, w)
		}
		if len(p.Undecided()) != 0 {
			t.Errorf("%s: undecided after settling", b)
		}
	}
}

func TestEffects(t *testing.T) {
	t.Parallel()
	for b, w := range map[shoptest.EffectBehaviour][2]ordering.EffectState{
		shoptest.Succeeds:      {ordering.EffectSucceeded, ordering.EffectSucceeded},
		shoptest.Fails:         {ordering.EffectFailed, ordering.EffectFailed},
		shoptest.SucceedsLater: {ordering.EffectRequested, ordering.EffectSucceeded},
		shoptest.FailsLater:    {ordering.EffectRequested, ordering.EffectFailed},
	} {
		shop := shoptest.New(t, nil)
		placed := shop.Order(t, shoptest.Order{Pay: shoptest.Authorizes})
		shop.Provider.ScriptEffects(b)
		call := func() ordering.EffectState {
			moved, err := shop.Ordering.Capture(t.Context(), ordering.CaptureRequest{Order: placed.Order.ID, Actor: "ada", Key: "k"})
			if err != nil && !fault.Is(err, ordering.EffectRejected) {
				t.Fatal(err)
			}
			return moved.State
		}
		first := call()
		if n := shop.Provider.SettleEffects(10); n > 1 {
			t.Errorf("%s: %d effects were settled", b, n)
		}
		for _, e := range shop.Provider.Outgoing() {
			if _, err := shop.Ordering.Webhook(t.Context(), shoptest.ProviderName, shop.Provider.Message(e)); err != nil {
				t.Fatal(err)
			}
			shop.Provider.Taken(e.ID)
		}
		if got := [2]ordering.EffectState{first, call()}; got != w || len(shop.Provider.Outgoing()) != 0 {
			t.Errorf("%s: the capture was %v, want %v", b, got, w)
		}
	}
}

func TestMessagesAreSigned(t *testing.T) {
	t.Parallel()
	shop := shoptest.New(t, nil)
	shop.Order(t, shoptest.Order{})
	m := shop.Provider.Message(shop.Provider.Outgoing()[0])
	forged := m
	forged.Body = append(append([]byte(nil), m.Body...), ' ')
	if _, err := shop.Ordering.Webhook(t.Context(), shoptest.ProviderName, forged); !fault.Is(err, ordering.WebhookRefused) {
		t.Errorf("a forged message: %v", err)
	}
	shop.Clock.Forward(ordering.WebhookAge + time.Second)
	if _, err := shop.Ordering.Webhook(t.Context(), shoptest.ProviderName, m); !fault.Is(err, ordering.WebhookRefused) {
		t.Errorf("an old message: %v", err)
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	shop := shoptest.New(t, nil)
	shop.Provider.Script(shoptest.Declines)
	r := shop.Request(t, shoptest.Order{})
	if _, err := shop.Ordering.Checkout(t.Context(), shop.Scope(), r); !fault.Is(err, ordering.PaymentDeclined) {
		t.Errorf("got %v, want payment_declined", err)
	}
	checker, ok := ports.As[ordering.TokenChecker](shop.Ports.Providers[0])
	if !ok || checker.TokenRule("tok_none") == "" || checker.TokenRule("") != "" || checker.TokenRule(string(shoptest.Declines)) != "" {
		t.Error("the provider takes other tokens than behaviours")
	}
}

func TestOutsidePanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), "setting a price") && !strings.Contains(fmt.Sprint(p), "a price") {
			t.Errorf("recovered %v", p)
		}
	}()
	shoptest.Make(nil).Price(shoptest.Outside(), ref.VariantID{}, "nothing")
}
