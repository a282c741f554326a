package sqlite

import (
	"context"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// commitGroup writes a group and answers each member. An error that is no verdict may be one member's fault, so the
// members are then tried alone; not when the disk or another program is in the way, for they would all meet it.
func (s *Store) commitGroup(group []*request) {
	commits := make([]ordering.Commit, len(group))
	for i, r := range group {
		commits[i] = r.commit
	}
	verdicts, err := s.transact(on(group), commits)
	switch {
	case err == nil:
		for i, r := range group {
			r.done <- verdictResult(verdicts[i])
		}
	case len(group) == 1, final(err):
		for _, r := range group {
			r.done <- result{err: groupError(err)}
		}
	default:
		s.cfg.Logger.Info(observe.CommitsAlone, zap.Int(observe.Group, len(group)), zap.String(observe.Error, observe.Reason(err)))
		for _, r := range group {
			s.commitGroup([]*request{r})
		}
	}
}

// on is whose a group's transaction is for logs and traces: that of the first member whose request is traced, else of the
// first. It ends with none of them.
func on(group []*request) context.Context {
	for _, r := range group {
		if observe.Of(r.ctx).Sampled {
			return context.WithoutCancel(r.ctx)
		}
	}
	return context.WithoutCancel(group[0].ctx)
}

// final tells whether an error is the answer to every member.
func final(err error) bool {
	_, code := codeOf(err)
	return fault.KindOf(err) == fault.Unknown || transient(code)
}

func verdictResult(v ordering.Verdict) result {
	return result{outcome: ordering.Outcome{Replay: v.Replay, Backordered: v.Backordered, Steady: v.Steady}, err: v.Err}
}

// The unique indexes whose violation has a meaning of its own, by their columns.
const (
	numberColumns = "orders.number"                                 // The numbers of orders are unique.
	ownerColumns  = "carts.customer, carts.channel, carts.currency" // So are the open carts of a customer.
)

// groupError makes a fault of an error of a transaction of commits.
func groupError(err error) error {
	switch columns, _ := violates(err); columns {
	case numberColumns:
		return ordering.NumberTaken.New("another order has this number").Because(err)
	case ownerColumns:
		return ordering.CustomerHasCart.New("the customer has another open cart in this channel and currency").Because(err)
	}
	return writeError(err)
}
