package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// asked is whoever answers statements: a transaction, or the readers.
type asked interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanned is a row that is read.
type scanned interface{ Scan(into ...any) error }

// rowsOf reads the rows of a statement, each by scan; none and not nil for none.
func rowsOf[T any](ctx context.Context, db asked, scan func(scanned) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, readError(err)
	}
	defer func() { _ = rows.Close() }()
	out := []T{}
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, rowError(err)
		}
		out = append(out, item)
	}
	return out, readError(rows.Err())
}

// eachRow calls keep for each row, whose columns are read into the places.
func eachRow(ctx context.Context, db asked, query string, args, places []any, keep func()) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return rowError(err)
		}
		keep()
	}
	return rows.Err()
}

// rowError is the error of a row that does not hold what it should.
func rowError(err error) error {
	if fault.Of(err) != nil {
		return err
	}
	return fault.Unexpected.New("a stored row cannot be read").Because(err)
}

// missing names what was looked for and is not there.
func missing(what string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Missing.New("there is no such " + what).Because(err)
	}
	return readError(err)
}

// only gives the only thing of a read.
func only[T any](items []T, err error) (T, error) {
	if err == nil && len(items) == 0 {
		err = readError(sql.ErrNoRows)
	}
	if err != nil {
		var none T
		return none, err
	}
	return items[0], nil
}

// pageOf cuts what was read for a page, one thing more than it has when more follow.
func pageOf[T any](items []T, limit int) (page []T, more bool) {
	if len(items) <= limit {
		return items, false
	}
	return items[:limit], true
}

// inTurn takes steps until one fails.
func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// intoList reads a list in JSON, of which an empty one is nil.
func intoList[T any](list *[]T) into {
	return func(column any) error {
		*list = nil
		if err := intoJSON(list)(column); err != nil {
			return err
		}
		if len(*list) == 0 {
			*list = nil
		}
		return nil
	}
}

// intoBytes reads bytes into an array; NULL leaves it zero.
func intoBytes(array []byte) into {
	return func(column any) error {
		clear(array)
		raw, _ := column.([]byte)
		copy(array, raw)
		return nil
	}
}

// orEmpty is never null in JSON.
func orEmpty[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	return m
}

// orNothing is never null in JSON.
func orNothing[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// bounds are a window's ends as rows have them; nothing is open between those of a closed one.
func bounds(w catalog.Window, open bool) (from, until int64) {
	if !open {
		return never, always
	}
	from, until = always, never
	if !w.From.IsZero() {
		from = microsOf(w.From)
	}
	if !w.Until.IsZero() {
		until = microsOf(w.Until)
	}
	return from, until
}
