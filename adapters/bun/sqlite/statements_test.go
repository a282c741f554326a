package sqlite_test

import (
	"fmt"
	"slices"
	"testing"
)

// TestStatementsAreLentToOne reads with one statement while its rows from before are still open, and with more statements
// than a connection keeps.
func TestStatementsAreLentToOne(t *testing.T) {
	t.Parallel()
	tx, err := open(t, shop(t)).Reader().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	const digits = `SELECT value FROM json_each('[1,2,3]')`
	outer, err := tx.QueryContext(t.Context(), digits)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = outer.Close() }()
	var seen []string
	for outer.Next() {
		var a, sum int
		if err := outer.Scan(&a); err != nil {
			t.Fatal(err)
		}
		inner, err := tx.QueryContext(t.Context(), digits)
		if err != nil {
			t.Fatal(err)
		}
		for inner.Next() {
			var b int
			if err := inner.Scan(&b); err != nil {
				t.Fatal(err)
			}
			sum += b
		}
		if err := inner.Close(); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, fmt.Sprintf("%d:%d", a, sum))
		for i := range 100 {
			var n int
			if err := tx.QueryRowContext(t.Context(), fmt.Sprintf("SELECT %d + ?1", i), a).Scan(&n); err != nil || n != i+a {
				t.Fatalf("%d + %d gave %d, %v", i, a, n, err)
			}
		}
	}
	if err := outer.Err(); err != nil || !slices.Equal(seen, []string{"1:6", "2:6", "3:6"}) {
		t.Errorf("read %q, %v", seen, err)
	}
}
