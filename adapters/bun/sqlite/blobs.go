package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/ports"
)

// Blobs is the store as ports.Blobs. Content is one value of a row.
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
	return b.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return exec(ctx, tx, `INSERT INTO blobs (key, content) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET content = excluded.content`, key, content)
	})
}

// Get reads the content.
func (b Blobs) Get(ctx context.Context, key string) ([]byte, error) {
	var content []byte
	err := b.s.reader.QueryRowContext(ctx, `SELECT content FROM blobs WHERE key = ?1`, key).Scan(&content)
	return content, missing("blob", err)
}

// Delete deletes the content.
func (b Blobs) Delete(ctx context.Context, key string) error {
	return b.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return exec(ctx, tx, `DELETE FROM blobs WHERE key = ?1`, key)
	})
}
