package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

// share lets others take the shop too, and nobody bring one. Sequences are of no moment, so they are read now, before
// anything else is: what is drawn later belongs to rows that are not seen.
func (s *Shop) share(ctx context.Context) error {
	if err := s.lock(ctx, `SELECT pg_try_advisory_xact_lock_shared($1)`); err != nil {
		return err
	}
	for _, t := range carry.Tables {
		if t.Counted == "" {
			continue
		}
		sequence, err := s.sequence(ctx, t)
		if err != nil {
			return err
		}
		var last int64
		if err := s.tx.QueryRow(ctx, `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM `+sequence).Scan(&last); err != nil {
			return readError(err)
		}
		s.last[t.Name] = last
	}
	return nil
}

// own keeps everybody else from writing. The transaction has its id before a position is seen in the outbox, as all have
// that write events.
func (s *Shop) own(ctx context.Context) error {
	if err := s.lock(ctx, `SELECT pg_try_advisory_xact_lock($1)`); err != nil {
		return err
	}
	if _, err := s.tx.Exec(ctx, sqlTransaction); err != nil {
		return readError(err)
	}
	var tables []string
	for _, t := range carry.Tables {
		tables = append(tables, "commerce."+t.Name)
	}
	for _, name := range carry.Made(carry.PostgreSQL) {
		tables = append(tables, "commerce."+name)
	}
	slices.Sort(tables)
	_, err := s.tx.Exec(ctx, "LOCK TABLE "+strings.Join(tables, ", ")+" IN SHARE ROW EXCLUSIVE MODE")
	return readError(err)
}

// lock takes the advisory lock or refuses.
func (s *Shop) lock(ctx context.Context, query string) error {
	var mine bool
	if err := s.tx.QueryRow(ctx, query, int64(carryLock)).Scan(&mine); err != nil {
		return readError(err)
	}
	if !mine {
		return carry.ErrInUse
	}
	return nil
}

// sequence names what a counted column is drawn from.
func (s *Shop) sequence(ctx context.Context, t *carry.Table) (name string, err error) {
	err = s.tx.QueryRow(ctx, sqlSequence, t.Name, t.Counted).Scan(&name)
	return name, readError(err)
}
