package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
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

// stored is a value as this store has it.
func stored(c carry.Column, prefix string, v any) (any, error) {
	switch c.Kind {
	case carry.NoID, carry.BareID:
		if v == nil || v == "" {
			return [16]byte{}, nil
		}
	default:
	}
	switch v := v.(type) {
	case int64:
		switch c.Kind {
		case carry.Flag:
			return v != 0, nil
		case carry.Time:
			return timeOf(v), nil
		default:
		}
	case []byte:
		if c.Kind == carry.UUID {
			if len(v) != 16 {
				return nil, fmt.Errorf("an id of %d bytes", len(v))
			}
			return [16]byte(v), nil
		}
	case string:
		return storedText(c.Kind, prefix, v)
	}
	return v, nil
}

// storedText is a value that travels as text as this store has it.
func storedText(k carry.Kind, prefix, v string) (any, error) {
	switch k {
	case carry.ID, carry.NoID, carry.BareID, carry.SlugID:
		return carry.IDBytes(prefix, v)
	case carry.Path:
		return eachInPath(v, func(id string) (string, error) {
			u, err := carry.IDBytes(prefix, id)
			return ref.UUID(u).String(), err
		})
	case carry.IDs:
		return storedList(v, func(id string) ([16]byte, error) { return carry.IDBytes(prefix, id) })
	case carry.Texts:
		return storedList(v, func(text string) (string, error) { return text, nil })
	case carry.Times:
		return storedList(v, func(micros int64) (pgtype.Timestamptz, error) { return timeOf(micros), nil })
	default:
		return v, nil
	}
}

// storedList reads a list in JSON, and makes something of each of its values.
func storedList[V, W any](text string, of func(V) (W, error)) ([]W, error) {
	var values []V
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		return nil, err
	}
	out := make([]W, len(values))
	for i, v := range values {
		var err error
		if out[i], err = of(v); err != nil {
			return nil, err
		}
	}
	return out, nil
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

// sqlOwedByOrders is what orders say of their lines, in the column that this store alone has.
const sqlOwedByOrders = `UPDATE commerce.orders o SET backordered = l.backordered FROM (
		SELECT order_id, sum(backordered) AS backordered FROM commerce.order_lines WHERE shop = $1 AND backordered > 0 GROUP BY order_id) l
	WHERE o.shop = $1 AND o.id = l.order_id`

// Derive writes what orders say of their lines, what lists show of all products, and their words.
func (s *Shop) Derive(ctx context.Context, tell func(products int)) error {
	if _, err := s.tx.Exec(ctx, sqlOwedByOrders, s.s.cfg.Shop); err != nil {
		return readError(err)
	}
	for _, t := range carry.Tables { // What follows is planned by how much there is now.
		if err := s.analyse(ctx, t.Name); err != nil {
			return err
		}
	}
	if err := s.list(ctx, tell); err != nil {
		return err
	}
	for _, name := range carry.Made(carry.PostgreSQL) {
		if err := s.analyse(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// analyse lets the planner know how much is in a table.
func (s *Shop) analyse(ctx context.Context, table string) error {
	_, err := s.tx.Exec(ctx, "ANALYZE commerce."+table)
	return readError(err)
}

// list writes what lists show of all products.
func (s *Shop) list(ctx context.Context, tell func(products int)) error {
	done := 0
	var last ref.UUID
	for {
		ids, err := s.s.projectNext(ctx, s.tx, last)
		if err != nil || len(ids) == 0 {
			return readError(err)
		}
		done, last = done+len(ids), ids[len(ids)-1]
		tell(done)
	}
}

// Commit makes it true.
func (s *Shop) Commit(ctx context.Context) error {
	err := s.tx.Commit(ctx)
	if uncertain(err) {
		return fault.Lost.New("the answer of the database was lost").Because(hushed(err))
	}
	return readError(err)
}
