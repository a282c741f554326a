package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"runtime/debug"
	"slices"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// errNothing ends a transaction that has nothing to write.
var errNothing = errors.New("nothing is to be written")

// transact runs one transaction: facts, decision, writes. Its error is no verdict on any member, and surely nothing was
// written, unless it is of kind Unknown. The context ends with nobody who waits.
func (s *Store) transact(ctx context.Context, commits []ordering.Commit) (verdicts []ordering.Verdict, err error) {
	defer func() {
		// One commit that meets a defect must not end the shop: alone it is answered with what it met.
		if p := recover(); p != nil {
			s.cfg.Logger.Error(observe.CommitPanic, zap.String(observe.Error, observe.Panicked(p).Error()), zap.ByteString(observe.Stack, debug.Stack()))
			verdicts, err = nil, fault.Unexpected.New("a commit met a defect of the store")
		}
	}()
	if err := s.fault(ordering.BeforeFacts); err != nil {
		return nil, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		verdicts, err = s.decide(ctx, tx, commits)
		return err
	})
	switch {
	case errors.Is(err, errNothing):
		return verdicts, nil
	case err != nil:
		return nil, err
	}
	if err := s.fault(ordering.AfterCommit); err != nil {
		return nil, fault.Lost.New("the answer of the database was lost").Because(err)
	}
	return verdicts, nil
}

// decide reads the facts, lets Decide judge the commits and writes the accepted ones.
func (s *Store) decide(ctx context.Context, tx *sql.Tx, commits []ordering.Commit) ([]ordering.Verdict, error) {
	facts, err := readFacts(ctx, tx, commits)
	if err == nil {
		err = s.fault(ordering.BeforeStock)
	}
	if err != nil {
		return nil, err
	}
	ledger := inventory.NewLedger(facts.stock)
	verdicts := ordering.Decide(commits, facts.Facts, ordering.Rules{Stock: mapping.StockRule(ledger)})
	w := &writer{s: s, tx: tx, facts: facts, stock: ledger.Changes()}
	for i, v := range verdicts {
		if v.Accepted() {
			w.add(commits[i].Owing(v.Backordered))
		}
	}
	if err := s.fault(ordering.BeforeWrite); err != nil {
		return nil, err
	}
	if !w.any {
		return verdicts, errNothing
	}
	if err := w.state(ctx); err != nil {
		return nil, err
	}
	if err := s.fault(ordering.BeforeEvents); err != nil {
		return nil, err
	}
	if err := w.news(ctx); err != nil {
		return nil, err
	}
	return verdicts, s.fault(ordering.BeforeCommit)
}

// fault asks the test's hook.
func (s *Store) fault(p ordering.Point) error {
	if s.cfg.Fault == nil {
		return nil
	}
	return s.cfg.Fault(p)
}

// state writes what is.
func (w *writer) state(ctx context.Context) error {
	for _, write := range []func(context.Context) error{w.writeCarts, w.writeOrders, w.writePayments, w.writeCommands} {
		if err := write(ctx); err != nil {
			return err
		}
	}
	return w.s.writeStock(ctx, w.tx, w.facts.stock, w.stock)
}

// news writes what others are told.
func (w *writer) news(ctx context.Context) error {
	if err := w.s.insertEvents(ctx, w.tx, slices.Concat(w.events, w.stock.Events)); err != nil {
		return err
	}
	for _, write := range []func(context.Context) error{w.writeAttachments, w.writeInbox} {
		if err := write(ctx); err != nil {
			return err
		}
	}
	return w.s.enqueue(ctx, w.tx, w.jobs)
}
