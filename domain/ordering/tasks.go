package ordering

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// TaskKind tells what is to be done for a sale that does not rest.
type TaskKind string

// The kinds of tasks.
const (
	TaskHold    TaskKind = "hold"    // Ask the outside stock holder.
	TaskConfirm TaskKind = "confirm" // Tell it that the order stands.
	TaskRelease TaskKind = "release" // Tell it that the order is given up.
	TaskAsk     TaskKind = "ask"     // Ask the provider what came of a charge.
	TaskExpire  TaskKind = "expire"  // Take away claims whose time is over.
	TaskEffect  TaskKind = "effect"  // Ask the provider for a capture, a void or a refund.
	TaskAnswer  TaskKind = "answer"  // Answer a command that its caller left.
)

// Task is something to be done for a sale, by whoever comes first: each can be done twice without harm.
type Task struct {
	Kind    TaskKind
	Payment ref.PaymentID    // Of TaskAsk and TaskEffect.
	Effect  Effect           // Of TaskEffect.
	Command ports.CommandKey // Of TaskAnswer.
}

// Tasks lists what is left to be done for the sale, in the order in which it should be done; none for a sale that rests.
// It is the whole of what the sweeper does: whatever was cut off, wherever, is one of these.
func (s Sale) Tasks(at time.Time) []Task {
	var out []Task
	o := s.Order
	if o.Status == Claiming && o.Holding == HoldingAsked {
		out = append(out, Task{Kind: TaskHold})
	}
	for _, p := range s.Payments {
		// A payment of a placed order that is not settled comes by other ways; nobody can be asked.
		if !p.Settled() && (o.Status == Pending || o.Status == Cancelled) {
			out = append(out, Task{Kind: TaskAsk, Payment: p.ID})
		}
		for _, e := range p.Effects() {
			if e.Open() {
				out = append(out, Task{Kind: TaskEffect, Payment: p.ID, Effect: e})
			}
		}
	}
	if until := o.lapses(); !until.IsZero() && !at.Before(until) {
		out = append(out, Task{Kind: TaskExpire})
	}
	switch {
	case (o.Status == Placed || o.Status == Completed) && o.Holding == HoldingReserved:
		out = append(out, Task{Kind: TaskConfirm})
	case o.Status == Cancelled && o.Holding.outside() && o.Holding != HoldingReleased:
		out = append(out, Task{Kind: TaskRelease})
	}
	for _, k := range o.Open {
		out = append(out, Task{Kind: TaskAnswer, Command: k})
	}
	return out
}

// lapses is when the order's claims may be taken away, and zero for never.
func (o Order) lapses() time.Time {
	if o.Status != Pending || o.Holding != HoldingOwn {
		return time.Time{}
	}
	return o.CreatedAt.Add(ClaimTTL)
}

// due is when the sweeper looks at a sale that changed at the time, and zero for one that rests. Whoever changed it is
// presumed to go on himself for a while.
func (s Sale) due(at time.Time) time.Time {
	if len(s.Tasks(at)) == 0 && s.Order.lapses().IsZero() {
		return time.Time{}
	}
	return s.soonest(at, at.Add(SettleAfter))
}

// soonest brings a time forward to that at which claims lapse, if that is still to come.
func (s Sale) soonest(at, due time.Time) time.Time {
	if until := s.Order.lapses(); until.After(at) && until.Before(due) {
		return until
	}
	return due
}

// Postpone makes the commit that lets a sale rest for which the sweeper could do nothing now: for longer the longer
// nothing has happened to it, from SettleAfter to SettleMost. It is no change that anybody sees but the version.
func Postpone(s Sale, at time.Time) (Sale, Commit) {
	wait := min(max(at.Sub(s.Order.UpdatedAt)/8, SettleAfter), SettleMost)
	s.Order.Version++
	s.Order.Due = time.Time{}
	if len(s.Tasks(at)) > 0 || !s.Order.lapses().IsZero() {
		s.Order.Due = s.soonest(at, at.Add(wait))
	}
	return s, Commit{At: at, Orders: []Write[Order]{write(s.Order, s.Order.Version)}}
}
