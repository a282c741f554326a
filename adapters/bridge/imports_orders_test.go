package bridge_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// counter takes files of orders: each line of a file is a sale of one pound, or what is wrong with it.
func counter(d *desk, failing *error) *bridge.Imports {
	reader := bridge.OrderReader{
		Source: func(file string) string { return strings.TrimSuffix(file, ".csv") },
		Check: func(settings map[string]string) error {
			if settings["map"] == "bad" {
				return fault.Collect([]*fault.Error{fault.Bad.New("no map").At("map")})
			}
			return nil
		},
		Open: func(_ map[string]string, _ money.Currency, in io.Reader) (bridge.OrderFile, error) {
			if *failing != nil {
				return nil, *failing
			}
			text, err := io.ReadAll(in)
			out := &rows{digest: "d", closed: &d.closed}
			for i, line := range strings.Fields(string(text)) {
				r := sold("1", i+1, "A", 1, 1_000_000, "")
				if line != "ok" {
					r.Code, r.Reason = line, line
				}
				out.all = append(out.all, r)
			}
			return out, err
		},
	}
	return bridge.NewImports(nil, nil, d.orders, reader, d.Plain.Blobs, d.Plain.Jobs, d.Clock, d.IDs)
}

// recorded reads the record of an import.
func recorded(t *testing.T, i *bridge.Imports, id ref.ImportID) bridge.OrderRecord {
	t.Helper()
	var out bridge.OrderRecord
	text, err := i.Record(t.Context(), id)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestImportsOfOrders(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var failing error
	i := counter(d, &failing)
	begin := func(n byte, content string, settings map[string]string) (ref.ImportID, error) {
		id := ref.NewID[ref.ImportKind]([16]byte{n})
		return id, i.BeginOrders(t.Context(), d.Scope(), id, "old.csv", settings["dry"] != "", []byte(content), settings)
	}
	work := func(id ref.ImportID) error {
		payload, err := json.Marshal(id)
		if err != nil {
			t.Fatal(err)
		}
		return i.Handle(t.Context(), ports.JobRun{Job: ports.Job{Kind: bridge.ImportJob, Payload: payload}})
	}
	for field, settings := range map[string]map[string]string{
		"map": {"map": "bad"}, "source": {"source": strings.Repeat("x", 65)}, "create_products": {"create_products": "maybe"}, "fail_on_reject": {"fail_on_reject": "1"},
	} {
		_, err := begin(9, "ok", settings)
		if !fault.Is(err, fault.Bad) || fault.Of(err).Violations()[0].Field() != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	id, err := begin(1, "ok broken ok", map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	if r := recorded(t, i, id); r.State != bridge.ImportWaiting || r.Source != "old" || r.Sum != "0.00" || r.Rejected.Items == nil || r.SHA256 == "" {
		t.Errorf("begun it is %+v", r)
	}
	failing = fault.Down.New("the disk is slow")
	if err := work(id); err == nil || recorded(t, i, id).State != bridge.ImportRunning || recorded(t, i, id).Message == "" {
		t.Errorf("interrupted: %v, %+v", err, recorded(t, i, id))
	}
	failing = nil
	if err := work(id); err != nil {
		t.Fatal(err)
	}
	done := recorded(t, i, id)
	if done.State != bridge.ImportDone || done.Sales.Rows != 2 || done.Rejected.Rows != 1 || done.StoredSum != "2.00" || done.FinishedAt.IsZero() || done.File != "old.csv" {
		t.Errorf("done it is %+v", done)
	}
	if _, err := begin(1, "ok", map[string]string{}); err != nil || recorded(t, i, id).Rows != 3 {
		t.Errorf("begun again: %v, %+v", err, recorded(t, i, id))
	}
	if err := work(id); err != nil {
		t.Errorf("worked on again: %v", err)
	}
	refused, _ := begin(2, "ok broken", map[string]string{"fail_on_reject": "true", "source": "new"})
	if err := work(refused); err != nil || recorded(t, i, refused).State != bridge.ImportBroken || len(recorded(t, i, refused).Rejected.Items) != 1 {
		t.Errorf("refused: %v, %+v", err, recorded(t, i, refused))
	}
	failing = fault.Unexpected.New("a defect")
	failed, _ := begin(3, "ok", map[string]string{"source": "new"})
	if err := work(failed); err != nil || recorded(t, i, failed).State != bridge.ImportFailed {
		t.Errorf("failed: %v, %+v", err, recorded(t, i, failed))
	}
	failing = nil
	tried, _ := begin(4, "ok ok ok", map[string]string{"dry": "yes", "source": "new"})
	if err := work(tried); err != nil || recorded(t, i, tried).StoredSum != "3.00" || len(d.listed()) != 1 {
		t.Errorf("tried: %v, %+v", err, recorded(t, i, tried))
	}
}
