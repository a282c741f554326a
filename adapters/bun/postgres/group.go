package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/groups"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// aloneAttempts is how often a commit is tried alone when others are in its way.
const aloneAttempts = 4

// What became of a transaction that got no verdicts, when its error alone does not tell.
var (
	// errLost marks a COMMIT whose answer did not come, and of which the server could not tell either.
	errLost = errors.New("the answer of COMMIT was lost")
	// errBroken marks a connection that ended before anything could be true: another one may do.
	errBroken = errors.New("the connection ended")
	// errUnreachable marks a server that cannot be reached or does not answer in time: nobody's commit gets through.
	errUnreachable = errors.New("the server does not answer")
)

// commitGroup writes a group and answers each member. An error that is no verdict may be one member's fault, so the
// members are then tried alone; not when the server is away, for they would wait for it one after the other.
func (s *Store) commitGroup(group []*groups.Commit) {
	ctx, commits := groups.On(group), groups.Values(group)
	verdicts, err := s.transact(ctx, commits, false)
	// The pool may hold as many dead connections as there are loops.
	for tries := s.cfg.CommitLoops; errors.Is(err, errBroken) && tries > 0; tries-- {
		verdicts, err = s.transact(ctx, commits, false)
	}
	switch {
	case err == nil:
		groups.Tell(group, verdicts)
	case final(err), len(group) == 1 && !again(err):
		groups.Refuse(group, commitError(err))
	default:
		s.cfg.Logger.Info(observe.CommitsAlone, zap.Int(observe.Group, len(group)), zap.String(observe.Error, observe.Reason(hushed(err))))
		s.commitEach(group)
	}
}

// final tells whether an error is the answer to every member.
func final(err error) bool {
	return errors.Is(err, errLost) || errors.Is(err, errBroken) || errors.Is(err, errUnreachable)
}

// commitEach writes the members one by one, until the server is away.
func (s *Store) commitEach(group []*groups.Commit) {
	for i, r := range group {
		alone := group[i : i+1]
		verdict, err := s.commitAlone(groups.On(alone), r.Value)
		if err == nil {
			groups.Tell(alone, []ordering.Verdict{verdict})
			continue
		}
		groups.Refuse(alone, commitError(err))
		if errors.Is(err, errUnreachable) {
			groups.Refuse(group[i+1:], commitError(err))
			return
		}
	}
}

// commitAlone writes one commit, with every fact that it could meet.
func (s *Store) commitAlone(ctx context.Context, c ordering.Commit) (ordering.Verdict, error) {
	var err error
	for range aloneAttempts {
		var verdicts []ordering.Verdict
		if verdicts, err = s.transact(ctx, []ordering.Commit{c}, true); err == nil {
			return verdicts[0], nil
		}
		if constraint, _ := violates(err); constraint == numberConstraint || constraint == ownerConstraint || !again(err) && !errors.Is(err, errBroken) {
			break
		}
	}
	return ordering.Verdict{}, err
}

// The constraints whose violation has a meaning of its own.
const (
	numberConstraint = "orders_number" // The numbers of orders are unique.
	ownerConstraint  = "carts_owner"   // So are the open carts of a customer.
)

// commitError makes a fault of an error of a transaction: nothing was written, unless it is errLost.
func commitError(err error) error {
	if errors.Is(err, errLost) {
		return fault.Lost.New("the answer of the database was lost").Because(hushed(err))
	}
	switch constraint, ok := violates(err); {
	case ok && constraint == numberConstraint:
		return ordering.NumberTaken.New("another order has this number").Because(hushed(err))
	case ok && constraint == ownerConstraint:
		return ordering.CustomerHasCart.New("the customer has another open cart in this channel and currency").Because(hushed(err))
	case ok:
		return fault.VersionConflict.New("someone else wrote the same meanwhile").Because(hushed(err))
	}
	return readError(err)
}

// rollback ends the transaction after an error and tells what the error means for others. A connection on which that
// fails is closed, which ends the transaction too.
func (s *Store) rollback(ctx context.Context, conn *pgxpool.Conn, cause error) error {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Connect)
	defer cancel()
	if _, err := conn.Exec(limited, "ROLLBACK"); err != nil {
		_ = conn.Conn().Close(limited)
	}
	switch {
	case cause == nil:
		return nil
	case ctx.Err() != nil:
		return errors.Join(errUnreachable, cause)
	case conn.Conn().IsClosed():
		return errors.Join(errBroken, cause)
	}
	return cause
}
