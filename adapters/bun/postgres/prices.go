package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Prices is the store as pricing.Prices.
type Prices struct{ s *Store }

var _ pricing.Prices = Prices{}

// Prices gives the port pricing.Prices.
func (s *Store) Prices() Prices { return Prices{s} }

const (
	sqlPlans = `SELECT p.* FROM (SELECT DISTINCT unnest($2::uuid[])) AS k(id)
		CROSS JOIN LATERAL (SELECT variant_id, version, since, amount, compare_at, windows, noted_by, noted_why, past FROM commerce.prices
			WHERE shop = $1 AND variant_id = k.id AND channel = $3 AND currency = $4 OFFSET 0) p`
	// The versions that were replaced and the present one.
	sqlHistory = `SELECT * FROM (
			SELECT version, since, amount, compare_at, windows, noted_by, noted_why FROM commerce.price_history
				WHERE shop = $1 AND variant_id = $2 AND channel = $3 AND currency = $4
			UNION ALL SELECT version, since, amount, compare_at, windows, noted_by, noted_why FROM commerce.prices
				WHERE shop = $1 AND variant_id = $2 AND channel = $3 AND currency = $4
			ORDER BY version DESC LIMIT $5) v ORDER BY version`
)

// Plans reads plans by their keys.
func (p Prices) Plans(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Plan, error) {
	rows, err := p.s.pool.Query(ctx, sqlPlans, pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, uuids(variants), string(scope.Channel), scope.Currency.Code())
	if err != nil {
		return nil, readError(err)
	}
	defer rows.Close()
	out := make(map[ref.VariantID]pricing.Plan, len(variants))
	for rows.Next() {
		var id [16]byte
		var row planRow
		if err := rows.Scan(append([]any{&id}, append(row.entry(), &row.past)...)...); err != nil {
			return nil, readError(err)
		}
		key := pricing.Key{Variant: ref.NewID[ref.VariantKind](id), Channel: scope.Channel, Currency: scope.Currency}
		plan, err := row.plan(key)
		if err != nil {
			return nil, corrupt(err)
		}
		out[key.Variant] = plan
	}
	return out, readError(rows.Err())
}

// History reads the versions of a plan.
func (p Prices) History(ctx context.Context, key pricing.Key) ([]pricing.Entry, error) {
	rows, err := p.s.pool.Query(ctx, sqlHistory, pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, [16]byte(key.Variant.UUID()), string(key.Channel),
		key.Currency.Code(), pricing.HistoryMax)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (pricing.Entry, error) {
		var row planRow
		if err := r.Scan(row.entry()...); err != nil {
			return pricing.Entry{}, err
		}
		plan, err := row.plan(key)
		if err != nil {
			return pricing.Entry{}, corrupt(err)
		}
		return plan.Entry(), nil
	})
	return out, readError(err)
}

// planRow is a plan as its row has it.
type planRow struct {
	version           ref.Version
	since             time.Time
	amount, compareAt *int64
	windows, past     []byte
	by, why           string
}

// entry are the columns that the history has too.
func (r *planRow) entry() []any {
	return []any{&r.version, &r.since, &r.amount, &r.compareAt, &r.windows, &r.by, &r.why}
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

// rowOf makes the row of a plan.
func rowOf(p pricing.Plan) planRow {
	row := planRow{version: p.Version, since: p.Since, by: p.Note.By, why: p.Note.Why}
	windows, past := []windowRow{}, make([]spanRow, len(p.Past))
	for _, price := range p.Prices {
		w := windowRow{
			From: microsOf(price.Window.From), Until: microsOf(price.Window.Until), Amount: price.Amount.Micro(), CompareAt: microOf(price.CompareAt),
		}
		if price.Window.Always() {
			row.amount, row.compareAt = &w.Amount, w.CompareAt
			continue
		}
		windows = append(windows, w)
	}
	for i, s := range p.Past {
		past[i] = spanRow{From: s.From.UnixMicro(), Until: s.Until.UnixMicro(), Amount: s.Amount.Micro()}
	}
	row.windows, row.past = []byte(text(windows)), []byte(text(past))
	return row
}

// plan makes the plan of a row. The price that always holds comes last, as Resolve prefers.
func (r *planRow) plan(key pricing.Key) (pricing.Plan, error) {
	p := pricing.Plan{Key: key, Version: r.version, Since: ref.Instant(r.since), Note: pricing.Note{By: r.by, Why: r.why}}
	var windows []windowRow
	if err := json.Unmarshal(r.windows, &windows); err != nil {
		return p, err
	}
	if r.amount != nil {
		windows = append(windows, windowRow{Amount: *r.amount, CompareAt: r.compareAt})
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
	if len(r.past) == 0 {
		return p, nil
	}
	var past []spanRow
	if err := json.Unmarshal(r.past, &past); err != nil {
		return p, err
	}
	for _, s := range past {
		p.Past = append(p.Past, pricing.Span{
			From: time.UnixMicro(s.From).UTC(), Until: time.UnixMicro(s.Until).UTC(), Amount: money.NewUnitPrice(s.Amount, key.Currency),
		})
	}
	return p, nil
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

// microOf is a price in millionths, or nil for none.
func microOf(u *money.UnitPrice) *int64 {
	if u == nil {
		return nil
	}
	n := u.Micro()
	return &n
}
