package postgres

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/pricing"
)

// Pricing is the store as pricing.Committer.
type Pricing struct{ s *Store }

var _ pricing.Committer = Pricing{}

// Pricing gives the port pricing.Committer.
func (s *Store) Pricing() Pricing { return Pricing{s} }

const (
	// Locks the rows by key, one after the other, keeps the versions that are replaced, and gives the keys of those that
	// were the expected ones.
	sqlReplacePlans = `WITH w AS (SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[])
				WITH ORDINALITY AS w(variant_id, channel, currency, version, n)),
			old AS MATERIALIZED (SELECT t.* FROM (SELECT * FROM w ORDER BY n) k CROSS JOIN LATERAL (
				SELECT variant_id, channel, currency, version, since, amount, compare_at, windows, noted_by, noted_why FROM commerce.prices
				WHERE shop = $1 AND variant_id = k.variant_id AND channel = k.channel AND currency = k.currency FOR UPDATE) t
				WHERE t.version = k.version)
		INSERT INTO commerce.price_history (shop, variant_id, channel, currency, version, since, amount, compare_at, windows, noted_by, noted_why)
			SELECT $1, * FROM old`
	sqlUpdatePlans = `UPDATE commerce.prices t SET version = w.version, since = w.since, amount = w.amount, compare_at = w.compare_at,
			windows = w.windows::jsonb, noted_by = w.noted_by, noted_why = w.noted_why, past = w.past::jsonb
		FROM ` + sqlPlanColumns + ` WHERE t.shop = $1 AND t.variant_id = w.variant_id AND t.channel = w.channel AND t.currency = w.currency`
	sqlInsertPlans = `INSERT INTO commerce.prices (shop, variant_id, channel, currency, version, since, amount, compare_at, windows, noted_by, noted_why, past)
		SELECT $1, w.variant_id, w.channel, w.currency, w.version, w.since, w.amount, w.compare_at, w.windows::jsonb, w.noted_by, w.noted_why, w.past::jsonb
		FROM ` + sqlPlanColumns + ` ORDER BY w.variant_id, w.channel, w.currency`
	sqlPlanColumns = `unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::bigint[], $8::bigint[], $9::text[], $10::text[],
		$11::text[], $12::text[]) AS w(variant_id, channel, currency, version, since, amount, compare_at, windows, noted_by, noted_why, past)`
)

// Commit writes plans: the rows by key, so that no two commits wait for each other.
func (p Pricing) Commit(ctx context.Context, c pricing.Commit) error {
	plans := slices.Clone(c.Plans)
	slices.SortStableFunc(plans, func(a, b pricing.Write) int { return compareKeys(a.State.Key, b.State.Key) })
	for i, w := range plans {
		if i > 0 && plans[i-1].State.Key == w.State.Key {
			return stalePlan()
		}
	}
	return p.s.inTransaction(ctx, func(tx pgx.Tx) error {
		var fresh, known planColumns
		var expected []int64
		for _, w := range plans {
			if w.Expected == 0 {
				fresh.add(w.State)
				continue
			}
			known.add(w.State)
			expected = append(expected, int64(w.Expected))
		}
		if len(expected) > 0 {
			tag, err := tx.Exec(ctx, sqlReplacePlans, p.s.cfg.Shop, known.variants, known.channels, known.currencies, expected)
			if err != nil {
				return err
			}
			if tag.RowsAffected() != int64(len(expected)) {
				return stalePlan()
			}
		}
		b := &pgx.Batch{}
		known.queue(b, sqlUpdatePlans, p.s.cfg.Shop)
		fresh.queue(b, sqlInsertPlans, p.s.cfg.Shop)
		products, err := p.s.lockPriced(ctx, tx, b, append(known.variants, fresh.variants...))
		if err != nil {
			return err
		}
		b = &pgx.Batch{}
		if err := p.s.queueListings(ctx, tx, b, products); err != nil {
			return err
		}
		queueEvents(b, p.s.cfg.Shop, c.Events)
		return tx.SendBatch(ctx, b).Close()
	})
}

func stalePlan() error {
	return fault.VersionConflict.New("the price was changed meanwhile; read it again")
}

// compareKeys is the order of the table's primary key.
func compareKeys(a, b pricing.Key) int {
	return cmp.Or(a.Variant.Compare(b.Variant), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Currency.Code(), b.Currency.Code()))
}

// planColumns are plans as a statement takes them.
type planColumns struct {
	variants                                     [][16]byte
	channels, currencies, windows, by, why, past []string
	versions                                     []int64
	since                                        []time.Time
	amounts, compareAts                          []*int64
}

func (c *planColumns) add(p pricing.Plan) {
	row := mapping.PlanOf(p)
	c.variants = append(c.variants, p.Variant.UUID())
	c.channels, c.currencies = append(c.channels, string(p.Channel)), append(c.currencies, p.Currency.Code())
	c.versions, c.since = append(c.versions, int64(p.Version)), append(c.since, p.Since)
	c.amounts, c.compareAts = append(c.amounts, row.Amount), append(c.compareAts, row.CompareAt)
	c.windows, c.past = append(c.windows, string(row.Windows)), append(c.past, string(row.Past))
	c.by, c.why = append(c.by, row.By), append(c.why, row.Why)
}

func (c *planColumns) queue(b *pgx.Batch, sql string, shop int32) {
	if len(c.variants) > 0 {
		b.Queue(sql, shop, c.variants, c.channels, c.currencies, c.versions, c.since, c.amounts, c.compareAts, c.windows, c.by, c.why, c.past)
	}
}
