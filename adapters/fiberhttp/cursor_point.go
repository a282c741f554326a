package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The names of lists whose cursors are a place and its check.
const (
	myOrdersList = "me/orders"
	auditList    = "admin/audit"
)

// cursorStart is the time of places that have none: their lists go by id.
var cursorStart = time.UnixMicro(0).UTC()

// formatPoint writes a cursor of a list that goes by time and id, of whatever kind.
func formatPoint(list string, at time.Time, id [16]byte) *string {
	text := formatCursor(list, catalog.Place{CreatedAt: at, ID: ref.NewID[ref.ProductKind](id)})
	return &text
}

// parsePoint reads what formatPoint wrote. It fails with catalog.InvalidCursor.
func parsePoint(list, text string) (at time.Time, id [16]byte, err error) {
	place, err := parseCursor(list, text)
	return place.CreatedAt, place.ID.UUID(), err
}
