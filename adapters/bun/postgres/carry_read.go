package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

// where is the condition on the rows of a shop that say something.
func where(t *carry.Table) string {
	if t.Void == "" {
		return " WHERE shop = $1"
	}
	return " WHERE shop = $1 AND NOT (" + t.Void + ")"
}

// Each reads the rows of a table.
func (s *Shop) Each(ctx context.Context, t *carry.Table, yield func(carry.Row) error) error {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = `"` + c.Name + `"`
		if c.Kind == carry.JSON || c.Kind == carry.Raw {
			columns[i] += "::text"
		}
	}
	rows, err := s.tx.Query(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM commerce."+t.Name+where(t), s.s.cfg.Shop)
	if err != nil {
		return readError(err)
	}
	defer rows.Close()
	read := carriedPlacesOf(t)
	for rows.Next() {
		if err := rows.Scan(read.places...); err != nil {
			return corrupt(fmt.Errorf("%s: %w", t.Name, err))
		}
		row, err := read.row()
		if err != nil {
			return corrupt(fmt.Errorf("%s: %w", t.Name, err))
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return readError(rows.Err())
}

// Last tells how far a table's column was drawn when the source was opened.
func (s *Shop) Last(_ context.Context, t *carry.Table) (int64, error) { return s.last[t.Name], nil }
