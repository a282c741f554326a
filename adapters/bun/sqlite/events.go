package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
)

// insertEvents writes events of a commit in their order; the positions that they get ascend with it, and over all
// transactions, since those take turns. Relays are woken when the transaction is true.
func (s *Store) insertEvents(ctx context.Context, tx *sql.Tx, events []event.Event) error {
	if len(events) == 0 {
		return nil
	}
	s.wrote.events = true
	return each(ctx, tx, `INSERT INTO outbox (id, name, aggregate, partition, at, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`, events,
		func(e event.Event) []any {
			return []any{idText(e.ID), e.Name, e.Aggregate, ports.PartitionOf(e.Aggregate), microsOf(e.At), string(e.Data)}
		})
}
