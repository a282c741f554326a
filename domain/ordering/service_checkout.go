package ordering

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// CheckoutRequest asks to order a cart.
type CheckoutRequest struct {
	Cart          ref.CartID
	Key           string // The idempotency key, 1 to KeyMax bytes.
	Details       Details
	Provider      string
	Token         string       // What the payer's browser got from the provider.
	ExpectedTotal *money.Money // Refuse when the total is another.
}

// checkoutRoute is what keys of checkouts are for.
const checkoutRoute = "checkout"

// settleTime is how long finalizing may take once the provider has answered, whether the caller still listens or not.
const settleTime = 5 * time.Second

// Checkout orders a cart: claim, pay, finalize. The same key and request gives the same answer again, and finishes
// what an earlier attempt left; 4xx before the claim stores nothing.
//
// What is ordered costs what it costs now, whatever its buyer agreed to when the cart was filled. Who wants to be asked
// first says what total they expect: another one is refused with PriceChanged, its current_total and each line whose
// price is no longer the agreed one.
//
// Errors: Bad with fields, IdempotencyMismatch, InProgress, Missing, CartCompleted, CartSuperseded, CartChanged, RequirementsUnmet,
// PriceChanged, OutOfStock, PaymentDeclined; kinds Unavailable and Unknown (retry with the same key). With an error of
// class PaymentDeclined the order is given too, for its Replayed.
func (s *Service) Checkout(ctx context.Context, scope ref.Scope, r CheckoutRequest) (PlacedOrder, error) {
	provider, err := s.admissible(r)
	if err != nil {
		return PlacedOrder{}, err
	}
	cmd := s.command(r)
	cart, err := s.parts.Carts.Cart(ctx, r.Cart)
	if err != nil {
		return PlacedOrder{}, err
	}
	q, refusal, err := s.orderable(ctx, scope, cart, r)
	if err != nil {
		return PlacedOrder{}, err
	}
	if refusal != nil {
		// An earlier request with this key counts before what the cart has become; the claim finds it else.
		record, err := s.parts.Commands.Find(ctx, cmd.Key)
		switch {
		case err != nil:
			return PlacedOrder{}, err
		case record != nil:
			return s.again(ctx, *record, cmd, provider, r)
		}
		return PlacedOrder{}, refusal
	}
	p := Placement{
		Quote: q, Details: r.Details, Locale: scope.Locale, Provider: r.Provider, At: cmd.At, Command: cmd,
		Offline: offline(provider), NextID: s.parts.IDs.New,
	}
	o, pay, c := Place(p)
	out, err := s.parts.Committer.Commit(ctx, c)
	for tries := 3; fault.Is(err, NumberTaken) && tries > 0; tries-- {
		o, pay, c = Place(p)
		out, err = s.parts.Committer.Commit(ctx, c)
	}
	switch {
	case fault.Is(err, fault.VersionConflict):
		return PlacedOrder{}, CartChanged.New("the cart was changed while it was being ordered").Because(err)
	case err != nil:
		return PlacedOrder{}, err
	case out.Replay != nil:
		return s.again(ctx, *out.Replay, cmd, provider, r)
	}
	o = o.owing(out.Backordered)
	if p.Offline {
		return PlacedOrder{Order: o, Payments: []Payment{pay}, Token: s.parts.Tokens.Sign(o.ID)}, nil
	}
	return s.pay(ctx, cmd, provider, r, Settlement{Order: o, Payment: pay, Cart: c.Carts[0].State, NextID: s.parts.IDs.New}, false)
}

// orderable computes what the cart costs now, and why it cannot be ordered, if so.
func (s *Service) orderable(ctx context.Context, scope ref.Scope, cart Cart, r CheckoutRequest) (q Quote, refusal, err error) {
	if cart, refusal = cart.revived(); refusal != nil {
		return Quote{}, refusal, nil
	}
	q, err = s.priced(ctx, scope, cart)
	if err != nil {
		return Quote{}, nil, err
	}
	q = q.With(s.carts.requirements, &r.Details)
	return q, q.orderable(r.ExpectedTotal), nil
}

// offline tells whether the provider needs no call.
func offline(p PaymentProvider) bool {
	o, ok := ports.As[OfflineProvider](p)
	return ok && o.Offline()
}

// admissible checks what can be checked without a fact, so that it is refused before anything is written.
func (s *Service) admissible(r CheckoutRequest) (PaymentProvider, error) {
	violations := r.Details.violations()
	provider, known := s.providers[r.Provider]
	if !known {
		names := make([]string, 0, len(s.providers))
		for n := range s.providers {
			names = append(names, n)
		}
		slices.Sort(names)
		violations = append(violations, Rule.New("the payment providers are: "+strings.Join(names, ", ")).At("payment.provider"))
	}
	if rule := textRule(r.Token, false, TokenMax); rule != "" {
		violations = append(violations, Rule.New(rule).At("payment.token"))
	} else if checker, ok := ports.As[TokenChecker](provider); known && ok {
		if rule := checker.TokenRule(r.Token); rule != "" {
			violations = append(violations, Rule.New(rule).At("payment.token"))
		}
	}
	if rule := textRule(r.Key, true, KeyMax); rule != "" {
		violations = append(violations, Rule.New(rule).At("Idempotency-Key"))
	}
	return provider, fault.Collect(violations)
}

// command makes the Begin of the request's command. The actor is the digest of the cart's id, which is a credential.
func (s *Service) command(r CheckoutRequest) ports.Command {
	now := s.now()
	secret := r.Cart.Bytes()
	actor := sha256.Sum256(secret[:])
	meaning := struct {
		Details         Details
		Provider, Token string
		Expected        *money.Money
	}{r.Details, r.Provider, r.Token, r.ExpectedTotal}
	text, err := json.Marshal(meaning)
	if err != nil {
		panic("ordering: a checkout request does not encode: " + err.Error())
	}
	return ports.Command{
		Step: ports.CommandBegin, Key: ports.CommandKey{Actor: "cart:" + hex.EncodeToString(actor[:16]), Route: checkoutRoute, Key: r.Key},
		Fingerprint: sha256.Sum256(text), Owner: s.parts.IDs.New(), At: now, Lease: now.Add(s.lease),
	}
}

// again answers a request whose command was begun before: with its answer, with InProgress while another attempt is
// at work, or by taking over and finishing the work.
func (s *Service) again(ctx context.Context, record ports.CommandRecord, cmd ports.Command, provider PaymentProvider, r CheckoutRequest) (PlacedOrder, error) {
	if record.Fingerprint != cmd.Fingerprint {
		return PlacedOrder{}, IdempotencyMismatch.New("this Idempotency-Key was used with another request; use a new key")
	}
	id, err := ref.ParseID[ref.OrderKind](record.Subject)
	if err != nil {
		return PlacedOrder{}, err
	}
	if record.Answer != nil {
		return s.replay(ctx, id, *record.Answer)
	}
	if record.Lease.After(cmd.At) {
		return PlacedOrder{}, InProgress.New("this request is still being worked on; retry with the same key in a few seconds")
	}
	cmd.Step = ports.CommandTake
	out, err := s.parts.Committer.Commit(ctx, Commit{At: cmd.At, Command: &cmd})
	switch {
	case err != nil:
		return PlacedOrder{}, err
	case out.Replay != nil && out.Replay.Answer != nil:
		return s.replay(ctx, id, *out.Replay.Answer)
	case out.Replay != nil:
		return PlacedOrder{}, InProgress.New("this request is still being worked on; retry with the same key in a few seconds")
	}
	o, payments, err := s.parts.Orders.Order(ctx, id)
	if err != nil {
		return PlacedOrder{}, err
	}
	cart, err := s.parts.Carts.Cart(ctx, o.Cart)
	if err != nil {
		return PlacedOrder{}, err
	}
	return s.pay(ctx, cmd, provider, r, Settlement{Order: o, Payment: payments[0], Cart: cart, NextID: s.parts.IDs.New}, true)
}

// replay gives the answer of the first request, with the order as it is now.
func (s *Service) replay(ctx context.Context, id ref.OrderID, a ports.Answer) (PlacedOrder, error) {
	shown, err := s.shown(ctx, id)
	if err != nil {
		return PlacedOrder{}, err
	}
	shown.Replayed = true
	if a.Code == PaymentDeclined.Code() {
		return shown, PaymentDeclined.New(a.Detail)
	}
	return shown, nil
}

// pay asks the provider, with nothing held, and finalizes. Once the provider was asked the caller's leaving stops
// nothing. Resumed asks first what came of an earlier attempt.
func (s *Service) pay(ctx context.Context, cmd ports.Command, provider PaymentProvider, r CheckoutRequest, st Settlement, resumed bool) (PlacedOrder, error) {
	result := ChargeResult{State: ChargePending}
	if st.Order.Status == Pending {
		result = s.charge(ctx, provider, r, st, resumed)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	st.At = s.now()
	answer := ports.Answer{}
	if result.State == ChargeDeclined || st.Order.Reason == PaymentDeclined.Code() {
		detail := result.Message
		if detail == "" {
			detail = "the payment was declined; the cart is open again"
		}
		answer = ports.Answer{Code: PaymentDeclined.Code(), Detail: detail}
	}
	_, c, changed := ApplyPaymentEvent(st, result)
	if !changed {
		c = Commit{At: st.At}
	}
	c.Command = &ports.Command{
		Step: ports.CommandFinish, Key: cmd.Key, Fingerprint: cmd.Fingerprint, Owner: cmd.Owner, At: st.At, Answer: &answer,
	}
	out, err := s.parts.Committer.Commit(ctx, c)
	if err != nil {
		return PlacedOrder{}, fault.Lost.New("the payment was sent and its record is not certain; retry with the same key").Because(err)
	}
	replayed := out.Replay != nil && out.Replay.Answer != nil
	if replayed {
		answer = *out.Replay.Answer
	}
	shown, err := s.replay(ctx, st.Order.ID, answer)
	if err != nil && !fault.Is(err, PaymentDeclined) {
		// The order stands, so this is not for the caller to take for nothing done.
		return PlacedOrder{}, fault.Lost.New("the order stands and cannot be read; retry with the same key").Because(err)
	}
	shown.Replayed = replayed
	return shown, err
}

// charge asks the provider; an answer that does not come, or is not certain, leaves the charge pending.
func (s *Service) charge(ctx context.Context, provider PaymentProvider, r CheckoutRequest, st Settlement, resumed bool) ChargeResult {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ProviderTimeout)
	defer cancel()
	if lookup, ok := ports.As[ChargeLookup](provider); ok && resumed {
		if result, found, err := lookup.Lookup(ctx, st.Payment.ID); err != nil || found {
			if err != nil {
				return ChargeResult{State: ChargePending}
			}
			return result
		}
		resumed = false // The provider never saw it.
	}
	result, err := provider.Charge(ctx, Charge{Payment: st.Payment.ID, Number: st.Order.Number, Amount: st.Payment.Amount, Token: r.Token})
	switch {
	case err == nil:
		return result
	case resumed, fault.KindOf(err) == fault.Unknown, fault.KindOf(err) == fault.Internal:
		// An earlier attempt's charge may stand, whatever became of this one.
		return ChargeResult{State: ChargePending}
	default:
		return ChargeResult{State: ChargeDeclined, Message: "the payment could not be made; nothing was charged"}
	}
}
