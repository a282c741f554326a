package postgres

import (
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/domain/ref"
)

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
