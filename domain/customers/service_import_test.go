package customers_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
)

func TestIntroduce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	known, made, err := s.Introduce(t.Context(), "old", []string{"17850", "13047"})
	s.must(err)
	if len(known) != 2 || made != 2 {
		t.Fatalf("%v, %d made", known, made)
	}
	c, err := s.Customer(t.Context(), known["17850"])
	s.must(err)
	if c.Status != customers.Guest || !c.Email.IsZero() || len(c.References) != 1 || c.References[0] != (customers.Reference{Source: "old", Ref: "17850"}) || c.Version != 1 {
		t.Errorf("the customer is %+v", c)
	}
	again, made, err := s.Introduce(t.Context(), "old", []string{"17850", "18000"})
	s.must(err)
	if again["17850"] != known["17850"] || made != 1 {
		t.Errorf("again: %v, %d made", again, made)
	}
	other, made, err := s.Introduce(t.Context(), "new", []string{"17850"})
	s.must(err)
	if other["17850"] == known["17850"] || made != 1 {
		t.Errorf("of another source: %v, %d made", other, made)
	}
	none, made, err := s.Introduce(t.Context(), "old", nil)
	if err != nil || made != 0 || len(none) != 0 {
		t.Errorf("nobody: %v, %d, %v", none, made, err)
	}
	_, _, err = s.Introduce(t.Context(), "old", []string{strings.Repeat("1", customers.ReferenceMax+1)})
	s.refused(err, fault.Bad)
	var all sync.WaitGroup
	sums := make([]int, 8)
	for i := range sums {
		all.Go(func() {
			_, n, err := s.Introduce(t.Context(), "old", []string{"1", "2", "3"})
			if err != nil {
				t.Errorf("at once: %v", err)
			}
			sums[i] = n
		})
	}
	all.Wait()
	total := 0
	for _, n := range sums {
		total += n
	}
	if total != 3 {
		t.Errorf("at once %d were made, want 3", total)
	}
}
