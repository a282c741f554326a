package ordering

// Hold makes the commit that tells what an outside stock holder answered: it holds all lines, and the order waits for
// its payment or, when nothing has to be asked for, is placed; or lines came up short, and the order is cancelled with
// its cart open again. Errors: statemachine.IllegalTransition for an order that does not wait for it.
func Hold(s Sale, cart Cart, short []Shortage, offline bool, m Moment) (Sale, Commit, error) {
	d := drafting(s, m)
	o := d.order()
	if len(short) > 0 {
		if o.Status != Claiming {
			return s, Commit{}, statusError(*o, "found short")
		}
		if err := d.cancel(ReasonNoStock); err != nil {
			return s, Commit{}, err
		}
		d.hold(HoldingReleases) // It holds nothing.
		d.closeUnasked()
		d.reopen(cart)
		sale, c := d.finish()
		return sale, c, nil
	}
	if err := d.move(OrderHolds); err != nil {
		return s, Commit{}, err
	}
	d.hold(HoldingGets)
	d.note(TimelinePending, "")
	if offline {
		if err := d.place(); err != nil {
			return s, Commit{}, err
		}
	} else {
		d.tell(OrderPending{Order: o.ID, Number: o.Number, Total: o.Totals.Total})
		if err := d.react(cart); err != nil {
			return s, Commit{}, err
		}
	}
	sale, c := d.finish()
	return sale, c, nil
}

// LoseStock makes the commit that ends a placed order whose goods its outside holder gave up before it could be confirmed:
// what was paid goes back, all of it. Errors: statemachine.IllegalTransition.
func LoseStock(s Sale, m Moment) (Sale, Commit, error) {
	d := drafting(s, m)
	if err := d.loseStock(); err != nil {
		return s, Commit{}, err
	}
	d.closeUnasked()
	d.hold(HoldingReleases)
	sale, c := d.finish()
	return sale, c, nil
}

// HolderTold makes the commit that notes that the outside stock holder knows what became of the order. It is false when
// that was noted before.
func HolderTold(s Sale, on HoldingEvent, m Moment) (Sale, Commit, bool) {
	if _, takes := HoldingMachine.Next(s.Order.Holding, on); !takes {
		return s, Commit{}, false
	}
	d := drafting(s, m)
	d.hold(on)
	sale, c := d.finish()
	return sale, c, true
}
