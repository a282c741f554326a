package mapping

import (
	"encoding/json"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Plan is a plan as its row has it: the price that always holds in columns, the others and the past in JSON.
type Plan struct {
	Version           ref.Version
	Since             time.Time
	Amount, CompareAt *int64
	Windows, Past     []byte
	By, Why           string
}

// windowRow is a price with a window in JSON. Times are microseconds since 1970, and null for an open end.
type windowRow struct {
	From      *int64 `json:"from,omitempty"`
	Until     *int64 `json:"until,omitempty"`
	Amount    int64  `json:"amount"`
	CompareAt *int64 `json:"compare_at,omitempty"`
}

// spanRow is a span of the past in JSON.
type spanRow struct {
	From   int64 `json:"from"`
	Until  int64 `json:"until"`
	Amount int64 `json:"amount"`
}

// PlanOf makes the row of a plan.
func PlanOf(p pricing.Plan) Plan {
	row := Plan{Version: p.Version, Since: p.Since, By: p.Note.By, Why: p.Note.Why}
	windows, past := []windowRow{}, make([]spanRow, len(p.Past))
	for _, price := range p.Prices {
		w := windowRow{
			From: microsOf(price.Window.From), Until: microsOf(price.Window.Until), Amount: price.Amount.Micro(), CompareAt: MicroOf(price.CompareAt),
		}
		if price.Window.Always() {
			row.Amount, row.CompareAt = &w.Amount, w.CompareAt
			continue
		}
		windows = append(windows, w)
	}
	for i, s := range p.Past {
		past[i] = spanRow{From: s.From.UnixMicro(), Until: s.Until.UnixMicro(), Amount: s.Amount.Micro()}
	}
	row.Windows, row.Past = text(windows), text(past)
	return row
}

// Of makes the plan of a row. The price that always holds comes last, as Resolve prefers.
func (r *Plan) Of(key pricing.Key) (pricing.Plan, error) {
	p := pricing.Plan{Key: key, Version: r.Version, Since: ref.Instant(r.Since), Note: pricing.Note{By: r.By, Why: r.Why}}
	var windows []windowRow
	if err := list(r.Windows, &windows); err != nil {
		return p, err
	}
	if r.Amount != nil {
		windows = append(windows, windowRow{Amount: *r.Amount, CompareAt: r.CompareAt})
	}
	for _, w := range windows {
		price := pricing.Price{
			Key: key, Window: pricing.Window{From: timeOf(w.From), Until: timeOf(w.Until)}, Amount: money.NewUnitPrice(w.Amount, key.Currency),
		}
		if w.CompareAt != nil {
			u := money.NewUnitPrice(*w.CompareAt, key.Currency)
			price.CompareAt = &u
		}
		p.Prices = append(p.Prices, price)
	}
	var past []spanRow
	if err := list(r.Past, &past); err != nil {
		return p, err
	}
	for _, s := range past {
		p.Past = append(p.Past, pricing.Span{
			From: time.UnixMicro(s.From).UTC(), Until: time.UnixMicro(s.Until).UTC(), Amount: money.NewUnitPrice(s.Amount, key.Currency),
		})
	}
	return p, nil
}

// list decodes a JSON array; most are empty, which takes no decoder.
func list[T any](data []byte, into *[]T) error {
	if len(data) == 0 || string(data) == "[]" {
		return nil
	}
	return json.Unmarshal(data, into)
}

// microsOf is the time in microseconds, or nil for the zero time.
func microsOf(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.UnixMicro()
	return &n
}

// timeOf is the opposite of microsOf.
func timeOf(n *int64) time.Time {
	if n == nil {
		return time.Time{}
	}
	return time.UnixMicro(*n).UTC()
}

// MicroOf is a price in millionths, or nil for none.
func MicroOf(u *money.UnitPrice) *int64 {
	if u == nil {
		return nil
	}
	n := u.Micro()
	return &n
}

// text encodes what always encodes.
func text(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("mapping: a row does not encode: " + err.Error())
	}
	return b
}
