package sqlite

import (
	"context"
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

// Each reads the rows of a table.
func (s *Shop) Each(ctx context.Context, t *carry.Table, yield func(carry.Row) error) error {
	query := "SELECT " + quotedNames(t.Names()) + " FROM " + t.Name //nolint:gosec // The names are those of the description.
	if t.Void != "" {
		query += " WHERE NOT (" + t.Void + ")"
	}
	rows, err := s.tx.QueryContext(ctx, query)
	if err != nil {
		return readError(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		row := make(carry.Row, len(t.Columns))
		places := make([]any, len(row))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			return rowError(err)
		}
		for i, c := range t.Columns {
			if row[i], err = carried(c, row[i]); err != nil {
				return rowError(fmt.Errorf("%s.%s: %w", t.Name, c.Name, err))
			}
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return readError(rows.Err())
}

// carried is a value as rows that travel have it. The file has it so already, but for structures and what says none.
func carried(c carry.Column, v any) (any, error) {
	if b, isBytes := v.([]byte); isBytes {
		return bytesOf(b), nil // The driver gives nil for none, which is not NULL.
	}
	text, isText := v.(string)
	if !isText {
		return v, nil
	}
	switch c.Kind {
	case carry.JSON:
		return carry.Canonical(text)
	case carry.IDs, carry.Texts, carry.Times:
		if text == "null" {
			return nil, nil //nolint:nilnil // No list is no value.
		}
		return carry.Canonical(text)
	case carry.BareID:
		if id, err := carry.IDBytes(c.Prefix, text); text == "" || err == nil && id == [16]byte{} {
			return "", nil
		}
	default:
	}
	return v, nil
}

// Last reads the highest number that was drawn for a table's column.
func (s *Shop) Last(ctx context.Context, t *carry.Table) (last int64, err error) {
	err = s.tx.QueryRowContext(ctx, `SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0),
		coalesce((SELECT max(`+t.Counted+`) FROM `+t.Name+`), 0))`, t.Name).Scan(&last)
	return last, readError(err)
}

// quotedNames lists columns, of which some are words of SQL.
func quotedNames(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }
