package fiberhttp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// A cursor is the place where a page ended, as text that callers hand back and do not read: a version, the time in
// microseconds, the id, and a check over these and the list's name. The check is no secret, since any place is one
// where a caller may start to read; it finds cursors that are damaged, guessed or of another list.
const (
	cursorVersion = 1
	cursorTime    = 1 // Where the time begins.
	cursorID      = cursorTime + 8
	cursorCheck   = cursorID + 16
	cursorSize    = cursorCheck + 5
)

// newestList is the name of the list of products from new to old.
const newestList = "products/newest"

// lastMoment bounds the times of cursors by what every store can compare with: the year 9999.
var lastMoment = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).UnixMicro()

var cursorEncoding = base64.RawURLEncoding.Strict()

// formatCursor writes the place as a cursor.
func formatCursor(list string, place catalog.Place) string {
	payload := make([]byte, cursorSize)
	payload[0] = cursorVersion
	binary.BigEndian.PutUint64(payload[cursorTime:], uint64(place.CreatedAt.UnixMicro()))
	id := place.ID.UUID()
	copy(payload[cursorID:], id[:])
	check := cursorSum(list, payload[:cursorCheck])
	copy(payload[cursorCheck:], check[:])
	return cursorEncoding.EncodeToString(payload)
}

// parseCursor reads what formatCursor wrote. It fails with catalog.InvalidCursor.
func parseCursor(list, text string) (catalog.Place, error) {
	refused := catalog.InvalidCursor.New("the cursor is not one that this list gave; start again without it").At("cursor")
	if len(text) != cursorEncoding.EncodedLen(cursorSize) {
		return catalog.Place{}, refused
	}
	payload, err := cursorEncoding.DecodeString(text)
	if err != nil || len(payload) != cursorSize || payload[0] != cursorVersion {
		return catalog.Place{}, refused
	}
	check := cursorSum(list, payload[:cursorCheck])
	if string(payload[cursorCheck:]) != string(check[:cursorSize-cursorCheck]) {
		return catalog.Place{}, refused
	}
	micros := binary.BigEndian.Uint64(payload[cursorTime:])
	if micros > uint64(lastMoment) {
		return catalog.Place{}, refused
	}
	return catalog.Place{
		CreatedAt: time.UnixMicro(int64(micros)).UTC(),
		ID:        ref.NewID[ref.ProductKind](ref.UUID(payload[cursorID:cursorCheck])),
	}, nil
}

func cursorSum(list string, payload []byte) [sha256.Size]byte {
	return sha256.Sum256(append([]byte(list+"\x00"), payload...))
}
