package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Pricing is the store as pricing.Committer.
type Pricing struct{ s *Store }

// Prices is the store as pricing.Prices and pricing.Auditor.
type Prices struct{ s *Store }

var (
	_ pricing.Committer = Pricing{}
	_ pricing.Prices    = Prices{}
)

// Pricing gives the port pricing.Committer.
func (s *Store) Pricing() Pricing { return Pricing{s} }

// Prices gives the port pricing.Prices.
func (s *Store) Prices() Prices { return Prices{s} }

const (
	planKey   = `variant_id, channel, currency`
	planEntry = `version, since, amount, compare_at, windows, noted_by, noted_why`

	sqlKeepPlan = `INSERT INTO price_history (` + planKey + `, ` + planEntry + `) SELECT ` + planKey + `, ` + planEntry + ` FROM prices
		WHERE variant_id = ?1 AND channel = ?2 AND currency = ?3 AND version = ?4`
	sqlUpdatePlan = `UPDATE prices SET version = ?4, since = ?5, amount = ?6, compare_at = ?7, windows = ?8, noted_by = ?9, noted_why = ?10, past = ?11
		WHERE variant_id = ?1 AND channel = ?2 AND currency = ?3`
	sqlInsertPlan = `INSERT INTO prices (` + planKey + `, ` + planEntry + `, past) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`

	sqlNamedPlans = `SELECT variant_id, ` + planEntry + `, past FROM (SELECT DISTINCT value FROM json_each(?1)) k
		CROSS JOIN prices ON variant_id = k.value AND channel = ?2 AND currency = ?3`
	// The versions that were replaced and the present one.
	sqlPlanHistory = `SELECT ` + planEntry + ` FROM (
			SELECT ` + planEntry + ` FROM price_history WHERE variant_id = ?1 AND channel = ?2 AND currency = ?3
			UNION ALL SELECT ` + planEntry + ` FROM prices WHERE variant_id = ?1 AND channel = ?2 AND currency = ?3
			ORDER BY version DESC LIMIT ?4) ORDER BY version`
)

// Commit writes plans and keeps the versions that they replace.
func (p Pricing) Commit(ctx context.Context, c pricing.Commit) error {
	seen := map[pricing.Key]bool{}
	for _, w := range c.Plans {
		if seen[w.State.Key] {
			return stalePlan()
		}
		seen[w.State.Key] = true
	}
	return p.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		variants := make([]ref.VariantID, len(c.Plans))
		for i, w := range c.Plans {
			variants[i] = w.State.Variant
			if err := writePlan(ctx, tx, w); err != nil {
				return err
			}
		}
		if err := p.s.projectPriced(ctx, tx, variants); err != nil {
			return err
		}
		return p.s.insertEvents(ctx, tx, c.Events)
	})
}

func writePlan(ctx context.Context, tx *sql.Tx, w pricing.Write) error {
	key := []any{w.State.Variant.String(), string(w.State.Channel), w.State.Currency.Code()}
	query := sqlInsertPlan
	if w.Expected > 0 {
		query = sqlUpdatePlan
		if kept, err := affected(ctx, tx, sqlKeepPlan, append(key, int64(w.Expected))...); err != nil || kept == 0 {
			return orStale(err)
		}
	}
	row := mapping.PlanOf(w.State)
	_, err := tx.ExecContext(ctx, query, append(key, int64(row.Version), microsOf(row.Since), row.Amount, row.CompareAt,
		string(row.Windows), row.By, row.Why, string(row.Past))...)
	return err
}

// orStale is the error, or that of a plan that is not the expected one.
func orStale(err error) error {
	if err != nil {
		return err
	}
	return stalePlan()
}

func stalePlan() error {
	return fault.VersionConflict.New("the price was changed meanwhile; read it again")
}

// entryPlaces are where the columns of planEntry are read to.
func entryPlaces(r *mapping.Plan) []any {
	return []any{&r.Version, intoTime(&r.Since), &r.Amount, &r.CompareAt, &r.Windows, &r.By, &r.Why}
}

// Plans reads plans by their keys.
func (p Prices) Plans(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Plan, error) {
	plans, err := rowsOf(ctx, p.s.reader, func(row scanned) (pricing.Plan, error) {
		key := pricing.Key{Channel: scope.Channel, Currency: scope.Currency}
		var r mapping.Plan
		if err := row.Scan(append(append([]any{intoID(&key.Variant)}, entryPlaces(&r)...), &r.Past)...); err != nil {
			return pricing.Plan{}, err
		}
		return r.Of(key)
	}, sqlNamedPlans, idTexts(variants), string(scope.Channel), scope.Currency.Code())
	if err != nil {
		return nil, err
	}
	out := make(map[ref.VariantID]pricing.Plan, len(plans))
	for _, plan := range plans {
		out[plan.Variant] = plan
	}
	return out, nil
}

// History reads the versions of a plan.
func (p Prices) History(ctx context.Context, key pricing.Key) ([]pricing.Entry, error) {
	return rowsOf(ctx, p.s.reader, func(row scanned) (pricing.Entry, error) {
		var r mapping.Plan
		if err := row.Scan(entryPlaces(&r)...); err != nil {
			return pricing.Entry{}, err
		}
		plan, err := r.Of(key)
		return plan.Entry(), err
	}, sqlPlanHistory, key.Variant.String(), string(key.Channel), key.Currency.Code(), pricing.HistoryMax)
}
