package custompayment

import (
	"context"
	"errors"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Name is the wallet's name: what a checkout names, and what payments bear for good.
const Name = "wallet"

// A token is what the buyer's app hands to the shop: one of these words and the purse.
const (
	PayNow   = "now:"   // Taken with the order.
	PayLater = "later:" // Put aside, and taken when the goods leave.
)

// Wallet is the provider. Safe for concurrent use.
type Wallet struct{ operator *Operator }

// Each capability that this claims is one more that the suites prove.
var (
	_ ordering.PaymentProvider = (*Wallet)(nil)
	_ ordering.ChargeLookup    = (*Wallet)(nil)
	_ ordering.TokenChecker    = (*Wallet)(nil)
	_ ordering.Capturer        = (*Wallet)(nil)
	_ ordering.Voider          = (*Wallet)(nil)
	_ ordering.Refunder        = (*Wallet)(nil)
)

// New makes the provider for an operator.
func New(o *Operator) *Wallet { return &Wallet{operator: o} }

// Name is Name.
func (*Wallet) Name() string { return Name }

// TokenRule tells a token that can be no wallet's, so that nobody makes an order on it.
func (*Wallet) TokenRule(token string) string {
	if _, _, ok := purse(token); !ok {
		return "a wallet's token is " + PayNow + " or " + PayLater + " and the purse"
	}
	return ""
}

// purse reads a token.
func purse(token string) (name string, now, ok bool) {
	if name, now = strings.CutPrefix(token, PayNow); now {
		return name, true, name != ""
	}
	name, later := strings.CutPrefix(token, PayLater)
	return name, false, later && name != ""
}

// Charge puts the money aside, or takes it. The payment's id is the key at the operator: whoever repeats a charge,
// because its answer was lost or because two processes were at it, moves money once.
func (w *Wallet) Charge(ctx context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	name, now, ok := purse(c.Token)
	switch {
	case !ok:
		return ordering.ChargeResult{}, ordering.Rule.New(w.TokenRule(c.Token)).At("payment.token")
	case c.Amount.Currency() != money.GBP:
		// A refusal is a result and no error: it is final, and the buyer reads it.
		return ordering.ChargeResult{State: ordering.ChargeDeclined, Message: "the wallet pays in GBP alone"}, nil
	case ctx.Err() != nil:
		return ordering.ChargeResult{}, fault.Down.New("the request ended before the operator was asked").Because(ctx.Err())
	}
	if _, err := w.operator.aside(c.Payment.String(), name, c.Amount.Minor(), now); err != nil {
		return ordering.ChargeResult{}, said(err)
	}
	r, _, err := w.Lookup(ctx, c.Payment) // One place says what a charge has come to.
	return r, err
}

// Lookup tells what came of a charge, whatever was captured or refunded since: a result is for the whole amount and does
// not change. The sweeper asks for orders whose buyer, or whose process, left in between.
func (w *Wallet) Lookup(_ context.Context, payment ref.PaymentID) (ordering.ChargeResult, bool, error) {
	d, known := w.operator.Debit(payment.String())
	r := ordering.ChargeResult{State: ordering.ChargeAuthorized, Reference: "purse/" + payment.String()}
	switch {
	case !known:
		return ordering.ChargeResult{}, false, nil
	case d.refused != "":
		r = ordering.ChargeResult{State: ordering.ChargeDeclined, Message: d.refused}
	case d.atOnce:
		r.State = ordering.ChargeCaptured
	}
	return r, true, nil
}

// Capture takes what was put aside, or a part of it.
func (w *Wallet) Capture(_ context.Context, c ordering.CaptureCall) (ordering.EffectResult, error) {
	refused, err := w.operator.take(c.ID.String()+c.Payment.String(), c.Payment.String(), c.Amount.Minor())
	return result(c.ID.String(), refused, err)
}

// Void gives up what was put aside and not taken.
func (w *Wallet) Void(_ context.Context, c ordering.VoidCall) (ordering.EffectResult, error) {
	refused, err := w.operator.letGo(c.Payment.String())
	return result(c.Payment.String(), refused, err)
}

// Refund puts back what was taken, or a part of it.
func (w *Wallet) Refund(_ context.Context, c ordering.RefundCall) (ordering.EffectResult, error) {
	refused, err := w.operator.giveBack(c.ID.String()+c.Payment.String(), c.Payment.String(), c.Amount.Minor())
	return result(c.ID.String(), refused, err)
}

// result is an answer of the operator in the words of ordering.
func result(reference, refused string, err error) (ordering.EffectResult, error) {
	switch {
	case err != nil:
		return ordering.EffectResult{}, said(err)
	case refused != "":
		return ordering.EffectResult{State: ordering.EffectFailed, Message: refused}, nil
	}
	return ordering.EffectResult{State: ordering.EffectSucceeded, Reference: "purse/" + reference}, nil
}

// said is the one decision that an adapter of payments must get right: whether money may have moved. Kind Unavailable
// says that it did not; kind Unknown has ordering wait, and ask, until it is known. In doubt it is Unknown.
func said(err error) error {
	if errors.Is(err, errNoLine) {
		return fault.Down.New("the wallet cannot be reached; nothing was taken").Because(err)
	}
	return fault.Lost.New("the wallet did not say what it did").Because(err)
}
