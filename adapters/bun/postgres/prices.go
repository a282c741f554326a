package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Prices is the store as pricing.Prices.
type Prices struct{ s *Store }

// Pricing is the store as pricing.Committer.
type Pricing struct{ s *Store }

var (
	_ pricing.Prices    = Prices{}
	_ pricing.Committer = Pricing{}
)

// Prices gives the port pricing.Prices.
func (s *Store) Prices() Prices { return Prices{s} }

// Pricing gives the port pricing.Committer.
func (s *Store) Pricing() Pricing { return Pricing{s} }

// Current reads prices by their keys.
func (p Prices) Current(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Price, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT p.* FROM (SELECT DISTINCT unnest($2::uuid[])) AS k(id)
		CROSS JOIN LATERAL (SELECT variant_id, version, amount, compare_at FROM commerce.prices
			WHERE shop = $1 AND variant_id = k.id AND channel = $3 AND currency = $4 OFFSET 0) p`,
		pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, uuids(variants), string(scope.Channel), scope.Currency.Code())
	if err != nil {
		return nil, readError(err)
	}
	out := make(map[ref.VariantID]pricing.Price, len(variants))
	var id [16]byte
	var version ref.Version
	var amount int64
	var compareAt *int64
	_, err = pgx.ForEachRow(rows, []any{&id, &version, &amount, &compareAt}, func() error {
		price := pricing.Price{
			Key:     pricing.Key{Variant: ref.NewID[ref.VariantKind](id), Channel: scope.Channel, Currency: scope.Currency},
			Version: version, Amount: money.NewUnitPrice(amount, scope.Currency),
		}
		if compareAt != nil {
			u := money.NewUnitPrice(*compareAt, scope.Currency)
			price.CompareAt = &u
		}
		out[price.Variant] = price
		return nil
	})
	return out, readError(err)
}

type priceRow struct {
	bun.BaseModel `bun:"table:commerce.prices,alias:p"`

	Shop      int32  `bun:"shop,pk"`
	VariantID string `bun:"variant_id,pk,type:uuid"`
	Channel   string `bun:"channel,pk"`
	Currency  string `bun:"currency,pk"`
	Version   int64  `bun:"version"`
	Amount    int64  `bun:"amount"`
	CompareAt *int64 `bun:"compare_at"`
}

// Commit writes prices.
func (p Pricing) Commit(ctx context.Context, c pricing.Commit) error {
	return p.s.inBunTransaction(ctx, func(ctx context.Context, tx bun.Tx) error {
		var fresh []priceRow
		for _, w := range c.Prices {
			row := priceRow{
				Shop: p.s.cfg.Shop, VariantID: w.State.Variant.UUID().String(), Channel: string(w.State.Channel),
				Currency: w.State.Currency.Code(), Version: int64(w.State.Version), Amount: w.State.Amount.Micro(),
			}
			if w.State.CompareAt != nil {
				n := w.State.CompareAt.Micro()
				row.CompareAt = &n
			}
			if w.Expected == 0 {
				fresh = append(fresh, row)
				continue
			}
			res, err := tx.NewUpdate().Model(&row).Column("version", "amount", "compare_at").WherePK().Where("version = ?", int64(w.Expected)).Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n != 1 {
				return fault.VersionConflict.New("the price was changed meanwhile; read it again").Because(err)
			}
		}
		if len(fresh) > 0 {
			if _, err := tx.NewInsert().Model(&fresh).Exec(ctx); err != nil {
				return err
			}
		}
		return p.s.insertEvents(ctx, tx, c.Events)
	})
}
