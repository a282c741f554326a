package ordering

// CompletePolicy says when an order that is paid is completed without anybody's doing.
type CompletePolicy uint8

// The policies.
const (
	CompleteFulfilled CompletePolicy = iota // Once all of it left.
	CompleteDelivered                       // Once all of it was delivered.
	CompleteByHand                          // Never; see Service.Complete.
)

// done tells whether deliveries have gone as far as the policy wants.
func (p CompletePolicy) done(s FulfilmentStatus) bool {
	return s == Delivered && p != CompleteByHand || s == Fulfilled && p == CompleteFulfilled
}

// paid tells whether all that is to be paid was taken and nothing is on its way any more.
func (s Sale) paid() bool {
	var captured int64
	for _, p := range s.Payments {
		captured += p.Balance().Captured
	}
	return captured >= s.Order.Totals.Total.Minor() && s.calm()
}

// calm tells whether nothing is on its way to or from a provider.
func (s Sale) calm() bool {
	for _, p := range s.Payments {
		if b := p.Balance(); b.Capturing > 0 || b.Refunding > 0 || b.Voiding {
			return false
		}
	}
	return true
}

// allLeft tells whether nothing of the order is still to be sent.
func allLeft(o Order) bool {
	s := FulfilmentStatusOf(o)
	return s == Fulfilled || s == Delivered
}

// complete ends a placed order that is paid and fulfilled, if the policy says so.
func (d *draft) complete() {
	o := d.order()
	if o.Status != Placed || !d.Complete.done(FulfilmentStatusOf(*o)) || !d.sale.paid() {
		return
	}
	d.close()
}

// close completes a placed order.
func (d *draft) close() {
	if d.move(OrderCompletes) != nil {
		return
	}
	o := d.order()
	d.note(TimelineCompleted, "")
	d.tell(OrderCompleted{Order: o.ID, Number: o.Number})
}

// Complete makes the commit that ends an order by hand: one that is paid, with nothing on its way to or from a provider,
// and fulfilled. With giveUp the rest that was not sent is given up: money for it is refunded beforehand, the order ends
// as it is. Errors: statemachine.IllegalTransition; OrderUnfinished, whose detail open says what is missing.
func Complete(s Sale, giveUp bool, m Moment) (Sale, Commit, error) {
	d := drafting(s, m)
	o := d.order()
	if _, err := OrderMachine.Apply(o.Status, OrderCompletes); err != nil {
		return s, Commit{}, err
	}
	whole := allLeft(*o)
	switch {
	case !s.calm():
		return s, Commit{}, OrderUnfinished.New("money is on its way; wait until that is settled").With("open", "payment")
	case !giveUp && !s.paid():
		return s, Commit{}, OrderUnfinished.New("the order is not paid").With("open", "payment")
	case !giveUp && !whole:
		return s, Commit{}, OrderUnfinished.New("not all of the order was sent").With("open", "fulfilment")
	}
	if giveUp && !whole {
		d.commit.Stock = claims(*o, StockRelease)
		*o = o.unowed()
	}
	d.close()
	sale, c := d.finish()
	return sale, c, nil
}
