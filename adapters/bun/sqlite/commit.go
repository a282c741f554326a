package sqlite

import (
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/groups"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// commitGroup writes a group and answers each member. An error that is no verdict may be one member's fault, so the
// members are then tried alone; not when the disk or another program is in the way, for they would all meet it.
func (s *Store) commitGroup(group []*groups.Commit) {
	verdicts, err := s.transact(groups.On(group), groups.Values(group))
	switch {
	case err == nil:
		groups.Tell(group, verdicts)
	case len(group) == 1, final(err):
		groups.Refuse(group, groupError(err))
	default:
		s.cfg.Logger.Info(observe.CommitsAlone, zap.Int(observe.Group, len(group)), zap.String(observe.Error, observe.Reason(err)))
		for i := range group {
			s.commitGroup(group[i : i+1])
		}
	}
}

// final tells whether an error is the answer to every member.
func final(err error) bool {
	_, code := codeOf(err)
	return fault.KindOf(err) == fault.Unknown || transient(code)
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
