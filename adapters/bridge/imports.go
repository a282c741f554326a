package bridge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// ImportJob is the kind of the jobs that import files. It stays as it is over releases.
const ImportJob = "bridge.import"

// ImportProducts is the kind of imports that bring products in.
const ImportProducts = "products"

// ImportState tells how far an import is.
type ImportState string

// The states of an import.
const (
	ImportWaiting ImportState = "waiting" // For a server that works on it.
	ImportRunning ImportState = "running" // Or interrupted, and to be gone on with.
	ImportDone    ImportState = "done"
	ImportBroken  ImportState = "refused" // Its file breaks rules; nothing was written.
	ImportFailed  ImportState = "failed"  // Something else was in the way; what was done is told.
)

// Imports takes files, has them imported by whichever server comes to it first, and tells how far they are. The file and
// the record lie in Blobs, the work is a job. Safe for concurrent use.
type Imports struct {
	importer *Importer
	open     ImportOpener
	orders   *OrderImporter
	reads    OrderReader
	blobs    ports.Blobs
	jobs     ports.Jobs
	clock    ports.Clock
	ids      ports.IDs
}

// NewImports needs all of its parts.
func NewImports(importer *Importer, open ImportOpener, orders *OrderImporter, reads OrderReader, blobs ports.Blobs, jobs ports.Jobs, clock ports.Clock, ids ports.IDs) *Imports {
	return &Imports{importer: importer, open: open, orders: orders, reads: reads, blobs: blobs, jobs: jobs, clock: clock, ids: ids}
}

func fileKey(id ref.ImportID) string   { return "imports/" + id.String() + "/file" }
func recordKey(id ref.ImportID) string { return "imports/" + id.String() + "/record" }

// Begin keeps the content of a file and has it imported soon, into the scope's channel and currency. Of products, as names
// the format; without it the format is found. The caller chooses the id; again with the same one, it finishes what an
// earlier call began and changes nothing else. Errors: Bad for a kind or a format that is not known and a content that is
// too large; kinds Unavailable and Unknown.
func (i *Imports) Begin(ctx context.Context, scope ref.Scope, id ref.ImportID, kind, as, file string, dryRun bool, content []byte) error {
	if kind != ImportProducts {
		return fault.Collect([]*fault.Error{fault.Bad.Newf("only %s are imported here", ImportProducts).At("kind")})
	}
	if _, err := i.open(bytes.NewReader(content), int64(len(content)), as, scope.Currency); fault.Is(err, fault.Bad) {
		return err
	}
	sum := sha256.Sum256(content)
	record := ImportRecord{
		ID: id, Kind: kind, DryRun: dryRun, State: ImportWaiting, Channel: scope.Channel, Currency: scope.Currency.Code(),
		CreatedAt: i.now(), File: file, As: as, SHA256: hex.EncodeToString(sum[:]), Bytes: len(content),
	}
	standing, err := i.record(ctx, id)
	switch {
	case err == nil && standing.Ended():
		return nil
	case err == nil:
		record = standing
	case fault.KindOf(err) != fault.NotFound:
		return err
	}
	if err := i.blobs.Put(ctx, fileKey(id), content); err != nil {
		return err
	}
	if err := i.keep(ctx, record); err != nil {
		return err
	}
	return i.enqueue(ctx, id)
}

// Record gives an import as JSON. Errors: Missing.
func (i *Imports) Record(ctx context.Context, id ref.ImportID) ([]byte, error) {
	return i.blobs.Get(ctx, recordKey(id))
}

// record reads an import.
func (i *Imports) record(ctx context.Context, id ref.ImportID) (ImportRecord, error) {
	var out ImportRecord
	text, err := i.Record(ctx, id)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(text, &out); err != nil {
		return out, fmt.Errorf("the record of the import %s: %w", id, err)
	}
	return out, nil
}

// keep writes an import.
func (i *Imports) keep(ctx context.Context, r ImportRecord) error {
	r.Warnings, r.Ignored, r.Notes, r.Rejected = list(r.Warnings), list(r.Ignored), list(r.Notes), list(r.Rejected)
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return i.blobs.Put(ctx, recordKey(r.ID), text)
}

// list makes an empty list of none, which JSON shows as [] and not as null.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

func (i *Imports) now() time.Time { return ref.Instant(i.clock.Now()) }
