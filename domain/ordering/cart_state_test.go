package ordering_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestCartMachine(t *testing.T) {
	t.Parallel()
	for _, wrong := range ordering.CartMachine.Check() {
		t.Error(wrong)
	}
	if got := len(ordering.CartMachine.States()); got != 5 {
		t.Errorf("a cart has %d states, want 5", got)
	}
	for s, open := range map[ordering.CartStatus]bool{
		ordering.CartActive: true, ordering.CartAbandoned: true, ordering.CartDone: false, ordering.CartMerged: false, ordering.CartExpired: false,
	} {
		if s.Open() != open {
			t.Errorf("%s is open: %v", s, !open)
		}
	}
}

// TestCartChangesRevive makes every change in every state.
func TestCartChangesRevive(t *testing.T) {
	t.Parallel()
	later := now().Add(time.Hour)
	note := "ring twice"
	changes := map[string]func(c ordering.Cart) (ordering.Cart, error){
		"add":    func(c ordering.Cart) (ordering.Cart, error) { return c.Add(line(9), item(2), 1, later) },
		"set":    func(c ordering.Cart) (ordering.Cart, error) { return c.Set(line(1), 5, later) },
		"remove": func(c ordering.Cart) (ordering.Cart, error) { return c.Set(line(1), 0, later) },
		"remark": func(c ordering.Cart) (ordering.Cart, error) { return c.Remark(ordering.Remarks{Note: &note}, later) },
		"remark line": func(c ordering.Cart) (ordering.Cart, error) {
			return c.RemarkLine(line(1), ordering.Remarks{Note: &note}, later)
		},
		"confirm": func(c ordering.Cart) (ordering.Cart, error) {
			q, _, err := quoted(t, c).Confirm(later)
			return q.Cart, err
		},
	}
	refused := map[ordering.CartStatus]fault.Class{ordering.CartDone: ordering.CartCompleted, ordering.CartMerged: ordering.CartSuperseded}
	for _, s := range ordering.CartMachine.States() {
		for name, change := range changes {
			c := filled(t, 2)
			c.Status, c.Successor = s, ref.NewCartID([20]byte{9})
			got, err := change(c)
			if class, no := refused[s]; no {
				wantClass(t, err, class)
				continue
			}
			if err != nil || got.Status != ordering.CartActive || got.Version != c.Version+1 || !got.UpdatedAt.Equal(later) {
				t.Errorf("%s of a cart that is %s: %+v, %v", name, s, got, err)
			}
		}
	}
}

func TestMergedCartNamesItsSuccessor(t *testing.T) {
	t.Parallel()
	c := filled(t, 1)
	c.Status, c.Successor = ordering.CartMerged, ref.NewCartID([20]byte{9})
	_, err := c.Set(line(1), 2, now())
	got, _ := fault.Of(err).Details()["successor"].(string)
	if whole := c.Successor.Reveal(); got == "" || got == whole || !strings.HasPrefix(whole, strings.TrimSuffix(got, "…")) {
		t.Errorf("the successor is %q; it is to be recognised and no credential", got)
	}
}
