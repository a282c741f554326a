package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/ports"
)

var _ ports.CommandDesk = Commands{}

// Step makes a step of a command true, which no commit carries: in a transaction of its own, which locks the one record.
func (c Commands) Step(ctx context.Context, cmd ports.Command) (standing *ports.CommandRecord, err error) {
	err = c.s.quietly(ctx, func(tx pgx.Tx) error {
		standing, err = c.s.stepCommand(ctx, tx, cmd)
		return err
	})
	if err != nil {
		return nil, err
	}
	return standing, nil
}

// stepCommand judges a step under the lock of its record and writes what it comes to. Of two that begin one key at once
// the insert of the later fails, and it is tried again.
func (s *Store) stepCommand(ctx context.Context, tx pgx.Tx, cmd ports.Command) (*ports.CommandRecord, error) {
	var stored *ports.CommandRecord
	record, err := scanCommand(tx.QueryRow(ctx, `SELECT actor, route, key, fingerprint, owner, subject, created_at, lease, answered, code, detail
		FROM commerce.commands WHERE shop = $1 AND actor = $2 AND route = $3 AND key = $4 FOR UPDATE`,
		s.cfg.Shop, cmd.Key.Actor, cmd.Key.Route, cmd.Key.Key))
	switch {
	case err == nil:
		stored = &record
	case !errors.Is(err, pgx.ErrNoRows):
		return nil, err
	}
	next, standing, err := cmd.Judge(stored)
	if err != nil || standing != nil {
		return standing, err
	}
	b := &pgx.Batch{}
	switch {
	case next != nil && stored == nil:
		s.queueCommandRows(b, []ports.CommandRecord{*next}, nil)
	case next != nil:
		s.queueCommandRows(b, nil, []ports.CommandRecord{*next})
	default:
		b.Queue(`DELETE FROM commerce.commands WHERE shop = $1 AND actor = $2 AND route = $3 AND key = $4`,
			s.cfg.Shop, cmd.Key.Actor, cmd.Key.Route, cmd.Key.Key)
	}
	return nil, tx.SendBatch(ctx, b).Close()
}
