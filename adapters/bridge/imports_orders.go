package bridge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// ImportOrders is the kind of imports that bring in what another system sold.
const ImportOrders = "orders"

// The settings of an import of orders that are no matter of how its file is read.
const (
	SettingSource         = "source"
	SettingCreateProducts = "create_products"
	SettingFailOnReject   = "fail_on_reject"
)

// OrderReader reads files of order lines as settings in words say. Check judges the settings, with a violation for each
// that breaks a rule; Source is the name of a source when none is said, "" where a file has none that could be one.
type OrderReader struct {
	Check  func(settings map[string]string) error
	Open   func(settings map[string]string, currency money.Currency, in io.Reader) (OrderFile, error)
	Source func(file string) string
}

// OrderRecord is an import of orders with its report.
type OrderRecord struct {
	ID         ref.ImportID      `json:"id"`
	Kind       string            `json:"kind"`
	DryRun     bool              `json:"dry_run"`
	State      ImportState       `json:"state"`
	Channel    ref.Channel       `json:"channel"`
	Settings   map[string]string `json:"settings"`
	CreatedAt  time.Time         `json:"created_at"`
	FinishedAt time.Time         `json:"finished_at,omitzero"`
	Bytes      int               `json:"bytes"`
	Message    string            `json:"message"` // Why it failed, or was interrupted.
	OrderReport
}

// ended tells whether nothing more happens to the import.
func (r OrderRecord) ended() bool { return ImportRecord{State: r.State}.Ended() }

// BeginOrders is Begin for a file of order lines, read as the settings say. Errors also: fault.Bad for settings that break
// rules.
func (i *Imports) BeginOrders(ctx context.Context, scope ref.Scope, id ref.ImportID, file string, dryRun bool, content []byte, settings map[string]string) error {
	if settings[SettingSource] == "" {
		settings[SettingSource] = i.reads.Source(file)
	}
	if err := i.checkOrders(settings); err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	record := OrderRecord{
		ID: id, Kind: ImportOrders, DryRun: dryRun, State: ImportWaiting, Channel: scope.Channel, Settings: settings, CreatedAt: i.now(), Bytes: len(content),
		OrderReport: newTally(settings[SettingSource], scope.Currency).report(),
	}
	record.File, record.SHA256 = file, hex.EncodeToString(sum[:])
	var standing OrderRecord
	switch err := i.orderRecord(ctx, id, &standing); {
	case err == nil && standing.ended():
		return nil
	case err == nil:
		record = standing
	case fault.KindOf(err) != fault.NotFound:
		return err
	}
	if err := i.blobs.Put(ctx, fileKey(id), content); err != nil {
		return err
	}
	if err := i.keepOrders(ctx, record); err != nil {
		return err
	}
	return i.enqueue(ctx, id)
}

// checkOrders judges settings.
func (i *Imports) checkOrders(settings map[string]string) error {
	var wrong []*fault.Error
	if err := i.reads.Check(settings); err != nil {
		if len(fault.Of(err).Violations()) == 0 {
			return err
		}
		wrong = append(wrong, fault.Of(err).Violations()...)
	}
	if rule := ordering.ImportSourceRule(settings[SettingSource]); rule != "" {
		wrong = append(wrong, fault.Bad.Newf("a name of 1 to %d bytes for the system that the file comes from: %s", ordering.ImportSourceMax, rule).At(SettingSource))
	}
	for _, name := range []string{SettingCreateProducts, SettingFailOnReject} {
		if text := settings[name]; text != "" && text != "true" && text != "false" {
			wrong = append(wrong, fault.Bad.New("true or false").At(name))
		}
	}
	return fault.Collect(wrong)
}

// enqueue has an import done.
func (i *Imports) enqueue(ctx context.Context, id ref.ImportID) error {
	payload, err := json.Marshal(id)
	if err != nil {
		return err
	}
	return i.jobs.Enqueue(ctx, []ports.Job{{ID: i.ids.New(), Kind: ImportJob, Key: id.String(), Payload: payload, RunAt: i.now()}})
}

// kindOfRecord tells what an import brings in.
func kindOfRecord(text []byte) string {
	var r struct{ Kind string }
	_ = json.Unmarshal(text, &r) // What cannot be read is told by who reads all of it.
	return r.Kind
}

// orderRecord reads an import of orders.
func (i *Imports) orderRecord(ctx context.Context, id ref.ImportID, out *OrderRecord) error {
	text, err := i.Record(ctx, id)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("the record of the import %s: %w", id, err)
	}
	return nil
}

// keepOrders writes an import of orders.
func (i *Imports) keepOrders(ctx context.Context, r OrderRecord) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return i.blobs.Put(ctx, recordKey(r.ID), text)
}

// handleOrders is Handle for an import of orders.
func (i *Imports) handleOrders(ctx context.Context, id ref.ImportID) error {
	var r OrderRecord
	if err := i.orderRecord(ctx, id, &r); err != nil || r.ended() {
		return err
	}
	r.State, r.Message = ImportRunning, ""
	if err := i.keepOrders(ctx, r); err != nil {
		return err
	}
	err := i.workOrders(ctx, &r)
	switch kind := kindOf(err); {
	case err == nil:
		r.State = ImportDone
	case ctx.Err() != nil, kind == fault.Unavailable, kind == fault.Unknown:
		r.Message = "it was interrupted and goes on soon"
		return errors.Join(err, i.keepOrders(context.WithoutCancel(ctx), r))
	case kind == fault.Invalid && r.Done == 0:
		r.State, r.Message = ImportBroken, fault.Of(err).Message()
		var found ImportRecord
		found.reject(err)
		r.Rejected.Items = append(r.Rejected.Items, found.Rejected...)
	default:
		r.State, r.Message = ImportFailed, "something failed that should not; what was done stays, and importing the file again goes on"
		if known := fault.Of(err); known != nil && kind != fault.Internal {
			r.Message = known.Message()
		}
	}
	r.FinishedAt = i.now()
	if err := i.keepOrders(ctx, r); err != nil {
		return err
	}
	return i.blobs.Delete(ctx, fileKey(id))
}

// workOrders reads the file and imports what it holds.
func (i *Imports) workOrders(ctx context.Context, r *OrderRecord) error {
	currency, err := money.CurrencyOf(r.Currency)
	if err != nil {
		return err
	}
	content, err := i.blobs.Get(ctx, fileKey(r.ID))
	if err != nil {
		return err
	}
	flag := func(name string) bool {
		set, _ := strconv.ParseBool(r.Settings[name]) // It was checked; what is missing is false.
		return set
	}
	tell := func(so OrderReport) {
		told := *r
		so.File, so.SHA256 = r.File, r.SHA256
		told.OrderReport = so
		_ = i.keepOrders(ctx, told) // It is told again soon.
	}
	report, err := i.orders.Import(ctx, OrderImport{
		Source: r.Settings[SettingSource], Scope: ref.Scope{Channel: r.Channel, Currency: currency, At: i.now()},
		CreateProducts: flag(SettingCreateProducts), DryRun: r.DryRun, FailOnReject: flag(SettingFailOnReject),
	}, func() (OrderFile, error) { return i.reads.Open(r.Settings, currency, bytes.NewReader(content)) }, tell)
	report.File, report.SHA256 = r.File, r.SHA256
	r.OrderReport = report
	r.Rejected.Items = list(r.Rejected.Items)
	return err
}
