package sqlite

import (
	"database/sql"
	"errors"
	"strings"

	sqlite3 "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// codeOf is SQLite's extended result code of an error, and its primary one; 0 is another's error.
func codeOf(err error) (extended, primary int) {
	var e *sqlite3.Error
	if errors.As(err, &e) {
		return e.Code(), e.Code() & 0xff
	}
	return 0, 0
}

// readError makes a fault of an error of a statement that changes nothing, or of one that surely did not.
func readError(err error) error {
	_, code := codeOf(err)
	switch {
	case err == nil:
		return nil
	case fault.Of(err) != nil:
		return err
	case errors.Is(err, sql.ErrNoRows):
		return fault.Missing.New("it does not exist").Because(err)
	case code == codes.SQLITE_TOOBIG, code == codes.SQLITE_MISMATCH:
		return fault.Bad.New("a text or number holds what the store cannot keep").Because(err)
	case code != 0 && !transient(code):
		return fault.Unexpected.New("the database refused a statement").Because(err)
	default:
		return fault.Down.New("the database is not reachable or too slow").Because(err)
	}
}

// transient tells whether the same statement may be answered otherwise soon: another program was in the way, the disk is
// full or failed, memory is short, the caller left.
func transient(code int) bool {
	switch code {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_INTERRUPT, codes.SQLITE_IOERR, codes.SQLITE_FULL, codes.SQLITE_CANTOPEN,
		codes.SQLITE_PROTOCOL, codes.SQLITE_NOMEM, codes.SQLITE_READONLY, codes.SQLITE_ABORT:
		return true
	}
	return false
}

// writeError makes a fault of an error within a transaction, which surely wrote nothing.
func writeError(err error) error {
	if err == nil || fault.Of(err) != nil {
		return err
	}
	if _, ok := violates(err); ok {
		return fault.VersionConflict.New("someone else wrote the same meanwhile").Because(err)
	}
	return readError(err)
}

// commitError makes a fault of an error of COMMIT. A full disk or another program in the way leave nothing behind; when
// the disk failed the transaction may be found on it after all.
func commitError(err error) error {
	if _, code := codeOf(err); code == codes.SQLITE_BUSY || code == codes.SQLITE_FULL || code == codes.SQLITE_CONSTRAINT {
		return writeError(err)
	}
	return fault.Lost.New("the answer of the database was lost").Because(err)
}

// violates tells whether the error is the violation of a unique constraint, and of which: the columns, as in
// "carts.customer, carts.channel".
func violates(err error) (columns string, ok bool) {
	switch extended, _ := codeOf(err); extended {
	case codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_CONSTRAINT_PRIMARYKEY, codes.SQLITE_CONSTRAINT_ROWID:
	default:
		return "", false
	}
	_, columns, _ = strings.Cut(err.Error(), "UNIQUE constraint failed: ")
	columns, _, _ = strings.Cut(columns, " (") // The number of the code ends the text.
	return columns, true
}
