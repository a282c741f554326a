package ordering

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

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

// Checkout orders a cart: claim, pay, finalize; with a StockHolder it is asked between claim and pay. The same key and
// request gives the same answer again, and finishes what an earlier attempt left; 4xx before the claim stores nothing.
// What nobody finishes the sweeper does, see SweepOrders.
//
// What is ordered costs what it costs now, whatever its buyer agreed to when the cart was filled. Who wants to be asked
// first says what total they expect: another one is refused with PriceChanged, its current_total and each line whose
// price is no longer the agreed one.
//
// Errors: Bad with fields, RateLimited, IdempotencyMismatch, InProgress, Missing, CartCompleted, CartSuperseded, CartChanged, RequirementsUnmet,
// PriceChanged, OutOfStock, PaymentDeclined; kinds Unavailable and Unknown (retry with the same key). With an error of
// class PaymentDeclined, or OutOfStock that a holder told, the order is given too, for its Replayed.
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
	allowance, refusal := s.admit(ctx, cmd)
	if refusal != nil && !fault.Is(refusal, RateLimited) {
		return PlacedOrder{}, refusal
	}
	var q Quote
	if refusal == nil {
		if q, refusal, err = s.orderable(ctx, scope, cart, r); err != nil {
			return PlacedOrder{}, err
		}
	}
	if refusal != nil {
		// An earlier request with this key counts before what the cart has become; the claim finds it else.
		record, err := s.parts.Commands.Find(ctx, cmd.Key)
		switch {
		case err != nil:
			return PlacedOrder{}, err
		case record != nil:
			return s.repeated(ctx, allowance, *record, cmd, provider, r)
		}
		return PlacedOrder{}, refusal
	}
	p := Placement{
		Quote: q, Details: r.Details, Locale: scope.Locale, Buyer: s.buyer, Provider: r.Provider, At: cmd.At, Command: cmd,
		Offline: offline(provider), Outside: s.parts.Holder != nil, NextID: s.parts.IDs.New,
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
		return s.repeated(ctx, allowance, *out.Replay, cmd, provider, r)
	}
	sale := Sale{o.owing(out.Backordered), []Payment{pay}}
	if c.Command.Answer != nil {
		return s.shows(sale), nil
	}
	return s.proceed(ctx, attempt{cmd: cmd, provider: provider, token: r.Token, cart: &c.Carts[0].State}, sale)
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
	return ports.Command{
		Step: ports.CommandBegin, Key: ports.CommandKey{Actor: "cart:" + hex.EncodeToString(actor[:16]), Route: checkoutRoute, Key: r.Key},
		Fingerprint: fingerprint(meaning), Owner: s.parts.IDs.New(), At: now, Lease: now.Add(s.lease),
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
	taken, err := s.take(ctx, &record, cmd)
	switch {
	case err != nil:
		return PlacedOrder{}, err
	case !taken:
		return s.replay(ctx, id, *record.Answer)
	}
	sale, err := s.sale(ctx, id)
	if err != nil {
		return PlacedOrder{}, err
	}
	return s.proceed(ctx, attempt{cmd: cmd, provider: provider, token: r.Token, resumed: true}, sale)
}

// take takes over a command that was begun before and whose lease is over. It is false when the command is answered by
// now; then record is what it is. Errors: InProgress while another attempt is at work; kinds Unavailable and Unknown.
func (s *Service) take(ctx context.Context, record *ports.CommandRecord, cmd ports.Command) (bool, error) {
	if record.Lease.After(cmd.At) {
		return false, inProgress()
	}
	cmd.Step = ports.CommandTake
	out, err := s.parts.Committer.Commit(ctx, Commit{At: cmd.At, Command: &cmd})
	switch {
	case err != nil:
		return false, err
	case out.Replay == nil:
		return true, nil
	case out.Replay.Answer == nil:
		return false, inProgress()
	}
	*record = *out.Replay
	return false, nil
}

// inProgress is the error of a request of which another attempt is at work.
func inProgress() error {
	return InProgress.New("this request is still being worked on; retry with the same key in a few seconds")
}

// fingerprint is the digest of what a request means.
func fingerprint(meaning any) [32]byte {
	text, err := json.Marshal(meaning)
	if err != nil {
		panic("ordering: a request does not encode: " + err.Error())
	}
	return sha256.Sum256(text)
}
