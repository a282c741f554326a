package orderingtest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// tillIs is the harness of a till, seen as another provider.
func tillIs(provider func(*orderingtest.Till) ordering.PaymentProvider) orderingtest.ProviderHarness {
	till := orderingtest.NewTill()
	return orderingtest.ProviderHarness{
		Provider: provider(till), Good: orderingtest.TillCaptures, Declined: orderingtest.TillDeclines, Held: orderingtest.TillAuthorizes,
		Lose:   func(orderingtest.TB) { till.Fail(fault.Lost.New("the answer was lost"), true) },
		Refuse: func(orderingtest.TB) { till.Fail(fault.Down.New("the till is out of paper"), false) },
		Taken:  func(orderingtest.TB) map[ref.PaymentID]money.Money { return till.Taken() },
		Moved:  func(orderingtest.TB) map[ref.PaymentID]orderingtest.Moved { return till.Moved() },
		Sends: &orderingtest.Sender{
			Event: func(_ orderingtest.TB, at time.Time, e ordering.PaymentEvent) ordering.Webhook {
				return till.Webhook(at, e)
			},
			Garbage: func(_ orderingtest.TB, at time.Time) ordering.Webhook {
				return till.Signed(at, []byte("not { json"))
			},
			Strange: func(_ orderingtest.TB, at time.Time) ordering.Webhook {
				return till.Signed(at, []byte(`{"at":"`+at.Format(time.RFC3339Nano)+`","type":"payout"}`))
			},
		},
	}
}

// sound is a till as it is.
func sound(till *orderingtest.Till) ordering.PaymentProvider { return till }

func TestTillEffects(t *testing.T) {
	t.Parallel()
	open := func(*testing.T) orderingtest.ProviderHarness { return tillIs(sound) }
	t.Run("effects", func(t *testing.T) {
		t.Parallel()
		orderingtest.TestPaymentEffects(t, open, orderingtest.ProviderFeatures{})
	})
	t.Run("webhooks", func(t *testing.T) {
		t.Parallel()
		orderingtest.TestWebhookParser(t, open)
	})
	t.Run("capabilities", func(t *testing.T) {
		t.Parallel()
		orderingtest.TestPaymentCapabilities(t, open, "tok_of_someone_else")
	})
}

// spoiltTill is a till whose effects are asked for and answered in another way.
type spoiltTill struct {
	*orderingtest.Till
	capture func(ordering.CaptureCall, func(ordering.CaptureCall) (ordering.EffectResult, error)) (ordering.EffectResult, error)
	void    func(ordering.VoidCall, func(ordering.VoidCall) (ordering.EffectResult, error)) (ordering.EffectResult, error)
	refund  func(ordering.RefundCall, func(ordering.RefundCall) (ordering.EffectResult, error)) (ordering.EffectResult, error)
	parse   func(ordering.Webhook, func(ordering.Webhook) ([]ordering.PaymentEvent, error)) ([]ordering.PaymentEvent, error)
	lookup  func(ordering.ChargeResult, bool) (ordering.ChargeResult, bool)
	token   func(string) string
	offline func() bool
	charge  func(ordering.Charge) (ordering.ChargeResult, error)
}

func (s *spoiltTill) Charge(ctx context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	if s.charge != nil {
		return s.charge(c)
	}
	return s.Till.Charge(ctx, c)
}

func (s *spoiltTill) Capture(ctx context.Context, c ordering.CaptureCall) (ordering.EffectResult, error) {
	next := func(c ordering.CaptureCall) (ordering.EffectResult, error) { return s.Till.Capture(ctx, c) }
	if s.capture != nil {
		return s.capture(c, next)
	}
	return next(c)
}

func (s *spoiltTill) Void(ctx context.Context, c ordering.VoidCall) (ordering.EffectResult, error) {
	next := func(c ordering.VoidCall) (ordering.EffectResult, error) { return s.Till.Void(ctx, c) }
	if s.void != nil {
		return s.void(c, next)
	}
	return next(c)
}

func (s *spoiltTill) Refund(ctx context.Context, c ordering.RefundCall) (ordering.EffectResult, error) {
	next := func(c ordering.RefundCall) (ordering.EffectResult, error) { return s.Till.Refund(ctx, c) }
	if s.refund != nil {
		return s.refund(c, next)
	}
	return next(c)
}

func (s *spoiltTill) ParseWebhook(w ordering.Webhook) ([]ordering.PaymentEvent, error) {
	if s.parse != nil {
		return s.parse(w, s.Till.ParseWebhook)
	}
	return s.Till.ParseWebhook(w)
}

func (s *spoiltTill) Lookup(ctx context.Context, id ref.PaymentID) (ordering.ChargeResult, bool, error) {
	r, found, err := s.Till.Lookup(ctx, id)
	if s.lookup != nil {
		r, found = s.lookup(r, found)
	}
	return r, found, err
}

func (s *spoiltTill) TokenRule(token string) string {
	if s.token != nil {
		return s.token(token)
	}
	return s.Till.TokenRule(token)
}

func (s *spoiltTill) Offline() bool { return s.offline != nil && s.offline() }

// spoilt makes a mutant of a till.
func spoilt(name string, kills []string, spoil func(*spoiltTill)) clausetest.Mutant[orderingtest.ProviderHarness] {
	return clausetest.Mutant[orderingtest.ProviderHarness]{Name: name, Kills: kills, Open: func(orderingtest.TB) orderingtest.ProviderHarness {
		return tillIs(func(till *orderingtest.Till) ordering.PaymentProvider {
			s := &spoiltTill{Till: till}
			spoil(s)
			return s
		})
	}}
}

// swapped is an error of another kind than the till's.
func swapped(err error, from, to fault.Kind) error {
	if err != nil && fault.KindOf(err) == from {
		return fault.Define(to, "swapped", "A kind is swapped.").New("swapped")
	}
	return err
}

func TestPaymentEffectsMutants(t *testing.T) {
	t.Parallel()
	type result = ordering.EffectResult
	clausetest.TestMutants(t, orderingtest.EffectClauses(), []clausetest.Mutant[orderingtest.ProviderHarness]{
		spoilt("", nil, func(*spoiltTill) {}),
		spoilt("a capture is made again", []string{"capture-once"}, func(s *spoiltTill) {
			s.capture = func(c ordering.CaptureCall, next func(ordering.CaptureCall) (result, error)) (result, error) {
				r, err := next(c)
				if err == nil && c.Amount.Minor() == 400 && s.Calls(c.Payment, c.ID, ref.RefundID{}) > 2 {
					c.ID = ref.NewID[ref.CaptureKind]([16]byte{9})
					return next(c)
				}
				return r, err
			}
		}),
		spoilt("a capture takes all", []string{"capture-part", "capture-once", "capture-unknown", "void-rest"}, func(s *spoiltTill) {
			s.capture = func(c ordering.CaptureCall, next func(ordering.CaptureCall) (result, error)) (result, error) {
				c.Amount = money.New(max(c.Amount.Minor(), 1000), c.Amount.Currency())
				return next(c)
			}
		}),
		spoilt("a capture that is too large is an error", []string{"capture-part"}, func(s *spoiltTill) {
			s.capture = func(c ordering.CaptureCall, next func(ordering.CaptureCall) (result, error)) (result, error) {
				r, err := next(c)
				if r.State == ordering.EffectFailed {
					return result{}, fault.Unexpected.New("too much")
				}
				return r, err
			}
		}),
		spoilt("a lost capture is said to be none", []string{"capture-unknown"}, func(s *spoiltTill) {
			s.capture = func(c ordering.CaptureCall, next func(ordering.CaptureCall) (result, error)) (result, error) {
				r, err := next(c)
				return r, swapped(err, fault.Unknown, fault.Unavailable)
			}
		}),
		spoilt("a void gives up what was captured", []string{"void-rest"}, func(s *spoiltTill) {
			s.void = func(c ordering.VoidCall, next func(ordering.VoidCall) (result, error)) (result, error) {
				if m := s.Moved()[c.Payment]; m.Captured > 0 && m.Captured < m.Held {
					s.Spoil(c.Payment, orderingtest.Moved{Held: m.Held})
				}
				return next(c)
			}
		}),
		spoilt("a void that was made is refused", []string{"void-once", "void-unknown"}, func(s *spoiltTill) {
			s.void = func(c ordering.VoidCall, next func(ordering.VoidCall) (result, error)) (result, error) {
				if s.Moved()[c.Payment].Voided > 0 {
					return result{State: ordering.EffectFailed, Message: "done"}, nil
				}
				return next(c)
			}
		}),
		spoilt("a void of nothing succeeds", []string{"void-none"}, func(s *spoiltTill) {
			s.void = func(c ordering.VoidCall, next func(ordering.VoidCall) (result, error)) (result, error) {
				r, err := next(c)
				if r.State == ordering.EffectFailed {
					r = result{State: ordering.EffectSucceeded}
				}
				return r, err
			}
		}),
		spoilt("a failed void is said to be unknown", []string{"void-unknown"}, func(s *spoiltTill) {
			s.void = func(c ordering.VoidCall, next func(ordering.VoidCall) (result, error)) (result, error) {
				r, err := next(c)
				return r, swapped(err, fault.Unavailable, fault.Unknown)
			}
		}),
		spoilt("a refund is made again", []string{"refund-once"}, func(s *spoiltTill) {
			s.refund = func(c ordering.RefundCall, next func(ordering.RefundCall) (result, error)) (result, error) {
				r, err := next(c)
				if err == nil && c.Amount.Minor() == 400 && s.Calls(c.Payment, ref.CaptureID{}, c.ID) > 2 {
					c.ID = ref.NewID[ref.RefundKind]([16]byte{9})
					return next(c)
				}
				return r, err
			}
		}),
		spoilt("a refund that is too large has no message", []string{"refund-part"}, func(s *spoiltTill) {
			s.refund = func(c ordering.RefundCall, next func(ordering.RefundCall) (result, error)) (result, error) {
				r, err := next(c)
				r.Message = ""
				return r, err
			}
		}),
		spoilt("a lost refund is said to be none", []string{"refund-unknown"}, func(s *spoiltTill) {
			s.refund = func(c ordering.RefundCall, next func(ordering.RefundCall) (result, error)) (result, error) {
				r, err := next(c)
				return r, swapped(err, fault.Unknown, fault.Unavailable)
			}
		}),
	})
}

func TestWebhookParserMutants(t *testing.T) {
	t.Parallel()
	type parse = func(ordering.Webhook) ([]ordering.PaymentEvent, error)
	spoil := func(name, kills string, with func(s *spoiltTill, w ordering.Webhook, next parse) ([]ordering.PaymentEvent, error)) clausetest.Mutant[orderingtest.ProviderHarness] {
		return spoilt(name, []string{kills}, func(s *spoiltTill) {
			s.parse = func(w ordering.Webhook, next func(ordering.Webhook) ([]ordering.PaymentEvent, error)) ([]ordering.PaymentEvent, error) {
				return with(s, w, next)
			}
		})
	}
	clausetest.TestMutants(t, orderingtest.WebhookClauses(), []clausetest.Mutant[orderingtest.ProviderHarness]{
		spoilt("", nil, func(*spoiltTill) {}),
		spoil("what is not signed is taken", "webhook-signed", func(s *spoiltTill, w ordering.Webhook, next parse) ([]ordering.PaymentEvent, error) {
			if w.Header("Till-Signature") == "" {
				return next(s.Signed(w.At, w.Body))
			}
			return next(w)
		}),
		spoil("the last byte is not signed", "webhook-signed", func(_ *spoiltTill, w ordering.Webhook, next parse) ([]ordering.PaymentEvent, error) {
			if n := len(w.Body) - 1; n > 0 && w.Body[n] == ' ' {
				w.Body = w.Body[:n]
			}
			return next(w)
		}),
		spoil("old messages are taken", "webhook-signed", func(_ *spoiltTill, w ordering.Webhook, next parse) ([]ordering.PaymentEvent, error) {
			w.At = orderingtest.Moment()
			return next(w)
		}),
		spoil("garbage is no event", "webhook-shape", func(_ *spoiltTill, w ordering.Webhook, next parse) ([]ordering.PaymentEvent, error) {
			events, err := next(w)
			if fault.Is(err, ordering.MalformedWebhook) {
				return nil, nil
			}
			return events, err
		}),
		spoil("a strange kind is garbage", "webhook-shape", func(_ *spoiltTill, w ordering.Webhook, next parse) ([]ordering.PaymentEvent, error) {
			events, err := next(w)
			if err == nil && len(events) == 0 {
				return nil, ordering.MalformedWebhook.New("what is that?")
			}
			return events, err
		}),
		spoil("an event has no id", "webhook-names", func(_ *spoiltTill, w ordering.Webhook, next parse) ([]ordering.PaymentEvent, error) {
			events, err := next(w)
			for i := range events {
				events[i].ID = ""
			}
			return events, err
		}),
		spoil("an event does not name its refund", "webhook-names", func(_ *spoiltTill, w ordering.Webhook, next parse) ([]ordering.PaymentEvent, error) {
			events, err := next(w)
			for i := range events {
				events[i].Refund = ref.RefundID{}
			}
			return events, err
		}),
	})
}

func TestPaymentCapabilitiesMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, orderingtest.CapabilityClauses("tok_of_someone_else"), []clausetest.Mutant[orderingtest.ProviderHarness]{
		spoilt("", nil, func(*spoiltTill) {}),
		spoilt("it is offline now and then", []string{"offline-constant"}, func(s *spoiltTill) {
			asked := 0
			s.offline = func() bool { asked++; return asked == 2 }
		}),
		// A provider that needs no call and takes money all the same.
		spoilt("it is offline and charges", []string{"offline-pending"}, func(s *spoiltTill) {
			s.offline = func() bool { return true }
		}),
		spoilt("a charge is not found", []string{"lookup-found"}, func(s *spoiltTill) {
			s.lookup = func(ordering.ChargeResult, bool) (ordering.ChargeResult, bool) { return ordering.ChargeResult{}, false }
		}),
		spoilt("a charge is found without its reference", []string{"lookup-found"}, func(s *spoiltTill) {
			s.lookup = func(r ordering.ChargeResult, found bool) (ordering.ChargeResult, bool) {
				r.Reference = ""
				return r, found
			}
		}),
		spoilt("every charge is found", []string{"lookup-missing"}, func(s *spoiltTill) {
			s.lookup = func(r ordering.ChargeResult, _ bool) (ordering.ChargeResult, bool) { return r, true }
		}),
		spoilt("every token is right", []string{"token-rule"}, func(s *spoiltTill) {
			s.token = func(string) string { return "" }
		}),
		spoilt("a right token breaks a rule", []string{"token-rule"}, func(s *spoiltTill) {
			s.token = func(string) string { return "no token is right" }
		}),
	})
}

// spoiltHolder is a stock holder that is broken.
type spoiltHolder struct {
	mu       sync.Mutex
	clock    *orderingtest.Clock
	flaw     flaw
	stock    map[ref.SKU]int64
	held     map[ref.OrderID]ordering.HoldCall
	short    map[ref.OrderID][]ordering.Shortage
	fixed    map[ref.OrderID]bool
	released map[ref.OrderID]bool
}

// The flaws of a stock holder.
const (
	holdsPart       flaw = "what is there is held when others are short"
	namesOneShort   flaw = "one short line is named"
	sumsNothing     flaw = "two lines of one SKU are judged alone"
	holdsAgain      flaw = "a hold is made again"
	changesItsMind  flaw = "a short hold is judged anew"
	confirmsOnce    flaw = "what is confirmed cannot be confirmed again"
	lapsesConfirmed flaw = "what is confirmed ends too"
	confirmsOver    flaw = "what is over is confirmed"
	keepsConfirmed  flaw = "what is confirmed is not released"
	holdsReleased   flaw = "a hold after a release is made"
	releasesTwice   flaw = "goods come back twice"
)

func (h *spoiltHolder) Hold(_ context.Context, c ordering.HoldCall) ([]ordering.Shortage, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lapse()
	if h.released[c.Order] && h.flaw != holdsReleased {
		return nil, ordering.HoldOver.New("overtaken")
	}
	if _, again := h.held[c.Order]; again && h.flaw != holdsAgain {
		return nil, nil
	}
	if short := h.short[c.Order]; short != nil && h.flaw != changesItsMind {
		return short, nil
	}
	var short []ordering.Shortage
	taken := map[ref.SKU]int64{}
	for _, l := range c.Lines {
		left := h.stock[l.SKU] - taken[l.SKU]
		if h.flaw == sumsNothing {
			left = h.stock[l.SKU]
		}
		if left < l.Quantity {
			short = append(short, ordering.Shortage{Claim: l.Claim, SKU: l.SKU, Available: left})
			continue
		}
		taken[l.SKU] += l.Quantity
	}
	if h.flaw == namesOneShort && len(short) > 1 {
		short = short[:1]
	}
	if len(short) == 0 || h.flaw == holdsPart {
		for sku, n := range taken {
			h.stock[sku] -= n
		}
	}
	if len(short) > 0 {
		h.short[c.Order] = short
		return short, nil
	}
	h.held[c.Order] = c
	return nil, nil
}

func (h *spoiltHolder) Confirm(_ context.Context, id ref.OrderID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lapse()
	if _, held := h.held[id]; !held && h.flaw != confirmsOver || h.fixed[id] && h.flaw == confirmsOnce {
		return ordering.HoldOver.New("nothing is held")
	}
	h.fixed[id] = true
	return nil
}

func (h *spoiltHolder) Release(_ context.Context, id ref.OrderID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lapse()
	h.released[id] = true
	if h.fixed[id] && h.flaw == keepsConfirmed {
		return nil
	}
	h.give(id)
	return nil
}

// give gives back what an order holds.
func (h *spoiltHolder) give(id ref.OrderID) {
	for _, l := range h.held[id].Lines {
		h.stock[l.SKU] += l.Quantity
	}
	if h.flaw != releasesTwice {
		delete(h.held, id)
	}
}

// lapse ends what is held too long.
func (h *spoiltHolder) lapse() {
	for id, c := range h.held {
		if !h.clock.Now().Before(c.Until) && (!h.fixed[id] || h.flaw == lapsesConfirmed) {
			h.give(id)
			delete(h.held, id)
		}
	}
}

func TestStockHolderMutants(t *testing.T) {
	t.Parallel()
	mutant := func(f flaw, kills ...string) clausetest.Mutant[orderingtest.HolderHarness] {
		return clausetest.Mutant[orderingtest.HolderHarness]{Name: string(f), Kills: kills, Open: func(orderingtest.TB) orderingtest.HolderHarness {
			h := &spoiltHolder{
				clock: orderingtest.NewClock(orderingtest.Moment()), flaw: f, stock: map[ref.SKU]int64{}, held: map[ref.OrderID]ordering.HoldCall{},
				short: map[ref.OrderID][]ordering.Shortage{}, fixed: map[ref.OrderID]bool{}, released: map[ref.OrderID]bool{},
			}
			return orderingtest.HolderHarness{
				Holder: h, Clock: h.clock,
				Receive: func(_ orderingtest.TB, sku ref.SKU, n int64) { h.mu.Lock(); defer h.mu.Unlock(); h.stock[sku] += n },
				Free: func(_ orderingtest.TB, sku ref.SKU) int64 {
					h.mu.Lock()
					defer h.mu.Unlock()
					h.lapse()
					return h.stock[sku]
				},
			}
		}}
	}
	clausetest.TestMutants(t, orderingtest.HolderClauses(), []clausetest.Mutant[orderingtest.HolderHarness]{
		mutant(""),
		mutant(holdsPart, "holder-whole"),
		mutant(namesOneShort, "holder-whole"),
		mutant(sumsNothing, "holder-whole"),
		mutant(holdsAgain, "holder-once"),
		mutant(changesItsMind, "holder-once"),
		mutant(confirmsOnce, "holder-once"),
		mutant(lapsesConfirmed, "holder-confirm"),
		mutant(confirmsOver, "holder-confirm"),
		mutant(keepsConfirmed, "holder-release"),
		mutant(holdsReleased, "holder-release"),
		mutant(releasesTwice, "holder-once"),
	})
}
