package sqlite

import (
	"context"
	"database/sql"

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
