package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// aloneAttempts is how often a commit is tried alone when others are in its way.
const aloneAttempts = 4

// groupTime bounds a transaction of commits: twice what the server may spend on a statement.
func (s *Store) groupTime() time.Duration { return 2 * s.cfg.Statement }

// errLost marks a COMMIT whose answer did not come, and of which the server could not tell either.
var errLost = errors.New("the answer of COMMIT was lost")

// commitGroup writes a group and answers each member. An error that is no verdict may be one member's fault, so the
// members are then tried alone.
func (s *Store) commitGroup(group []*request) {
	commits := make([]ordering.Commit, len(group))
	for i, r := range group {
		commits[i] = r.commit
	}
	verdicts, err := s.transact(commits, false)
	switch {
	case err == nil:
		for i, r := range group {
			r.done <- verdictResult(verdicts[i])
		}
	case errors.Is(err, errLost):
		for _, r := range group {
			r.done <- result{err: fault.Lost.New("the answer of the database was lost").Because(err)}
		}
	case len(group) == 1 && !again(err):
		group[0].done <- result{err: commitError(err)}
	default:
		s.cfg.Logger.Info("commits are tried alone", zap.Int("group", len(group)), zap.Error(err))
		for _, r := range group {
			r.done <- s.commitAlone(r.commit)
		}
	}
}

// commitAlone writes one commit, with every fact that it could meet.
func (s *Store) commitAlone(c ordering.Commit) result {
	var err error
	for range aloneAttempts {
		var verdicts []ordering.Verdict
		verdicts, err = s.transact([]ordering.Commit{c}, true)
		if err == nil {
			return verdictResult(verdicts[0])
		}
		if errors.Is(err, errLost) {
			return result{err: fault.Lost.New("the answer of the database was lost").Because(err)}
		}
		if !again(err) {
			break
		}
	}
	return result{err: commitError(err)}
}

func verdictResult(v ordering.Verdict) result {
	return result{outcome: ordering.Outcome{Replay: v.Replay}, err: v.Err}
}

// commitError makes a fault of an error after which surely nothing was written.
func commitError(err error) error {
	switch constraint, ok := violates(err); {
	case ok && constraint == "orders_number":
		return ordering.NumberTaken.New("another order has this number").Because(err)
	case ok:
		return fault.VersionConflict.New("someone else wrote the same meanwhile").Because(err)
	}
	return readError(err)
}

// transact runs one transaction: facts, decision, writes. Its error is no verdict on any member, and surely nothing
// was written, unless it is errLost.
func (s *Store) transact(commits []ordering.Commit, careful bool) ([]ordering.Verdict, error) {
	ctx, cancel := context.WithTimeout(detached(), s.groupTime())
	defer cancel()
	if err := s.fault(ordering.BeforeFacts); err != nil {
		return nil, err
	}
	conn, err := s.commits.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	facts, err := s.readFacts(ctx, conn, commits, careful)
	if err != nil {
		s.rollback(conn)
		return nil, err
	}
	if err := s.fault(ordering.BeforeStock); err != nil {
		s.rollback(conn)
		return nil, err
	}
	ledger := inventory.NewLedger(facts.levels, facts.claims, nil, commits[0].At)
	verdicts := ordering.Decide(commits, facts.Facts, ordering.Rules{Stock: stockRule(ledger)})
	w := newWriter(s, facts, ledger.Changes())
	for i, v := range verdicts {
		if v.Accepted() {
			w.add(commits[i])
		}
	}
	if err := s.fault(ordering.BeforeWrite); err != nil || w.empty() {
		s.rollback(conn)
		return verdicts, err
	}
	if err := w.send(ctx, conn); err != nil {
		if !w.committing || !uncertain(err) {
			s.rollback(conn)
			return nil, err
		}
		if err := s.settle(facts.transaction, err); err != nil {
			return nil, err
		}
	}
	s.signal()
	if err := s.fault(ordering.AfterCommit); err != nil {
		return nil, errors.Join(errLost, err)
	}
	return verdicts, nil
}

// fault asks the test's hook.
func (s *Store) fault(p ordering.Point) error {
	if s.cfg.Fault == nil {
		return nil
	}
	return s.cfg.Fault(p)
}

// rollback ends the transaction; a connection on which that fails is closed, which ends it too.
func (s *Store) rollback(conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(detached(), s.cfg.Connect)
	defer cancel()
	if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = conn.Conn().Close(ctx)
	}
}

// settle asks the server what became of a transaction whose COMMIT got no answer: nil when it is committed, errLost
// when nobody can tell, the cause when it surely is not.
func (s *Store) settle(transaction uint64, cause error) error {
	ctx, cancel := context.WithTimeout(detached(), s.cfg.Connect)
	defer cancel()
	for {
		var status *string
		err := s.pool.QueryRow(ctx, "SELECT pg_xact_status($1::text::xid8)", transaction).Scan(&status)
		switch {
		case err == nil && status != nil && *status == "committed":
			return nil
		case err == nil && status != nil && *status == "aborted":
			return cause
		}
		select {
		case <-ctx.Done():
			return errors.Join(errLost, cause)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// signal wakes the relay of this process.
func (s *Store) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// stockRule is inventory's rule in ordering's words.
func stockRule(l *inventory.Ledger) func([]ordering.StockEffect) ([]ordering.Shortage, error) {
	kinds := map[ordering.StockEffectKind]inventory.EffectKind{
		ordering.StockClaim: inventory.ClaimStock, ordering.StockExtend: inventory.ExtendClaim,
		ordering.StockConsume: inventory.ConsumeClaim, ordering.StockRelease: inventory.ReleaseClaim,
		ordering.StockRestock: inventory.RestockClaim,
	}
	return func(effects []ordering.StockEffect) ([]ordering.Shortage, error) {
		in := make([]inventory.Effect, len(effects))
		for i, e := range effects {
			in[i] = inventory.Effect{
				Kind: kinds[e.Kind], Claim: e.Claim, Owner: e.Order.String(), SKU: e.SKU, Quantity: e.Quantity, Until: e.Until,
			}
		}
		shorts, err := l.Apply(in)
		var out []ordering.Shortage
		for _, short := range shorts {
			out = append(out, ordering.Shortage(short))
		}
		return out, err
	}
}
