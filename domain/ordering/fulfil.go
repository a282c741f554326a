package ordering

import (
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// SendLine is a quantity of an order's line that leaves.
type SendLine struct {
	Line     ref.LineID
	Quantity int64
}

// Fulfil makes the commit that tells that goods left: those of the lines, or all that have not left yet when none are
// named. Their claims are used up. Goods that are promised beyond stock cannot leave before they came in. The order is
// completed when it is paid and the policy says so. Errors: statemachine.IllegalTransition for an order that is not
// placed; Bad for lines that are not the order's, and quantities that are not there to be sent.
func Fulfil(s Sale, lines []SendLine, tracking *Tracking, m Moment) (Sale, Fulfilment, Commit, error) {
	return fulfil(s, ref.NewID[ref.FulfilmentKind](m.NextID()), lines, tracking, m)
}

// fulfil is Fulfil under an id.
func fulfil(s Sale, id ref.FulfilmentID, lines []SendLine, tracking *Tracking, m Moment) (Sale, Fulfilment, Commit, error) {
	d := drafting(s, m)
	o := d.order()
	f := Fulfilment{ID: id, State: FulfilmentMachine.Initial, Tracking: tracking, CreatedAt: d.At, UpdatedAt: d.At}
	if o.Status != Placed {
		return s, f, Commit{}, statusError(*o, "fulfilled")
	}
	wrong := tracking.violations()
	if len(o.Fulfilments) >= FulfilmentsMax {
		wrong = append(wrong, Rule.Newf("an order has at most %d fulfilments", FulfilmentsMax).At("lines"))
	}
	if len(lines) == 0 {
		lines = o.sendable()
	}
	if len(lines) == 0 {
		wrong = append(wrong, Rule.New("nothing of the order is there to be sent").At("lines"))
	}
	seen := map[ref.LineID]bool{}
	for i, l := range lines {
		at := slices.IndexFunc(o.Lines, func(x OrderLine) bool { return x.ID == l.Line })
		if at < 0 || seen[l.Line] {
			wrong = append(wrong, Rule.New("each line is one of the order's, and stands once").At(indexed("lines", i, "id")))
			continue
		}
		seen[l.Line] = true
		if most := o.ready(o.Lines[at]); l.Quantity < 1 || l.Quantity > most {
			wrong = append(wrong, Rule.Newf("%d of it are there to be sent", most).At(indexed("lines", i, "quantity")))
			continue
		}
		f.Lines = append(f.Lines, d.use(o.Lines[at], l.Quantity)...)
	}
	if err := fault.Collect(wrong); err != nil {
		return s, f, Commit{}, err
	}
	o.Fulfilments = append(o.Fulfilments[:len(o.Fulfilments):len(o.Fulfilments)], f)
	d.note(TimelineFulfilled, tracking.text())
	d.tell(FulfilmentChanged{Order: o.ID, Number: o.Number, Fulfilment: f.ID, State: f.State, Lines: f.Lines, Tracking: tracking})
	d.complete()
	sale, c := d.finish()
	return sale, f, c, nil
}

// ready is how many of a line are there and have not left.
func (o Order) ready(l OrderLine) int64 { return max(l.Quantity-l.Backordered-o.Sent(l.ID), 0) }

// sendable lists all that is there and has not left.
func (o Order) sendable() []SendLine {
	var out []SendLine
	for _, l := range o.Lines {
		if n := o.ready(l); n > 0 {
			out = append(out, SendLine{Line: l.ID, Quantity: n})
		}
	}
	return out
}

// use takes n of a line out of what is there of its claims, of the oldest first.
func (d *draft) use(l OrderLine, n int64) []FulfilmentLine {
	var out []FulfilmentLine
	for _, c := range d.order().claimsOf(l) {
		k := min(c.quantity-c.gone-c.owed, n)
		if k <= 0 {
			continue
		}
		n -= k
		out = append(out, FulfilmentLine{Line: l.ID, Claim: c.id, Quantity: k})
		if !d.order().Holding.outside() {
			d.commit.Stock = append(d.commit.Stock, StockEffect{Kind: StockConsume, Claim: c.id, Order: d.order().ID, SKU: l.SKU, Quantity: c.gone + k})
		}
	}
	return out
}

// MarkDelivered makes the commit that tells that a fulfilment arrived. Errors: Missing; statemachine.IllegalTransition.
func MarkDelivered(s Sale, id ref.FulfilmentID, m Moment) (Sale, Commit, error) {
	d := drafting(s, m)
	if _, err := d.step(id, FulfilmentDelivers); err != nil {
		return s, Commit{}, err
	}
	d.note(TimelineDelivered, "")
	d.complete()
	sale, c := d.finish()
	return sale, c, nil
}

// SetTracking makes the commit that tells how a fulfilment under way is followed. Errors: Bad; Missing;
// statemachine.IllegalTransition.
func SetTracking(s Sale, id ref.FulfilmentID, tracking *Tracking, m Moment) (Sale, Commit, error) {
	if err := fault.Collect(tracking.violations()); err != nil {
		return s, Commit{}, err
	}
	d := drafting(s, m)
	f, err := d.step(id, FulfilmentTracks)
	if err != nil {
		return s, Commit{}, err
	}
	f.Tracking = tracking
	d.note(TimelineTracked, tracking.text())
	sale, c := d.finish()
	return sale, c, nil
}

// CancelFulfilment makes the commit that calls goods back which were not delivered: they are in stock again but for
// those that came back damaged, and the order claims as many anew, for it is still to be sent. An order whose rest was
// given up stays as it is: what comes back of it is not to be sent again. Errors: Missing;
// statemachine.IllegalTransition; Bad for more damaged goods than the fulfilment has; of the commit OutOfStock, when
// what came back damaged cannot be replaced.
func CancelFulfilment(s Sale, id ref.FulfilmentID, damaged []SendLine, m Moment) (Sale, Commit, error) {
	d := drafting(s, m)
	o := d.order()
	givenUp := o.Status == Completed && !allLeft(*o)
	f, err := d.step(id, FulfilmentCancels)
	if err != nil {
		return s, Commit{}, err
	}
	f.Lines = slices.Clone(f.Lines)
	if err := f.damage(damaged); err != nil {
		return s, Commit{}, err
	}
	if !o.Holding.outside() {
		d.takeBack(f)
		if !givenUp {
			d.sendAgain(f)
		}
	}
	d.told[len(d.told)-1] = FulfilmentChanged{Order: o.ID, Number: o.Number, Fulfilment: f.ID, State: f.State, Lines: f.Lines, Tracking: f.Tracking}
	d.note(TimelineCalledBack, "")
	if o.Status == Completed && !givenUp {
		if err := d.move(OrderReopens); err != nil {
			return s, Commit{}, err
		}
		d.note(TimelineReopened, "")
		d.tell(OrderReopened{Order: o.ID, Number: o.Number})
	}
	sale, c := d.finish()
	return sale, c, nil
}

// takeBack restocks what a fulfilment that was called back had used.
func (d *draft) takeBack(f *Fulfilment) {
	o := d.order()
	for i := range f.Lines {
		l := &f.Lines[i]
		line := o.Lines[slices.IndexFunc(o.Lines, func(x OrderLine) bool { return x.ID == l.Line })]
		claims := o.claimsOf(line)
		was := claims[slices.IndexFunc(claims, func(c lineClaim) bool { return c.id == l.Claim })]
		d.commit.Stock = append(d.commit.Stock, StockEffect{
			Kind: StockRestock, Claim: l.Claim, Order: o.ID, SKU: line.SKU, Quantity: was.back, Damaged: was.damaged,
		})
	}
}

// sendAgain claims as much anew as a fulfilment had that was called back.
func (d *draft) sendAgain(f *Fulfilment) {
	o := d.order()
	for i := range f.Lines {
		l := &f.Lines[i]
		l.Again = ref.NewID[ref.ClaimKind](d.NextID())
		line := o.Lines[slices.IndexFunc(o.Lines, func(x OrderLine) bool { return x.ID == l.Line })]
		d.commit.Stock = append(d.commit.Stock, StockEffect{Kind: StockClaim, Claim: l.Again, Order: o.ID, SKU: line.SKU, Quantity: l.Quantity})
	}
}

// damage notes which of the goods came back damaged.
func (f *Fulfilment) damage(damaged []SendLine) error {
	var wrong []*fault.Error
	for i, l := range damaged {
		n := l.Quantity
		for j := range f.Lines {
			if f.Lines[j].Line == l.Line {
				k := min(n, f.Lines[j].Quantity-f.Lines[j].Damaged)
				f.Lines[j].Damaged += max(k, 0)
				n -= k
			}
		}
		if l.Quantity < 1 || n > 0 {
			wrong = append(wrong, Rule.New("no more is damaged than came back").At(indexed("damaged", i, "quantity")))
		}
	}
	return fault.Collect(wrong)
}

// step takes a fulfilment of the order to its next state and tells of it; it gives the copy that may be changed further.
func (d *draft) step(id ref.FulfilmentID, on FulfilmentEvent) (*Fulfilment, error) {
	o := d.order()
	i := slices.IndexFunc(o.Fulfilments, func(f Fulfilment) bool { return f.ID == id })
	if i < 0 {
		return nil, fault.Missing.New("the order has no such fulfilment")
	}
	next, err := FulfilmentMachine.Apply(o.Fulfilments[i].State, on)
	if err != nil {
		return nil, err
	}
	o.Fulfilments = slices.Clone(o.Fulfilments)
	f := &o.Fulfilments[i]
	f.State, f.UpdatedAt = next, d.At
	d.tell(FulfilmentChanged{Order: o.ID, Number: o.Number, Fulfilment: f.ID, State: f.State, Lines: f.Lines, Tracking: f.Tracking})
	return f, nil
}

// text is how the timeline says it.
func (t *Tracking) text() string {
	if t == nil {
		return ""
	}
	return fmt.Sprintf("%s %s", t.Carrier, t.Number)
}

// violations lists what is wrong with a tracking.
func (t *Tracking) violations() []*fault.Error {
	if t == nil {
		return nil
	}
	var out []*fault.Error
	for _, f := range []struct {
		field, text string
		needed      bool
	}{{"carrier", t.Carrier, true}, {"number", t.Number, true}, {"url", t.URL, false}} {
		if rule := textRule(f.text, f.needed, TrackingMax); rule != "" {
			out = append(out, Rule.New(rule).At("tracking."+f.field))
		}
	}
	if t.URL != "" && !secure(t.URL) {
		out = append(out, Rule.New("an address of the web begins with https://").At("tracking.url"))
	}
	return out
}
