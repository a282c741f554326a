package shoptest_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
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
	if run(1) != run(1) {
		t.Error("two runs of one seed differ")
	}
	if run(1) == run(2) {
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
			if v.Field(i).IsZero() {
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
	shop.Advance(3 * time.Minute)
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
		shop.Advance(ordering.DefaultLease)
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
			got.journal += string(e.State)
		}
		if got != w {
			t.Errorf("%s: got %+v, want %+v", b, got, w)
		}
		if len(p.Undecided()) != 0 {
			t.Errorf("%s: undecided after settling", b)
		}
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
