package sqlite

import (
	"context"
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
