package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	sqlite3 "modernc.org/sqlite"
)

var errNoName = errors.New("sqlite: name the file that holds the shop")

// What connections are tuned by.
const (
	writerCache   = -16 << 10   // Pages that the writer keeps, in KiB, negative as PRAGMA cache_size wants it.
	readerCache   = -4 << 10    // The same of each reader.
	journalRemain = 64 << 20    // What the journal is cut to after a long reader made it grow.
	readersIdle   = time.Minute // After which a reader that is not used gives its memory back.
)

// newWriter makes the handle that writes: one connection, so that transactions take turns, which begins them with the
// lock in hand and has them on the disk before COMMIT answers. It opens a file that is there and makes none.
func newWriter(c Config) (*sql.DB, error) {
	db, err := open(c, writerPool, url.Values{"mode": {"rw"}, "_txlock": {"immediate"}}, []string{
		"journal_mode(wal)", "synchronous(" + string(durable) + ")", "foreign_keys(on)", "cache_size(" + strconv.Itoa(writerCache) + ")",
		"journal_size_limit(" + strconv.Itoa(journalRemain) + ")",
	})
	if err == nil {
		db.SetMaxOpenConns(1)
		db.SetMaxIdleConns(1)
	}
	return db, err
}

// newReader makes the handle that reads: connections that cannot write, whatever they are asked to.
func newReader(c Config) (*sql.DB, error) {
	db, err := open(c, readerPool, url.Values{"mode": {"ro"}}, []string{"query_only(on)", "cache_size(" + strconv.Itoa(readerCache) + ")"})
	if err == nil {
		db.SetMaxOpenConns(c.Readers)
		db.SetMaxIdleConns(c.Readers)
		db.SetConnMaxIdleTime(readersIdle)
	}
	return db, err
}

// open makes a handle; connections are made when they are first needed.
func open(c Config, pool string, params url.Values, pragmas []string) (*sql.DB, error) {
	if c.File == "" {
		return nil, errNoName
	}
	params.Set("_busy_timeout", strconv.FormatInt(c.Busy.Milliseconds(), 10))
	params.Set("_dqs", "false")      // A name in double quotes that does not exist is an error and no text.
	params.Set("_defensive", "true") // What only a mistake would do to the file's structure is refused.
	params.Set("_error_rc", "true")
	for _, p := range pragmas {
		params.Add("_pragma", p)
	}
	path := (&url.URL{Path: filepath.ToSlash(c.File)}).EscapedPath()
	plain, err := sqlite3.NewConnector("file:" + path + "?" + params.Encode())
	if err != nil {
		return nil, fmt.Errorf("sqlite: the file's name: %w", err)
	}
	return sql.OpenDB(connector{plain, watcher{pool: pool, slow: c.SlowQuery, log: c.Logger, trace: c.Trace}}), nil
}

// fileMode lets nobody but its owner read a shop: it holds people's names and addresses. SQLite gives the files beside
// it the same.
const fileMode = 0o600

// makeFile makes the file of a shop unless it is there.
func makeFile(file string) error {
	if file == "" {
		return errNoName
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, fileMode) //nolint:gosec // Whoever opens a shop names its file.
	if err != nil {
		return fmt.Errorf("sqlite: cannot make the file: %w", err)
	}
	return f.Close()
}
