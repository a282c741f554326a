package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// The bounds of what an import tells.
const (
	rejectionsMost = 100         // Listed of those that there are.
	progressEvery  = time.Second // Between two records of how far it is.
)

// Handle does the job of an import: it reads the file and imports it, or tries to, and keeps what came of it. An error
// is for another try: the import is idempotent, and goes on where it was.
func (i *Imports) Handle(ctx context.Context, run ports.JobRun) error {
	var id ref.ImportID
	if err := json.Unmarshal(run.Payload, &id); err != nil {
		return fmt.Errorf("the payload of an import: %w", err)
	}
	text, err := i.Record(ctx, id)
	if err != nil {
		return err
	}
	if kindOfRecord(text) == ImportOrders {
		return i.handleOrders(ctx, id)
	}
	r, err := i.record(ctx, id)
	if err != nil || r.Ended() {
		return err
	}
	began := i.now()
	r.State, r.Message = ImportRunning, ""
	if err := i.keep(ctx, r); err != nil {
		return err
	}
	err = i.work(ctx, &r)
	r.Seconds = i.now().Sub(began).Seconds()
	switch kind := kindOf(err); {
	case err == nil:
		r.State = ImportDone
	case ctx.Err() != nil, kind == fault.Unavailable, kind == fault.Unknown:
		r.Message = "it was interrupted and goes on soon"
		return errors.Join(err, i.keep(context.WithoutCancel(ctx), r))
	case kind == fault.Invalid && r.Products == 0:
		r.State, r.Message = ImportBroken, fault.Of(err).Message()
		r.reject(err)
	default:
		r.State, r.Message = ImportFailed, "something failed that should not; what was done stays, and importing the file again goes on"
		if known := fault.Of(err); known != nil && kind != fault.Internal {
			r.Message = known.Message()
		}
	}
	r.FinishedAt = i.now()
	if err := i.keep(ctx, r); err != nil {
		return err
	}
	return i.blobs.Delete(ctx, fileKey(id))
}

// kindOf is the kind of an error, or of none.
func kindOf(err error) fault.Kind {
	if err == nil {
		return fault.Internal
	}
	return fault.KindOf(err)
}

// work imports the file, and keeps now and then how far it is.
func (i *Imports) work(ctx context.Context, r *ImportRecord) error {
	currency, err := money.CurrencyOf(r.Currency)
	if err != nil {
		return err
	}
	content, err := i.blobs.Get(ctx, fileKey(r.ID))
	if err != nil {
		return err
	}
	file, err := i.open(bytes.NewReader(content), int64(len(content)), r.As, currency)
	if err != nil {
		return err
	}
	told := i.now()
	scope := ref.Scope{Channel: r.Channel, Currency: currency, At: told}
	r.ImportReport, err = i.importer.ImportFile(ctx, scope, file, ImportRun{DryRun: r.DryRun, Tell: func(p ImportProgress) {
		begun := p.Phase != r.Phase
		r.Phase, r.RowsDone, r.BytesDone, r.Total = p.Phase, p.Rows, p.Bytes, p.Total
		r.Rows, r.Ignored, r.Notes = file.Rows(), file.Ignored(), file.Notes()
		if now := i.now(); begun || now.Sub(told) >= progressEvery {
			told = now
			so := *r
			so.ImportReport = p.Report
			so.Changes, so.More = nil, 0 // They are many, and told at the end.
			_ = i.keep(ctx, so)          // It is told again soon.
		}
	}})
	r.Rows, r.Ignored, r.Notes = file.Rows(), file.Ignored(), file.Notes()
	return err
}

// reject lists why a file was refused: what its reader found, or what the catalogue has against its products.
func (r *ImportRecord) reject(err error) {
	known := fault.Of(err)
	if found, listed := known.Details()["rejections"]; listed {
		if text, marshalled := json.Marshal(found); marshalled == nil {
			_ = json.Unmarshal(text, &r.Rejected) // Of another shape it is only not listed.
		}
		r.Reasons, _ = known.Details()["count"].(int)
		return
	}
	r.Reasons, _ = known.Details()["count"].(int)
	for _, v := range known.Violations() {
		line, _ := v.Details()["line"].(int)
		column, _ := v.Details()["column"].(string)
		if column == "" {
			column = v.Field()
		}
		r.Rejected = append(r.Rejected, ImportRejection{Line: line, Column: column, Code: v.Code(), Reason: v.Message()})
	}
	r.Reasons = max(r.Reasons, len(r.Rejected))
}
