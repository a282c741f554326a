package postgres

import (
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

// carriedPlaces are where the rows of a table are read to, and how they become such as travel.
type carriedPlaces struct {
	table  *carry.Table
	places []any
}

func carriedPlacesOf(t *carry.Table) carriedPlaces {
	p := carriedPlaces{table: t}
	for _, c := range t.Columns {
		p.places = append(p.places, placeOf(c.Kind))
	}
	return p
}

func placeOf(k carry.Kind) any {
	switch k {
	case carry.Int:
		return &pgtype.Int8{}
	case carry.Flag:
		return &pgtype.Bool{}
	case carry.Time:
		return &pgtype.Timestamptz{}
	case carry.Bytes:
		return new([]byte)
	case carry.UUID, carry.ID, carry.NoID, carry.BareID, carry.SlugID:
		return &pgtype.UUID{}
	case carry.IDs:
		return new(pgtype.FlatArray[pgtype.UUID])
	case carry.Texts:
		return new(pgtype.FlatArray[string])
	case carry.Times:
		return new(pgtype.FlatArray[pgtype.Timestamptz])
	default:
		return &pgtype.Text{}
	}
}
