package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

// Shop is a database as carry takes a shop from it, or brings one into it: one transaction, which sees the state of one
// moment, or is the only one that writes.
type Shop struct {
	s    *Store
	tx   pgx.Tx
	last map[string]int64 // How far the sequences of a source were drawn when it was opened.
}

var (
	_ carry.Source = (*Shop)(nil)
	_ carry.Target = (*Shop)(nil)
)

// carryLock is the key of the advisory lock that who takes a shop from a database shares and who brings one into it has
// alone, so that nobody does both with the same: the ASCII of "cp" behind that of "commer".
const carryLock = 0x636f6d6d65726370

// carryStatement is how long the answer to a statement of a copy is waited for: some go through a whole table.
const carryStatement = 15 * time.Minute

const (
	// A table is read in one statement, for as long as the other store takes to write it, and nothing is asked meanwhile. A
	// lock is held by nobody for long, unless the shop is open.
	sqlPatiently = `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '5s'`
	sqlSchema    = `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c
		JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE n.nspname = 'commerce' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped`
	sqlSequence = `SELECT pg_get_serial_sequence('commerce.' || $1, $2)`
)

// OpenSource connects to a database to take its shop, as it is now. It fails with carry.ErrInUse while a shop is brought into it,
// and when carry does not know all of its tables. Close it.
func OpenSource(ctx context.Context, cfg Config) (carry.Source, error) {
	return openShop(ctx, cfg, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, (*Shop).share)
}

// OpenTarget connects to a migrated database to bring a shop into it. Nobody else writes to its tables until it is closed.
// It fails with carry.ErrInUse while a shop is taken from it or brought into it, and when carry does not know all of its tables.
func OpenTarget(ctx context.Context, cfg Config) (carry.Target, error) {
	return openShop(ctx, cfg, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, (*Shop).own)
}

// openShop connects, begins a transaction and takes what it needs.
func openShop(ctx context.Context, cfg Config, options pgx.TxOptions, take func(*Shop, context.Context) error) (*Shop, error) {
	cfg.Statement = max(cfg.Statement, carryStatement)
	s, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	shop := &Shop{s: s, last: map[string]int64{}}
	if shop.tx, err = s.pool.BeginTx(ctx, options); err == nil {
		_, err = shop.tx.Exec(ctx, sqlPatiently, pgx.QueryExecModeSimpleProtocol)
	}
	if err != nil {
		err = readError(err)
	} else if err = shop.known(ctx); err == nil {
		err = take(shop, ctx)
	}
	if err != nil {
		shop.Close()
		return nil, err
	}
	return shop, nil
}

// Close ends the transaction, in vain unless it was committed, and the connections.
func (s *Shop) Close() {
	if s.tx != nil {
		ctx, cancel := context.WithTimeout(detached(), s.s.cfg.Connect)
		_ = s.tx.Rollback(ctx)
		cancel()
	}
	s.s.Close()
}

// known refuses a database of which carry does not know all.
func (s *Shop) known(ctx context.Context) error {
	schema := carry.Schema{}
	rows, err := s.tx.Query(ctx, sqlSchema)
	if err != nil {
		return readError(err)
	}
	var table, column, kind string
	_, err = pgx.ForEachRow(rows, []any{&table, &column, &kind}, func() error {
		if schema[table] == nil {
			schema[table] = map[string]string{}
		}
		if column != "shop" {
			schema[table][column] = kind
		}
		return nil
	})
	if err != nil {
		return readError(err)
	}
	return carry.Check(carry.PostgreSQL, schema)
}
