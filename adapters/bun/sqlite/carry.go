package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

// Shop is a file as carry takes a shop from it, or brings one into it: one transaction, which reads the state of one
// moment, or is the only one that writes.
type Shop struct {
	s    *Store
	conn *sql.Conn
	tx   *sql.Tx
}

var (
	_ carry.Source = (*Shop)(nil)
	_ carry.Target = (*Shop)(nil)
)

// OpenSource opens a file to take its shop from, as it is now. It fails when carry does not know all of its tables.
// Close it.
func OpenSource(ctx context.Context, cfg Config) (carry.Source, error) {
	return openShop(ctx, cfg, func(s *Store, shop *Shop) (err error) {
		shop.tx, err = s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		return err
	})
}

// OpenTarget opens a migrated file to bring a shop into. Nobody else writes to it until it is closed. It fails when carry
// does not know all of its tables.
func OpenTarget(ctx context.Context, cfg Config) (carry.Target, error) {
	return openShop(ctx, cfg, func(s *Store, shop *Shop) (err error) {
		if shop.conn, err = s.writer.Conn(ctx); err == nil {
			shop.tx, err = begin(ctx, shop.conn)
		}
		return err
	})
}

// openShop opens a file and begins a transaction.
func openShop(ctx context.Context, cfg Config, begin func(*Store, *Shop) error) (*Shop, error) {
	s, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	shop := &Shop{s: s}
	if err = begin(s, shop); err == nil {
		err = shop.known(ctx) // It is also what the moment of a reader begins with.
	} else {
		err = readError(err)
	}
	if err != nil {
		shop.Close()
		return nil, err
	}
	return shop, nil
}

// known refuses a file of which carry does not know all.
func (s *Shop) known(ctx context.Context) error {
	schema, err := schemaOf(ctx, s.tx)
	if err != nil {
		return readError(err)
	}
	return carry.Check(carry.SQLite, schema)
}

// Close ends the transaction, in vain unless it was committed, and closes the file.
func (s *Shop) Close() {
	if s.tx != nil {
		_ = s.tx.Rollback()
	}
	if s.conn != nil {
		_ = s.conn.Close()
	}
	s.s.Close()
}

// schemaOf reads the columns of all tables but SQLite's own, those of which a virtual table is made, and those by which
// Litestream, which many back a file up with, finds its place.
func schemaOf(ctx context.Context, tx *sql.Tx) (carry.Schema, error) {
	out := carry.Schema{}
	var table, column, kind string
	err := eachRow(ctx, tx, `SELECT t.name, c.name, c.type FROM pragma_table_list t CROSS JOIN pragma_table_xinfo(t.name) c
		WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
			AND t.name NOT LIKE '\_litestream\_%' ESCAPE '\'`, nil,
		[]any{&table, &column, &kind}, func() {
			if out[table] == nil {
				out[table] = map[string]string{}
			}
			out[table][column] = kind
		})
	return out, err
}

// Each reads the rows of a table.
func (s *Shop) Each(ctx context.Context, t *carry.Table, yield func(carry.Row) error) error {
	query := "SELECT " + quotedNames(t.Names()) + " FROM " + t.Name
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
