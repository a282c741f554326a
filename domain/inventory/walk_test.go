package inventory_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// walkSteps is how far each walk goes.
const walkSteps = 400

var (
	walkSKUs      = []ref.SKU{"A", "B"}
	walkLocations = []inventory.Location{inventory.DefaultLocation, "a", "b"}
)

// walk takes the same steps in books, which are kept by ledgers, and in the naive model.
type walk struct {
	*testing.T
	random *rand.Rand
	books  *books
	model  *naive
	step   int
	done   map[string]int // How often each thing was done, so that no walk goes nowhere.
}

// TestRandomWalk takes random steps, valid and not, of every kind there is. After each the books are true and say what
// the model says; what the model refuses is refused and changes nothing.
func TestRandomWalk(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			w := &walk{
				T: t, random: rand.New(rand.NewPCG(seed, 20260302)), books: newBooks(), done: map[string]int{},
				model: &naive{lying: map[ref.SKU]int64{}, promises: map[ref.SKU]inventory.Policy{}, claims: map[ref.ClaimID]*naiveClaim{}},
			}
			for w.step = range walkSteps {
				w.take()
				w.books.check(t)
				w.compare()
			}
			for _, what := range []string{"effects", "effects refused", "effects short", "adjustments", "adjustments refused", "places", "places refused", "policies", "lapsed"} {
				if w.done[what] == 0 {
					t.Errorf("the walk never had %s: %v", what, w.done)
				}
			}
			states := map[inventory.ClaimState]int{}
			for _, c := range w.books.claims {
				states[c.State]++
			}
			if len(states) != 4 || len(w.books.movements) < walkSteps/4 {
				t.Errorf("the walk went nowhere: %v, %d movements", states, len(w.books.movements))
			}
		})
	}
}

// at is the moment of the present step.
func (w *walk) at() time.Time { return day.Add(time.Duration(w.step) * time.Minute) }

func (w *walk) sku() ref.SKU { return walkSKUs[w.random.IntN(len(walkSKUs))] }

func (w *walk) take() {
	switch w.random.IntN(12) {
	case 0:
		w.place()
	case 1:
		w.policy()
	case 2:
		w.lapse()
	case 3, 4, 5:
		w.adjust()
	default:
		w.effects()
	}
}

// commit makes a commit in the books; whatever is refused changes nothing.
func (w *walk) commit(what string, c inventory.Commit) error {
	w.Helper()
	c.At = w.at()
	l := inventory.NewLedger(w.books.facts(c.Names()))
	err := l.Commit(c)
	if err != nil {
		w.done[what+" refused"]++
		if !l.Changes().Empty() {
			w.Fatalf("step %d: refused with %v and changed %+v", w.step, err, l.Changes())
		}
		return err
	}
	w.done[what]++
	w.books.write(w.T, l.Changes())
	return nil
}

// place makes, moves, closes or opens a location.
func (w *walk) place() {
	at := walkLocations[w.random.IntN(len(walkLocations))]
	s := w.books.sites[at]
	expected := s.Version
	s = inventory.Site{Location: at, Version: expected + 1, Name: "N", State: inventory.SiteOpen, Priority: int32(w.random.IntN(3))}
	if w.random.IntN(4) == 0 {
		s.State = inventory.SiteClosed
	}
	var lies int64
	for _, v := range w.books.levels {
		if v.Location == at {
			lies += v.OnHand
		}
	}
	err := w.commit("places", inventory.Commit{Sites: []inventory.Write[inventory.Site]{{State: s, Expected: expected}}})
	if refused := s.State == inventory.SiteClosed && lies > 0; refused != fault.Is(err, inventory.LocationInUse) {
		w.Fatalf("step %d: making %s %s where %d lie: %v", w.step, at, s.State, lies, err)
	}
}

// policy sets a policy.
func (w *walk) policy() {
	sku := w.sku()
	p := inventory.Policy{SKU: sku, Version: w.books.promises[sku].Version + 1, Kind: inventory.Backorder, Limit: int64(1 + w.random.IntN(12))}
	switch w.random.IntN(3) {
	case 0:
		p.Kind, p.Limit = inventory.Deny, 0
	case 1:
		p.Kind, p.Until = inventory.Preorder, w.at().Add(time.Duration(w.random.IntN(40))*time.Minute)
	}
	if err := w.commit("policies", inventory.Commit{Policies: []inventory.Write[inventory.Policy]{{State: p, Expected: p.Version - 1}}}); err != nil {
		w.Fatalf("step %d: %v", w.step, err)
	}
	w.model.promises[sku] = p
}

// lapse takes away every claim whose time is over, among others.
func (w *walk) lapse() {
	var c inventory.Commit
	for _, claim := range w.books.byID() {
		c.Lapsed = append(c.Lapsed, inventory.ClaimKey{ID: claim.ID, SKU: claim.SKU})
	}
	c.Lapsed = c.Lapsed[:min(len(c.Lapsed), inventory.LapsedMax)]
	if err := w.commit("lapsed", c); err != nil {
		w.Fatalf("step %d: %v", w.step, err)
	}
	for _, k := range c.Lapsed {
		if m := w.model.claims[k.ID]; m.state == inventory.Held && !m.until.IsZero() && !w.at().Before(m.until) {
			w.model.effect(w.at(), m, inventory.Effect{Kind: inventory.ExpireClaim})
		}
	}
	for _, sku := range walkSKUs {
		w.model.fill(sku)
	}
}

// adjust makes one or two adjustments, perhaps under a key that was used, which the model takes from the books.
func (w *walk) adjust() {
	kinds := []inventory.MovementKind{inventory.MoveReceive, inventory.MoveReceive, inventory.MoveAdjust, inventory.MoveCount, inventory.MoveDamage, inventory.MoveTransfer}
	var c inventory.Commit
	for i := range 1 + w.random.IntN(2) {
		sku, at := w.sku(), walkLocations[w.random.IntN(3)]
		a := inventory.Adjustment{
			Key: fmt.Sprintf("%d/%d", w.step-w.random.IntN(3)/2, i), Kind: kinds[w.random.IntN(len(kinds))], Reason: "r",
			Delta: int64(1 + w.random.IntN(9)), Quantity: int64(w.random.IntN(20)), LevelKey: inventory.LevelKey{SKU: sku, Location: at},
		}
		switch a.Kind {
		case inventory.MoveAdjust:
			a.Delta -= 6
		case inventory.MoveTransfer:
			a.To = walkLocations[w.random.IntN(3)]
		case inventory.MoveCount:
			if v, known := w.books.levels[a.LevelKey]; known {
				expected := v.OnHand + int64(w.random.IntN(4)/3)
				a.Expected = &expected
			}
		default:
		}
		c.Adjustments = append(c.Adjustments, a)
	}
	wanted, lying := w.foresee(c.Adjustments)
	if err := w.commit("adjustments", c); (err == nil) != wanted {
		w.Fatalf("step %d: %+v: %v, want it done: %v", w.step, c.Adjustments, err, wanted)
	}
	if wanted {
		w.model.lying = lying
		for _, sku := range walkSKUs {
			w.model.fill(sku)
		}
	}
}

// foresee tells whether the adjustments are all right, one after the other, and what lies free after them. Between two
// adjustments of one commit nothing is filled.
func (w *walk) foresee(adjustments []inventory.Adjustment) (bool, map[ref.SKU]int64) {
	levels, lying, keys := map[inventory.LevelKey]inventory.Level{}, map[ref.SKU]int64{}, map[string]bool{}
	for k, v := range w.books.levels {
		levels[k] = v
		lying[k.SKU] += v.Available()
	}
	known := func(at inventory.Location) bool {
		s, made := w.books.sites[at]
		return (made || at == inventory.DefaultLocation) && s.State != inventory.SiteClosed
	}
	move := func(k inventory.LevelKey, n int64) bool {
		v := levels[k]
		v.LevelKey, v.OnHand = k, v.OnHand+n
		levels[k] = v
		lying[k.SKU] += n
		return v.OnHand >= v.Reserved
	}
	for _, a := range adjustments {
		if w.books.keys[a.Key] || keys[a.Key] {
			continue
		}
		keys[a.Key] = true
		v, counted := levels[a.LevelKey]
		ok := known(a.Location)
		switch a.Kind {
		case inventory.MoveCount:
			ok = ok && (a.Expected == nil && !counted || a.Expected != nil && *a.Expected == v.OnHand) && move(a.LevelKey, a.Quantity-v.OnHand)
		case inventory.MoveDamage:
			ok = ok && move(a.LevelKey, -a.Delta)
		case inventory.MoveTransfer:
			ok = ok && a.To != a.Location && known(a.To) && move(a.LevelKey, -a.Delta) && move(inventory.LevelKey{SKU: a.SKU, Location: a.To}, a.Delta)
		default:
			ok = ok && move(a.LevelKey, a.Delta)
		}
		if !ok {
			return false, nil
		}
	}
	return true, lying
}

// effects does what one order does, to claims that were made or not.
func (w *walk) effects() {
	var effects []inventory.Effect
	for i := range 1 + w.random.IntN(4)/2 {
		e := inventory.Effect{Claim: claim(4*w.step + i + 1), Owner: "ord", SKU: w.sku(), Quantity: int64(1 + w.random.IntN(8))}
		if w.random.IntN(2) == 0 {
			e.Until = w.at().Add(time.Duration(w.random.IntN(60)) * time.Minute)
		}
		if w.random.IntN(3) > 0 {
			e.Claim = claim(4*(w.step-w.random.IntN(min(w.step, 60)+1)) + 1 + w.random.IntN(2)) // Which may be none.
			if all := w.books.byID(); len(all) > 0 && w.random.IntN(20) > 0 {
				e.Claim = all[len(all)-1-w.random.IntN(min(len(all), 8))].ID
			}
			if c, known := w.books.claims[e.Claim]; known && w.random.IntN(20) > 0 {
				e.SKU = c.SKU
			}
			e.Kind = inventory.EffectKind(w.random.IntN(6))
			e.Quantity = int64(w.random.IntN(8))
			if e.Kind == inventory.ClaimStock {
				e.Quantity++
			}
			if e.Kind == inventory.RestockClaim {
				e.Damaged = int64(w.random.IntN(3)) / 2
			}
		}
		effects = append(effects, e)
	}
	n := inventory.Names{}
	for _, e := range effects {
		n.SKUs, n.Claims = append(n.SKUs, e.SKU), append(n.Claims, e.Claim)
		if c, known := w.books.claims[e.Claim]; known {
			n.SKUs = append(n.SKUs, c.SKU)
		}
	}
	model := w.model.clone()
	want := model.apply(w.at(), effects)
	l := inventory.NewLedger(w.books.facts(n))
	granted, err := l.Apply(w.at(), effects)
	got := map[bool]string{true: "refused"}[err != nil]
	if len(granted.Short) > 0 {
		got = "short"
	}
	// Goods that came back and find no open location are beyond the model.
	if fault.Is(err, inventory.LocationClosed) {
		return
	}
	if got != want || want != "" && !l.Changes().Empty() {
		w.Fatalf("step %d: %+v: the ledger says %q (%v), the model %q; changes %+v", w.step, effects, got, err, want, l.Changes())
	}
	w.done["effects"+map[string]string{"refused": " refused", "short": " short"}[want]]++
	if want == "" {
		w.model = model
		w.books.write(w.T, l.Changes())
	}
}

// compare fails unless the books say what the model says.
func (w *walk) compare() {
	for _, sku := range walkSKUs {
		var lying int64
		for _, v := range w.books.sorted(sku) {
			lying += v.Available()
		}
		if lying != w.model.lying[sku] {
			w.Fatalf("step %d: of %s %d lie free, in the model %d", w.step, sku, lying, w.model.lying[sku])
		}
	}
	if len(w.books.claims) != len(w.model.claims) {
		w.Fatalf("step %d: %d claims, in the model %d", w.step, len(w.books.claims), len(w.model.claims))
	}
	for id, c := range w.books.claims {
		m := w.model.claims[id]
		want := fmt.Sprint(m.state, " ", m.count("held"), m.count("owed"), m.count("gone"), m.count("freed"), m.back, m.damaged)
		if got := state(c); got != want {
			w.Fatalf("step %d: the claim %s is %s, in the model %s", w.step, id, got, want)
		}
	}
}
