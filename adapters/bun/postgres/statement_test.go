package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
)

func TestStatementsAreStripped(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT a FROM commerce.orders WHERE shop = $1 AND id = $12": "SELECT a FROM commerce.orders WHERE shop = $1 AND id = $12",
		"SELECT\n\t\ta,  b1 FROM t2 WHERE x = 12.5e3 AND y=-7":       "SELECT a, b1 FROM t2 WHERE x = ? AND y=-?",
		"SELECT 'Ann''s secret' || E'a\\'secret' || 'x' FROM t":      "SELECT ? || E? || ? FROM t",
		"SELECT $$secret$$, $tag$ secret $$ $tag$, $1":               "SELECT ?, $1",
		"SELECT 1 -- it's\n, 'secret'":                               "SELECT ? , ?",
		"SELECT /* don't */ 'secret'":                                "SELECT ?",
		`SELECT "it's" FROM t WHERE a = 'secret'`:                    `SELECT "it's" FROM t WHERE a = ?`,
		"INSERT INTO t VALUES (1, 'secret', 'b', 3), (2, 'secret')":  "INSERT INTO t VALUES (?), (?)",
		"SELECT 'secret":                         "SELECT ?",
		"SELECT $x$secret":                       "SELECT …",
		"SELECT tile'secret'":                    "SELECT tile?",
		"SELECT 'a\\' || 'secret'":               "SELECT ? || ?",
		"SELECT 0x1F, 1_000, '\u2028', \"\xff\"": "SELECT ?x1F, ?_000, ?, \"?\"",
	} {
		if got := postgres.Stripped(sql); got != want || strings.Contains(got, "secret") {
			t.Errorf("%q\ngot  %q\nwant %q", sql, got, want)
		}
	}
	if n := len(postgres.Stripped("SELECT " + strings.Repeat("column_name, ", 10_000))); n > 2100 {
		t.Errorf("%d bytes", n)
	}
}

func FuzzStripped(f *testing.F) {
	for _, seed := range []string{"", "x", "a, b", "don't", `\`, "$$", "/*", "--", `"`, "1", "E"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsAny(value, "\x00") {
			return // PostgreSQL takes none, so nobody sends one.
		}
		literal := "'" + strings.ReplaceAll("kept7"+value+"kept7", "'", "''") + "'"
		got := postgres.Stripped("SELECT a FROM commerce.orders WHERE b = " + literal + " AND c = 1")
		if got != "SELECT a FROM commerce.orders WHERE b = ? AND c = ?" {
			t.Errorf("%q: %q", literal, got)
		}
	})
}

func TestStatementsHaveNames(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT a FROM commerce.order_lines WHERE shop = $1":                                     "SELECT order_lines",
		"WITH kept AS (INSERT INTO commerce.settings (shop) VALUES ($1)) SELECT value FROM kept": "INSERT settings",
		"update commerce.jobs SET a = 'commerce.secret'":                                         "UPDATE jobs",
		"SELECT 'commerce.secret'":                                                               "SELECT",
		"BEGIN":                                                                                  "BEGIN",
		"":                                                                                       "",
	} {
		if got := postgres.NameOf(postgres.Stripped(sql)); got != want {
			t.Errorf("%q: %q, want %q", sql, got, want)
		}
	}
}

func TestErrorsOfTheDatabaseAreHushed(t *testing.T) {
	t.Parallel()
	taken := &pgconn.PgError{
		Severity: "ERROR", Code: "23505", Message: `duplicate key value violates unique constraint "accounts_email"`,
		Detail: "Key (email)=(secret@example.com) already exists.", ConstraintName: "accounts_email", TableName: "accounts",
	}
	syntax := &pgconn.PgError{Severity: "ERROR", Code: "22P02", Message: `invalid input syntax for type integer: "it is "secret""`}
	for _, test := range []struct {
		err  error
		want string
	}{
		{taken, `accounts_email`},
		{fmt.Errorf("writing: %w", syntax), `writing: ERROR: invalid input syntax for type integer: "…" (SQLSTATE 22P02)`},
		{errors.Join(errors.New("first"), fmt.Errorf("second: %w", syntax)), "first\nsecond: ERROR: invalid input syntax"},
		{errors.New(`failed to encode args[2]: unable to encode "secret" into binary format for int4 (OID 23)`), "failed to encode args[2]: unable to encode …"},
	} {
		got := postgres.Hushed(test.err)
		if !strings.Contains(got.Error(), test.want) || strings.Contains(got.Error(), "secret") {
			t.Errorf("%s, want %s", got, test.want)
		}
		if !errors.Is(got, test.err) {
			t.Errorf("%s is another error", got)
		}
	}
	if postgres.Hushed(nil) != nil {
		t.Error("no error became one")
	}
}
