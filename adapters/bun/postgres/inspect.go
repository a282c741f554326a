package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Attachment reads a row that an adopter attached to a commit; found is false when there is none.
func (s *Store) Attachment(ctx context.Context, kind, key string) (data []byte, found bool, err error) {
	err = s.pool.QueryRow(ctx, `SELECT data FROM commerce.attachments WHERE shop = $1 AND kind = $2 AND key = $3`, s.cfg.Shop, kind, key).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, readError(err)
}

// Claim reads a claim on stock; found is false when there is none.
func (s *Store) Claim(ctx context.Context, id ref.ClaimID) (c inventory.Claim, found bool, err error) {
	c, err = scanClaim(s.pool.QueryRow(ctx, `SELECT `+claimFields+` FROM commerce.stock_claims WHERE shop = $1 AND id = $2`,
		s.cfg.Shop, [16]byte(id.UUID())))
	if errors.Is(err, pgx.ErrNoRows) {
		return inventory.Claim{}, false, nil
	}
	return c, err == nil, readError(err)
}
