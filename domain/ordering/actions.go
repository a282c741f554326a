package ordering

// Action is something that staff may do to an order.
type Action string

// The actions. Which of them are possible follows from the machines and the ledgers; see Sale.Actions.
const (
	ActionFulfil        Action = "fulfil"
	ActionCancel        Action = "cancel"
	ActionComplete      Action = "complete"
	ActionCapture       Action = "capture"
	ActionVoid          Action = "void"
	ActionRefund        Action = "refund"
	ActionRecordPayment Action = "record_payment"
	ActionSettle        Action = "settle" // Something is on its way, or waits for an answer.
	ActionNote          Action = "note"
)

// Actions lists what staff may do to the order as it is now, for screens that show what is possible and nothing else.
// It is told for a moment, and the command itself decides: others may have been faster, and what an action needs to be
// told may be wrong. Money can be asked for only where its provider takes part, which is not known here.
func (s Sale) Actions() []Action {
	o := s.Order
	out := []Action{}
	add := func(possible bool, a Action) {
		if possible {
			out = append(out, a)
		}
	}
	sent := false
	for _, l := range o.Lines {
		sent = sent || o.Sent(l.ID) > 0
	}
	_, cancels := OrderMachine.Next(o.Status, OrderCancels)
	_, completes := OrderMachine.Next(o.Status, OrderCompletes)
	var capturable, voidable, refundable int64
	for _, p := range s.Payments {
		b := p.Balance()
		capturable += b.Capturable()
		refundable += b.Refundable()
		if b.Capturing == 0 {
			voidable += b.Capturable()
		}
	}
	add(o.Status == Placed && len(o.sendable()) > 0, ActionFulfil)
	add(cancels && !sent, ActionCancel)
	add(completes && s.calm(), ActionComplete)
	add(capturable > 0 && s.standing("") == nil, ActionCapture)
	add(voidable > 0, ActionVoid)
	add(refundable > 0 && !o.Imported(), ActionRefund)
	add(o.Status != Claiming && !o.Imported(), ActionRecordPayment)
	add(!o.Due.IsZero(), ActionSettle)
	add(len(o.Notes) < NotesMax, ActionNote)
	return out
}
