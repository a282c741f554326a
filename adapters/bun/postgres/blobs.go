package postgres

import (
	"context"

	"github.com/ipswich-retail/commerce/ports"
)

// Blobs is the store as ports.Blobs. Content is one value of a row: PostgreSQL cuts it up by itself, and a put is one
// statement, so nobody sees half of it.
type Blobs struct{ s *Store }

var _ ports.Blobs = Blobs{}

// Blobs gives the port ports.Blobs.
func (s *Store) Blobs() Blobs { return Blobs{s} }

// Put writes the content over what the key has.
func (b Blobs) Put(ctx context.Context, key string, content []byte) error {
	if err := ports.CheckBlob(key, len(content)); err != nil {
		return err
	}
	if content == nil {
		content = []byte{}
	}
	_, err := b.s.pool.Exec(ctx, `INSERT INTO commerce.blobs (shop, key, content) VALUES ($1, $2, $3)
		ON CONFLICT (shop, key) DO UPDATE SET content = excluded.content`, b.s.cfg.Shop, key, content)
	return readError(err)
}

// Get reads the content.
func (b Blobs) Get(ctx context.Context, key string) ([]byte, error) {
	var content []byte
	err := b.s.pool.QueryRow(ctx, `SELECT content FROM commerce.blobs WHERE shop = $1 AND key = $2`, b.s.cfg.Shop, key).Scan(&content)
	return content, missing("blob", err)
}

// Delete deletes the content.
func (b Blobs) Delete(ctx context.Context, key string) error {
	_, err := b.s.pool.Exec(ctx, `DELETE FROM commerce.blobs WHERE shop = $1 AND key = $2`, b.s.cfg.Shop, key)
	return readError(err)
}
