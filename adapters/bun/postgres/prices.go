package postgres

import (
	"bytes"
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
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

// plansQuestion asks for plans in a channel and currency.
type plansQuestion struct {
	shelf    plansShelf
	variants []ref.VariantID
}

type plansShelf struct {
	channel  ref.Channel
	currency money.Currency
}

// Plans reads plans by their keys, together with what others ask for at the same time.
func (p Prices) Plans(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Plan, error) {
	q := plansQuestion{plansShelf{scope.Channel, scope.Currency}, variants}
	return readTogether[map[ref.VariantID]pricing.Plan](ctx, p.s, q, len(variants))
}

// queuePlans asks with a statement for each channel and currency.
func (p Prices) queuePlans(b *pgx.Batch, questions []plansQuestion) func() ([]map[ref.VariantID]pricing.Plan, error) {
	shelves := map[plansShelf][]ref.VariantID{}
	for _, q := range questions {
		shelves[q.shelf] = append(shelves[q.shelf], q.variants...)
	}
	found := make(map[plansShelf]map[ref.VariantID]mapping.Plan, len(shelves))
	for shelf, variants := range shelves {
		plans := make(map[ref.VariantID]mapping.Plan, len(variants))
		found[shelf] = plans
		b.Queue(sqlPlans, p.s.cfg.Shop, uuids(variants), string(shelf.channel), shelf.currency.Code()).Query(func(rows pgx.Rows) error {
			var id [16]byte
			var row mapping.Plan
			_, err := pgx.ForEachRow(rows, append([]any{&id}, append(planEntry(&row), &row.Past)...), func() error {
				kept := row
				kept.Windows, kept.Past = bytes.Clone(row.Windows), bytes.Clone(row.Past)
				plans[ref.NewID[ref.VariantKind](id)] = kept
				return nil
			})
			return err
		})
	}
	return func() ([]map[ref.VariantID]pricing.Plan, error) {
		out := make([]map[ref.VariantID]pricing.Plan, len(questions))
		for i, q := range questions {
			out[i] = make(map[ref.VariantID]pricing.Plan, len(q.variants))
			for _, v := range q.variants {
				row, ok := found[q.shelf][v]
				if !ok {
					continue
				}
				plan, err := row.Of(pricing.Key{Variant: v, Channel: q.shelf.channel, Currency: q.shelf.currency})
				if err != nil {
					return nil, corrupt(err)
				}
				out[i][v] = plan
			}
		}
		return out, nil
	}
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
