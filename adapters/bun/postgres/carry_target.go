package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// Held tells which tables have rows.
func (s *Shop) Held(ctx context.Context) (held []string, err error) {
	ask := func(table, condition string) error {
		var there bool
		if err := s.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM commerce."+table+condition+")", s.s.cfg.Shop).Scan(&there); err != nil {
			return readError(err)
		}
		if there {
			held = append(held, table)
		}
		return nil
	}
	for _, t := range carry.Tables {
		if err := ask(t.Name, where(t)); err != nil {
			return nil, err
		}
	}
	for _, name := range carry.Made(carry.PostgreSQL) {
		if err := ask(name, " WHERE shop = $1"); err != nil {
			return nil, err
		}
	}
	return held, nil
}

// Put adds rows by COPY. A row that says nothing gives way.
func (s *Shop) Put(ctx context.Context, t *carry.Table, rows []carry.Row) error {
	if t.Void != "" {
		if _, err := s.tx.Exec(ctx, "DELETE FROM commerce."+t.Name+" WHERE shop = $1 AND ("+t.Void+")", s.s.cfg.Shop); err != nil {
			return readError(err)
		}
	}
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = append(make([]any, 0, 1+len(r)), s.s.cfg.Shop)
		for k, c := range t.Columns {
			v, err := stored(c, t.PrefixIn(c, r), r[k])
			if err != nil {
				return corrupt(fmt.Errorf("%s.%s: %w", t.Name, c.Name, err))
			}
			values[i] = append(values[i], v)
		}
	}
	_, err := s.tx.CopyFrom(ctx, pgx.Identifier{"commerce", t.Name}, append([]string{"shop"}, t.Names()...), pgx.CopyFromRows(values))
	return readError(err)
}

// Advance draws the sequence of a column up to the last number. It stays drawn when nothing comes of the copy, which costs
// a gap.
func (s *Shop) Advance(ctx context.Context, t *carry.Table, last int64) error {
	if last <= 0 {
		return nil
	}
	sequence, err := s.sequence(ctx, t)
	if err == nil {
		_, err = s.tx.Exec(ctx, `SELECT setval($1::text::regclass, greatest($2, (SELECT last_value FROM `+sequence+`)))`, sequence, last)
	}
	return readError(err)
}

// Commit makes it true.
func (s *Shop) Commit(ctx context.Context) error {
	err := s.tx.Commit(ctx)
	if uncertain(err) {
		return fault.Lost.New("the answer of the database was lost").Because(hushed(err))
	}
	return readError(err)
}
