package sqlite

import (
	"context"
	"database/sql"
	"time"
)

// pulseTime is what the file may take to answer whether it can be read.
const pulseTime = 2 * time.Second

// Ping tells whether the file can be read now, within two seconds whatever the disk does.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pulseTime)
	defer cancel()
	var version int64
	return readError(s.reader.QueryRowContext(ctx, "PRAGMA schema_version").Scan(&version))
}

// The names of the handles, for metrics.
const (
	writerPool = "writer"
	readerPool = "readers"
)

// PoolStats tells how the connections to the file are used, by handle.
func (s *Store) PoolStats() map[string]sql.DBStats {
	return map[string]sql.DBStats{writerPool: s.writer.Stats(), readerPool: s.reader.Stats()}
}
