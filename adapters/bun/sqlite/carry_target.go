package sqlite

import (
	"context"
	"strings"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// owned makes the values of the columns that this store alone has. One that is missing here the file gives by itself.
var owned = map[string]map[string]func(t *carry.Table, r carry.Row) any{
	"catalog_structure": {"one": func(*carry.Table, carry.Row) any { return 1 }},
	"carts": {"bare": func(t *carry.Table, r carry.Row) any {
		lines := t.Value(r, "lines")
		return lines == "[]" || lines == "null"
	}},
	"orders": {"email_key": func(t *carry.Table, r carry.Row) any { return ref.CanonicalEmail(textOf(t.Value(r, "email"))) }},
	"outbox": {"partition": func(t *carry.Table, r carry.Row) any { return ports.PartitionOf(textOf(t.Value(r, "aggregate"))) }},
}

// Held tells which tables have rows.
func (s *Shop) Held(ctx context.Context) (held []string, err error) {
	ask := func(table, void string) error {
		query := "SELECT EXISTS (SELECT 1 FROM " + table
		if void != "" {
			query += " WHERE NOT (" + void + ")"
		}
		var there bool
		if err := s.tx.QueryRowContext(ctx, query+")").Scan(&there); err != nil {
			return readError(err)
		}
		if there {
			held = append(held, table)
		}
		return nil
	}
	for _, t := range carry.Tables {
		if err := ask(t.Name, t.Void); err != nil {
			return nil, err
		}
	}
	for _, name := range carry.Made(carry.SQLite) {
		if err := ask(name, ""); err != nil {
			return nil, err
		}
	}
	return held, nil
}

// Put adds rows. One that says nothing, which the file has from its migration, gives way.
func (s *Shop) Put(ctx context.Context, t *carry.Table, rows []carry.Row) error {
	names := t.Names()
	var own []func(*carry.Table, carry.Row) any
	for _, name := range t.Own[carry.SQLite] {
		if of := owned[t.Name][name]; of != nil {
			names, own = append(names, name), append(own, of)
		}
	}
	verb := "INSERT INTO "
	if t.Void != "" {
		verb = "INSERT OR REPLACE INTO "
	}
	query := verb + t.Name + " (" + quotedNames(names) + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
	return writeError(each(ctx, s.tx, query, rows, func(r carry.Row) []any {
		args := append(make([]any, 0, len(names)), r...)
		for i, v := range args {
			if b, ok := v.([]byte); ok {
				args[i] = bytesOf(b)
			}
		}
		for _, of := range own {
			args = append(args, of(t, r))
		}
		return args
	}))
}

// Advance notes the last number where it is not that of the last row.
func (s *Shop) Advance(ctx context.Context, t *carry.Table, last int64) error {
	var drawn bool // By a table that never draws a number twice.
	err := s.tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1 AND sql LIKE '%AUTOINCREMENT%')`, t.Name).Scan(&drawn)
	if err != nil || !drawn {
		return readError(err)
	}
	n, err := affected(ctx, s.tx, `UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1`, t.Name, last)
	if err == nil && n == 0 {
		err = exec(ctx, s.tx, `INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)`, t.Name, last)
	}
	return writeError(err)
}

// Derive writes what lists show of all products, and their words.
func (s *Shop) Derive(ctx context.Context, tell func(products int)) error {
	done := 0
	for last := ""; ; {
		ids, err := productsBy(ctx, s.tx, sqlNextProducts, last, projectBatch)
		if err == nil {
			err = project(ctx, s.tx, ids, true)
		}
		if err != nil || len(ids) == 0 {
			return writeError(err)
		}
		done, last = done+len(ids), ids[len(ids)-1].String()
		tell(done)
	}
}

// Commit makes it true.
func (s *Shop) Commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.tx.Commit(); err != nil {
		return writeError(commitError(err))
	}
	return nil
}
