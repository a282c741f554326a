package postgres

import (
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

// row makes a row of what was read.
func (p carriedPlaces) row() (carry.Row, error) {
	out := make(carry.Row, len(p.places))
	for i, c := range p.table.Columns {
		var err error
		if out[i], err = carried(c, p.table.PrefixIn(c, out), p.places[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return out, nil
}

// carried is a value as rows that travel have it.
func carried(c carry.Column, prefix string, place any) (any, error) {
	switch v := place.(type) {
	case *pgtype.Text:
		switch {
		case !v.Valid:
			return nil, nil //nolint:nilnil // NULL is nil.
		case c.Kind == carry.JSON:
			return carry.Canonical(v.String)
		case c.Kind == carry.Path:
			return eachInPath(v.String, func(id string) (string, error) {
				var u pgtype.UUID
				if err := u.Scan(id); err != nil {
					return "", err
				}
				return carry.IDText(prefix, u.Bytes)
			})
		}
		return v.String, nil
	case *pgtype.Int8:
		return orNil(v.Int64, v.Valid), nil
	case *pgtype.Bool:
		n := int64(0)
		if v.Bool {
			n = 1
		}
		return orNil(n, v.Valid), nil
	case *pgtype.Timestamptz:
		return orNil(microsOf(*v), v.Valid), nil
	case *[]byte:
		return orNil(*v, *v != nil), nil
	case *pgtype.UUID:
		return carriedID(c.Kind, prefix, *v)
	case *pgtype.FlatArray[pgtype.UUID]:
		return carriedList(*v, func(id pgtype.UUID) (any, error) { return carry.IDText(prefix, id.Bytes) })
	case *pgtype.FlatArray[string]:
		return carriedList(*v, func(text string) (any, error) { return text, nil })
	case *pgtype.FlatArray[pgtype.Timestamptz]:
		return carriedList(*v, func(t pgtype.Timestamptz) (any, error) { return microsOf(t), nil })
	}
	return nil, fmt.Errorf("nothing is read to %T", place)
}

func orNil[V any](v V, valid bool) any {
	if !valid {
		return nil
	}
	return v
}

// carriedID is an id as rows that travel have it.
func carriedID(k carry.Kind, prefix string, id pgtype.UUID) (any, error) {
	zero := id.Bytes == [16]byte{}
	switch {
	case k == carry.BareID && zero:
		return "", nil
	case !id.Valid, k == carry.NoID && zero:
		return nil, nil //nolint:nilnil // No id is nil.
	case k == carry.UUID:
		return append([]byte(nil), id.Bytes[:]...), nil
	}
	return carry.IDText(prefix, id.Bytes)
}

// carriedList is a list as rows that travel have it: in JSON, and NULL as nil.
func carriedList[V any](values pgtype.FlatArray[V], of func(V) (any, error)) (any, error) {
	if values == nil {
		return nil, nil //nolint:nilnil // NULL is nil.
	}
	out := make([]any, len(values))
	for i, v := range values {
		var err error
		if out[i], err = of(v); err != nil {
			return nil, err
		}
	}
	return carry.Encoded(out)
}

// microsOf are microseconds since 1970; what has no end is before or behind all.
func microsOf(t pgtype.Timestamptz) int64 {
	switch t.InfinityModifier {
	case pgtype.Infinity:
		return carry.Never
	case pgtype.NegativeInfinity:
		return carry.Always
	default:
		return t.Time.UnixMicro()
	}
}

// timeOf is the opposite of microsOf.
func timeOf(micros int64) pgtype.Timestamptz {
	switch micros {
	case carry.Never:
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	case carry.Always:
		return pgtype.Timestamptz{InfinityModifier: pgtype.NegativeInfinity, Valid: true}
	}
	return pgtype.Timestamptz{Time: time.UnixMicro(micros).UTC(), Valid: true}
}

// eachInPath puts something else in the place of each id between slashes.
func eachInPath(path string, of func(string) (string, error)) (string, error) {
	ids := strings.Split(path, "/")
	for i, id := range ids {
		if id == "" {
			continue
		}
		var err error
		if ids[i], err = of(id); err != nil {
			return "", err
		}
	}
	return strings.Join(ids, "/"), nil
}
