package postgres

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// transact runs one transaction: facts, decision, writes. Its error is no verdict on any member, and surely nothing
// was written, unless it is errLost. The context ends with nobody who waits.
func (s *Store) transact(ctx context.Context, commits []ordering.Commit, careful bool) (verdicts []ordering.Verdict, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Transaction)
	defer cancel()
	if err := s.fault(ordering.BeforeFacts); err != nil {
		return nil, err
	}
	var w *writer
	defer func() {
		// One commit that meets a defect must not end the shop: alone it is answered with what it met.
		if p := recover(); p != nil {
			s.cfg.Logger.Error(observe.CommitPanic, zap.String(observe.Error, observe.Panicked(p).Error()), zap.ByteString(observe.Stack, debug.Stack()))
			verdicts, err = nil, fault.Unexpected.New("a commit met a defect of the store")
			if w != nil && w.committing {
				err = errors.Join(errLost, err)
			}
		}
	}()
	conn, err := s.commits.Acquire(ctx)
	if err != nil {
		return nil, errors.Join(errUnreachable, err)
	}
	defer conn.Release() // One that is still in its transaction is closed.
	facts, err := s.readFacts(ctx, conn, commits, careful)
	if err == nil {
		err = s.fault(ordering.BeforeStock)
	}
	if err != nil {
		return nil, s.rollback(ctx, conn, err)
	}
	w, verdicts = s.judge(commits, facts)
	if err := s.fault(ordering.BeforeWrite); err != nil || w.empty() {
		return verdicts, s.rollback(ctx, conn, err)
	}
	if err := w.send(ctx, conn); err != nil {
		if !w.committing || !uncertain(err) {
			return nil, s.rollback(ctx, conn, err)
		}
		if err := s.settle(w, err); err != nil {
			return nil, err
		}
	}
	if len(w.events)+len(w.stock.Events) > 0 {
		s.signal()
	}
	if len(w.jobs) > 0 {
		s.call()
	}
	if err := s.fault(ordering.AfterCommit); err != nil {
		return nil, errors.Join(errLost, err)
	}
	return verdicts, nil
}

// judge lets Decide judge the commits and gathers what the accepted ones write.
func (s *Store) judge(commits []ordering.Commit, facts *facts) (*writer, []ordering.Verdict) {
	ledger := inventory.NewLedger(facts.stock)
	verdicts := ordering.Decide(commits, facts.Facts, ordering.Rules{Stock: mapping.StockRule(ledger)})
	w := newWriter(s, facts, ledger.Changes())
	for i, v := range verdicts {
		if v.Accepted() {
			w.add(commits[i].Owing(v.Backordered))
		}
	}
	return w, verdicts
}

// fault asks the test's hook.
func (s *Store) fault(p ordering.Point) error {
	if s.cfg.Fault == nil {
		return nil
	}
	return s.cfg.Fault(p)
}

// settlePoll is how often the server is asked what became of a transaction.
const settlePoll = 20 * time.Millisecond

// settle asks the server what became of a transaction whose COMMIT got no answer: nil when it is committed, errLost
// when nobody can tell, errBroken with the cause when it surely is not.
//
// That a transaction is committed needs a witness. A server that crashed has forgotten the ids of transactions of which
// nothing was on its disk, and gives them away again: the one that is committed may be another's. (That it is aborted
// needs none: ours is lost then, whosever it is.)
func (s *Store) settle(w *writer, cause error) error {
	ctx, cancel := context.WithTimeout(detached(), s.cfg.Connect)
	defer cancel()
	for {
		var status *string
		err := s.pool.QueryRow(ctx, "SELECT pg_xact_status($1::text::xid8)", w.facts.transaction).Scan(&status)
		switch {
		case err == nil && status != nil && *status == "committed":
			if s.witnessed(ctx, w) {
				return nil
			}
			return errors.Join(errLost, cause)
		case err == nil && status != nil && *status == "aborted":
			return errors.Join(errBroken, cause)
		}
		select {
		case <-ctx.Done():
			return errors.Join(errLost, cause)
		case <-time.After(settlePoll):
		}
	}
}

// witnessed tells whether a command's record says that the writer's transaction is committed: it bears the owner that
// only this transaction wrote. One record speaks for the whole transaction; without a command there is no witness.
func (s *Store) witnessed(ctx context.Context, w *writer) bool {
	if len(w.cmds.Items) == 0 {
		return false
	}
	record := w.cmds.Items[0]
	var ours bool
	err := s.pool.QueryRow(ctx, `SELECT owner = $5 AND (answered OR NOT $6) FROM commerce.commands
		WHERE shop = $1 AND actor = $2 AND route = $3 AND key = $4`,
		s.cfg.Shop, record.Key.Actor, record.Key.Route, record.Key.Key, record.Owner, record.Answer != nil).Scan(&ours)
	return err == nil && ours
}
