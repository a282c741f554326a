package fiberhttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// drawer is a ports.CommandDesk in a map.
type drawer struct {
	mu      sync.Mutex
	records map[ports.CommandKey]ports.CommandRecord
	fails   func(ports.Command) error
}

func (d *drawer) Step(_ context.Context, cmd ports.Command) (*ports.CommandRecord, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails != nil {
		if err := d.fails(cmd); err != nil {
			return nil, err
		}
	}
	var stored *ports.CommandRecord
	if r, known := d.records[cmd.Key]; known {
		stored = &r
	}
	next, standing, err := cmd.Judge(stored)
	switch {
	case err != nil || standing != nil:
	case next == nil:
		delete(d.records, cmd.Key)
	default:
		d.records[cmd.Key] = *next
	}
	return standing, err
}

// counter makes ids that ascend.
type counter struct{ n atomic.Uint32 }

func (c *counter) New() [16]byte {
	n := c.n.Add(1)
	return [16]byte{6: 0x70, 8: 0x80, 14: byte(n >> 8), 15: byte(n)}
}

func (c *counter) Secret() [20]byte { return [20]byte{} }

type parcelInput struct {
	Order string `path:"order"`
	Body  struct {
		Weight int    `json:"weight"`
		Note   string `json:"note,omitempty"`
	}
}

type parcelAnswer struct {
	Body struct {
		ID   string `json:"id"`
		Made string `json:"made"`
	}
}

func parcelOf(id, made string) *parcelAnswer {
	out := &parcelAnswer{}
	out.Body.ID, out.Body.Made = id, made
	return out
}

// office is a shop with one command, which packs parcels.
type office struct {
	*shop

	desk  *drawer
	now   atomic.Int64 // Seconds after the moment.
	runs  atomic.Int32
	seen  []fiberhttp.Attempt
	packs func(context.Context) error // What packing comes to; nil is success.
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{desk: &drawer{records: map[ports.CommandKey]ports.CommandRecord{}}}
	o.shop = newShop(t, func(options *fiberhttp.Options) {
		options.Authenticate = func(_ context.Context, token access.Secret) (access.Principal, error) {
			who, known := credentials[token.Reveal()]
			if !known {
				return who, access.Unauthenticated.New("unknown")
			}
			who.Permissions = []access.Permission{access.OrdersRead}
			who.Staff, who.Key = ref.NewID[ref.StaffKind](ref.UUID{1}), ref.NewID[ref.APIKeyKind](ref.UUID{1})
			return who, nil
		}
	})
	services := fiberhttp.Services{Desk: o.desk, IDs: &counter{}, Now: func() time.Time { return moment.Add(time.Duration(o.now.Load()) * time.Second) }}
	for _, route := range []fiberhttp.Route{
		{ID: "pack", Path: "/api/v1/orders/{order}/parcels"}, {ID: "pack-surely", Path: "/api/v1/orders/{order}/safe-parcels", NeedsKey: true},
	} {
		route.Method, route.Tag, route.Summary, route.Success, route.Permission = http.MethodPost, "Test", "Pack", http.StatusCreated, access.OrdersRead
		fiberhttp.CommandOn(o.Server, services, route, o.pack, func(_ context.Context, _ *parcelInput, id string) (*parcelAnswer, error) {
			return parcelOf(id, "before"), nil
		})
	}
	return o
}

func (o *office) pack(ctx context.Context, _ *parcelInput, a fiberhttp.Attempt) (*parcelAnswer, string, error) {
	o.runs.Add(1)
	o.seen = append(o.seen, a)
	if o.packs != nil {
		if err := o.packs(ctx); err != nil {
			return nil, "", err
		}
	}
	id := a.ID("parcel").String()
	return parcelOf(id, "now"), id, nil
}

const (
	parcels = "/api/v1/orders/ord_1/parcels"
	packIt  = `{"weight":2,"note":"fragile"}`
)

// asks sends a command with a key; "" for none.
func (o *office) asks(t *testing.T, who, path, key, body string) answer {
	t.Helper()
	pairs := []string{"Authorization", "Bearer " + who}
	if key != "" {
		pairs = append(pairs, "Idempotency-Key", key)
	}
	return o.call(t, http.MethodPost, path, body, pairs...)
}

// wants checks the status, the code of a problem and whether it is a replay; it gives the id.
func (a answer) wants(t *testing.T, status int, code string, replayed bool) string {
	t.Helper()
	var body struct{ ID, Code string }
	if err := json.Unmarshal(a.body, &body); err != nil {
		t.Fatal(err)
	}
	if a.status != status || body.Code != code || (a.header.Get("Idempotent-Replayed") == "true") != replayed {
		t.Errorf("%d %v %s; want %d %q, replayed %v", a.status, a.header, a.body, status, code, replayed)
	}
	return body.ID
}

func TestCommandIsDoneOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 201, "", false)
	for _, same := range []string{packIt, " { \"note\" : \"fragile\",\n\"weight\":2}"} {
		a := o.asks(t, "clerk", parcels, "k1", same)
		if id := a.wants(t, 201, "", true); id != first || !strings.Contains(string(a.body), "before") {
			t.Errorf("the replay: %s", a.body)
		}
	}
	o.asks(t, "clerk", parcels, "k1", `{"weight":3,"note":"fragile"}`).wants(t, 422, "idempotency_mismatch", false)
	o.asks(t, "clerk", "/api/v1/orders/ord_2/parcels", "k1", packIt).wants(t, 201, "", false) // Another command.
	o.asks(t, "key", parcels, "k1", packIt).wants(t, 201, "", false)                          // Somebody else's key.
	o.asks(t, "clerk", parcels, "k2", packIt).wants(t, 201, "", false)
	one := o.asks(t, "clerk", parcels, "", packIt).wants(t, 201, "", false)
	if other := o.asks(t, "clerk", parcels, "", packIt).wants(t, 201, "", false); one == other {
		t.Error("two requests without a key are one")
	}
	if n := o.runs.Load(); n != 6 {
		t.Errorf("packed %d times, want 6", n)
	}
	if len(o.desk.records) != 4 {
		t.Errorf("%d records: %v", len(o.desk.records), o.desk.records)
	}
}

func TestCommandUnderWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.packs = func(context.Context) error {
		if o.runs.Load() == 1 {
			o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 409, "in_progress", false)
			o.asks(t, "clerk", parcels, "k1", `{"weight":3}`).wants(t, 422, "idempotency_mismatch", false)
		}
		return nil
	}
	o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 201, "", false)
	if o.runs.Load() != 1 {
		t.Errorf("packed %d times", o.runs.Load())
	}
}

func TestCommandThatIsRefusedKeepsNoKey(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.packs = func(context.Context) error { return outOfStock.New("nothing left") }
	o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 409, "out_of_stock", false)
	if len(o.desk.records) != 0 {
		t.Errorf("left: %v", o.desk.records)
	}
	o.packs = nil
	o.asks(t, "clerk", parcels, "k1", `{"weight":9}`).wants(t, 201, "", false)
}

func TestCommandThatWasCutOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fails error
		step  ports.CommandStep // Whose record is not written; Drop for none.
		code  string
		waits bool // Others wait for the lease.
	}{
		"the work is unknown":      {fails: fault.Lost.New("lost"), step: ports.CommandDrop, code: "outcome_unknown", waits: true},
		"the work is out of time":  {fails: context.DeadlineExceeded, step: ports.CommandDrop, code: "outcome_unknown", waits: true},
		"the work is broken":       {fails: errors.New("broken"), step: ports.CommandDrop, code: "internal", waits: true},
		"the work was not done":    {fails: fault.Down.New("down"), step: ports.CommandDrop, code: "unavailable"},
		"the answer is not stored": {step: ports.CommandFinish, code: "outcome_unknown", waits: true},
		"the end is not stored":    {fails: fault.Down.New("down"), step: ports.CommandTake, code: "unavailable", waits: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.packs = func(context.Context) error { return c.fails }
			o.desk.fails = func(cmd ports.Command) error {
				if cmd.Step == c.step && cmd.Step != ports.CommandDrop {
					return fault.Down.New("the desk is down")
				}
				return nil
			}
			status := http.StatusServiceUnavailable
			if c.code == "internal" {
				status = http.StatusInternalServerError
			}
			o.asks(t, "clerk", parcels, "k1", packIt).wants(t, status, c.code, false)
			o.packs, o.desk.fails = nil, nil
			if c.waits {
				o.now.Store(14) // The deadline of the work has passed, and its answer may still come.
				o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 409, "in_progress", false)
				o.now.Store(15)
			}
			o.asks(t, "clerk", parcels, "k1", `{"weight":3}`).wants(t, 422, "idempotency_mismatch", false)
			id := o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 201, "", false)
			if o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 201, "", true) != id {
				t.Error("the replay shows something else")
			}
			if len(o.seen) != 2 {
				t.Fatalf("packed %d times", len(o.seen))
			}
			first, again := o.seen[0], o.seen[1]
			if first.Again || !again.Again || first.ID("x") != again.ID("x") || first.Key("x") != again.Key("x") {
				t.Errorf("the attempts: %v %v", first, again)
			}
			if first.ID("x") == first.ID("y") || first.Key("x") == first.Key("y") {
				t.Error("two things have one id")
			}
			if u := first.ID("x"); u[6]>>4 != 7 || u[8]>>6 != 2 || !sortsByTime(u) {
				t.Errorf("no UUIDv7 of its time: %s", u)
			}
		})
	}
}

// sortsByTime tells whether the id begins with the moment.
func sortsByTime(u ref.UUID) bool {
	var millis int64
	for _, b := range u[:6] {
		millis = millis<<8 | int64(b)
	}
	return millis == moment.UnixMilli()
}

func TestCommandOvertaken(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.packs = func(context.Context) error {
		if o.runs.Load() == 1 {
			o.now.Store(60) // So late that another attempt takes over and ends it.
			o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 201, "", false)
		}
		return nil
	}
	slow := o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 201, "", false)
	if fast := o.asks(t, "clerk", parcels, "k1", packIt).wants(t, 201, "", true); fast != slow {
		t.Errorf("two attempts at one command made %s and %s", slow, fast)
	}
}

func TestCommandKeys(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	safe := "/api/v1/orders/ord_1/safe-parcels"
	if p := o.asks(t, "clerk", safe, "", packIt).problem(t); p["code"] != "missing_idempotency_key" || p["status"] != 400.0 {
		t.Errorf("without the key it needs: %v", p)
	}
	o.asks(t, "clerk", safe, "k1", packIt).wants(t, 201, "", false)
	for _, key := range []string{"two words", strings.Repeat("x", 256), "naïve"} {
		p := o.asks(t, "clerk", parcels, key, packIt).problem(t)
		entries, _ := p["errors"].([]any)
		if p["code"] != "invalid" || len(entries) != 1 || entries[0].(map[string]any)["field"] != "Idempotency-Key" {
			t.Errorf("%q: %v", key, p)
		}
	}
	o.asks(t, "clerk", parcels, strings.Repeat("x", 255), packIt).wants(t, 201, "", false)
	long := o.asks(t, "clerk", "/api/v1/orders/"+strings.Repeat("x", 4000)+"/parcels", "k1", packIt)
	long.wants(t, 201, "", false)
	for k := range maps.Keys(o.desk.records) {
		if len(k.Actor)+len(k.Route) > 300 || !strings.HasPrefix(k.Actor, "staff:stf_") {
			t.Errorf("the scope of a key: %v", k)
		}
	}
	twice := o.call(t, http.MethodPost, parcels, packIt, "Authorization", "Bearer clerk", "Idempotency-Key", "a", "Idempotency-Key", "b")
	if twice.status != http.StatusBadRequest {
		t.Errorf("two keys: %d %s", twice.status, twice.body)
	}
}

func TestCommandDocumentsItsKey(t *testing.T) {
	t.Parallel()
	text, err := newOffice(t).Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name     string
				Required bool
			}
			Responses map[string]struct {
				Description string
				Headers     map[string]any
			}
		}
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	for path, needed := range map[string]bool{"parcels": false, "safe-parcels": true} {
		op := document.Paths["/api/v1/orders/{order}/"+path]["post"]
		found := false
		for _, p := range op.Parameters {
			found = found || p.Name == "Idempotency-Key" && p.Required == needed
		}
		missing := strings.Contains(op.Responses["400"].Description, "missing_idempotency_key")
		if !found || missing != needed || op.Responses["201"].Headers["Idempotent-Replayed"] == nil ||
			!strings.Contains(op.Responses["409"].Description, "in_progress") || !strings.Contains(op.Responses["422"].Description, "idempotency_mismatch") ||
			!strings.Contains(op.Responses["503"].Description, "outcome_unknown") {
			t.Errorf("%s: %+v", path, op)
		}
	}
}
