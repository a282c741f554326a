package postgres

import (
	"errors"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// hushedError is an error of the database whose text is fit for a log: PostgreSQL and pgx quote the values that they do
// not like, which may be anybody's name or address. It is the same error for everything else.
type hushedError struct{ err error }

// hushed hushes an error.
func hushed(err error) error {
	if err == nil {
		return nil
	}
	return hushedError{err}
}

// Unwrap gives the error as it is.
func (e hushedError) Unwrap() error { return e.err }

// Error is the error's text without values.
func (e hushedError) Error() string {
	text := e.err.Error()
	for _, pg := range serverErrors(e.err) {
		text = strings.ReplaceAll(text, pg.Message, withoutValues(pg))
	}
	return unencodable.ReplaceAllString(text, "unable to encode …")
}

// unencodable is what pgx says of a value, behind which the value stands.
var unencodable = regexp.MustCompile(`(?s)unable to encode .*`)

// serverErrors are the server's own errors in an error: when it joins several, in all of them.
func serverErrors(err error) []*pgconn.PgError {
	switch e := err.(type) { //nolint:errorlint // Every error of the tree is looked at, one by one.
	case nil:
		return nil
	case *pgconn.PgError:
		return []*pgconn.PgError{e}
	case interface{ Unwrap() []error }:
		var out []*pgconn.PgError
		for _, one := range e.Unwrap() {
			out = append(out, serverErrors(one)...)
		}
		return out
	}
	return serverErrors(errors.Unwrap(err))
}

// withoutValues is the message of the server without what it quotes, but for names of the schema.
func withoutValues(pg *pgconn.PgError) string {
	begin, end := strings.IndexByte(pg.Message, '"'), strings.LastIndexByte(pg.Message, '"')
	if begin < 0 || begin == end {
		return pg.Message
	}
	for _, name := range []string{pg.ConstraintName, pg.TableName, pg.ColumnName} {
		if name != "" && pg.Message[begin+1:end] == name {
			return pg.Message
		}
	}
	name := pg.ConstraintName
	if name == "" {
		name = "…"
	}
	return pg.Message[:begin] + `"` + name + `"` + pg.Message[end+1:]
}
