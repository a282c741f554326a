package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
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
		var row mapping.Plan
		if err := rows.Scan(append([]any{&id}, append(planEntry(&row), &row.Past)...)...); err != nil {
			return nil, readError(err)
		}
		key := pricing.Key{Variant: ref.NewID[ref.VariantKind](id), Channel: scope.Channel, Currency: scope.Currency}
		plan, err := row.Of(key)
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
		var row mapping.Plan
		if err := r.Scan(planEntry(&row)...); err != nil {
			return pricing.Entry{}, err
		}
		plan, err := row.Of(key)
		if err != nil {
			return pricing.Entry{}, corrupt(err)
		}
		return plan.Entry(), nil
	})
	return out, readError(err)
}

// planEntry are the columns of a plan that the history has too.
func planEntry(r *mapping.Plan) []any {
	return []any{&r.Version, &r.Since, &r.Amount, &r.CompareAt, &r.Windows, &r.By, &r.Why}
}
