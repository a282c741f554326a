package sqlite_test

import "testing"

// TestDurability asks transactions of both kinds, one after the other on the same connection, when COMMIT answers.
func TestDurability(t *testing.T) {
	t.Parallel()
	s := open(t, shop(t))
	for i, mayBeUndone := range []bool{false, true, true, false, false, true, false} {
		want := 2
		if mayBeUndone {
			want = 1
		}
		if level, err := s.Synchronous(t.Context(), mayBeUndone); level != want || err != nil {
			t.Errorf("transaction %d commits at level %d, %v; wanted %d", i, level, err, want)
		}
	}
}
