package ports

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// Bounds of a blob. One is held in memory as a whole by who puts and who gets it, so it is no place for films.
const (
	BlobMost    = 64 << 20 // Bytes.
	BlobKeyMost = 200      // Bytes of a key.
)

// CheckBlob gives an error of class fault.Bad that names what is wrong with a key or a content of so many bytes, or nil.
func CheckBlob(key string, size int) error {
	var wrong []*fault.Error
	if key == "" || len(key) > BlobKeyMost {
		wrong = append(wrong, fault.Bad.Newf("a key has 1 to %d bytes", BlobKeyMost).At("key"))
	}
	if size > BlobMost {
		wrong = append(wrong, fault.Bad.Newf("a blob has at most %d bytes", BlobMost).At("content"))
	}
	return fault.Collect(wrong)
}

// Blobs keeps content by key, for what one process takes and another one works on: a file that is uploaded to one server
// and imported by the next.
//
// Contract: [blobs-get] Get gives the content of a key as it was put last, wherever in the shop that was, whole, as the
// caller's own, and errors of kind NotFound for a key that has none; [blobs-put] Put replaces what the key has, wholly or
// not at all, refuses what CheckBlob does, and keeps nothing of the caller's; [blobs-delete] Delete takes the content of
// one key away, and does no harm where there is none; [blobs-durable] what was put is there after the store was opened
// anew. Errors: fault.Bad; kind Unavailable, after which a Put or Delete may have been done. Safe for concurrent use.
type Blobs interface {
	Put(ctx context.Context, key string, content []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
	Delete(ctx context.Context, key string) error
}
