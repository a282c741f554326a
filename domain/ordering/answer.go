package ordering

import (
	"slices"

	"github.com/ipswich-retail/commerce/ports"
)

// answered is the sale without a command that is answered by the commit which is made of it.
func (s Sale) answered(key ports.CommandKey) Sale {
	s.Order.Open = slices.DeleteFunc(slices.Clone(s.Order.Open), func(k ports.CommandKey) bool { return k == key })
	if len(s.Order.Open) == 0 {
		s.Order.Open = nil
	}
	return s
}

// opened is the sale with a command that is begun by the commit which is made of it.
func (s Sale) opened(key ports.CommandKey) Sale {
	s.Order.Open = append(s.Order.Open[:len(s.Order.Open):len(s.Order.Open)], key)
	return s
}

// touch makes a commit that changes nothing but what was changed in the sale before.
func (s Sale) touch(m Moment) (Sale, Commit) { return drafting(s, m).finish() }

// answer is what a checkout comes to with the sale as it is: the same for whoever finishes it.
func (s Sale) answer() ports.Answer {
	if s.Order.Status != Cancelled {
		return ports.Answer{}
	}
	switch s.Order.Reason {
	case ReasonDeclined, ReasonVoided:
		detail := "the payment was declined; the cart is open again"
		for _, p := range s.Payments {
			for _, e := range p.Entries {
				if e.Kind == EntryDeclined && e.Message != "" {
					detail = e.Message
				}
			}
		}
		return ports.Answer{Code: PaymentDeclined.Code(), Detail: detail}
	case ReasonStockLost, ReasonNoStock:
		return ports.Answer{Code: OutOfStock.Code(), Detail: "not enough is in stock for one or more lines; nothing is charged"}
	default:
		return ports.Answer{} // Of somebody else's doing: the order is shown as it is.
	}
}

// answerError is the error of an answer, nil for success.
func answerError(a ports.Answer) error {
	switch a.Code {
	case PaymentDeclined.Code():
		return PaymentDeclined.New(a.Detail)
	case OutOfStock.Code():
		return OutOfStock.New(a.Detail)
	case EffectRejected.Code():
		return EffectRejected.New(a.Detail)
	default:
		return nil
	}
}

// finish is the command's end, with its answer.
func finish(cmd ports.Command, m Moment, a ports.Answer) *ports.Command {
	return &ports.Command{
		Step: ports.CommandFinish, Key: cmd.Key, Fingerprint: cmd.Fingerprint, Owner: cmd.Owner, At: m.At, Answer: &a,
	}
}
