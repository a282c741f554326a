package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// SQLSTATE codes that mean something to us; see PostgreSQL's appendix A.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	queryCanceled        = "57014"
	adminShutdown        = "57P01"
	crashShutdown        = "57P02"
)

// readError makes a fault of an error of a statement that changes nothing, or of one that surely did not.
func readError(err error) error {
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case fault.Of(err) != nil:
		return err
	case errors.Is(err, pgx.ErrNoRows):
		return fault.Missing.New("it does not exist").Because(hushed(err))
	case errors.As(err, &pg) && strings.HasPrefix(pg.Code, "22"):
		return fault.Bad.New("a text or number holds what the store cannot keep").Because(hushed(err))
	case errors.As(err, &pg) && !transient(pg.Code):
		return fault.Unexpected.New("the database refused a statement").Because(hushed(err))
	default:
		return fault.Down.New("the database is not reachable or too slow").Because(hushed(err))
	}
}

// missing is readError of a statement that looks for one thing, which is named when it is not there.
func missing(what string, err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.Missing.New("there is no such " + what).Because(hushed(err))
	}
	return readError(err)
}

// transient tells whether the server may answer the same statement otherwise soon: connection, resource and operator
// trouble, cancelled and conflicting statements.
func transient(code string) bool {
	switch {
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "53"), strings.HasPrefix(code, "57"), strings.HasPrefix(code, "55"):
		return true
	}
	return code == serializationFailure || code == deadlockDetected || code == queryCanceled
}

// violates tells whether the error is the violation of a unique constraint, and of which.
func violates(err error) (constraint string, ok bool) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation {
		return pg.ConstraintName, true
	}
	return "", false
}

// again tells whether the whole transaction should be tried again: others were in the way.
func again(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == uniqueViolation || pg.Code == serializationFailure || pg.Code == deadlockDetected)
}

// uncertain tells whether an error of COMMIT leaves open what became of it: no answer of the server came.
func uncertain(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// The server was shut down or crashed while it worked on it.
		return strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "08")
	}
	return err != nil
}
