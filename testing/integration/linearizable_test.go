package integration_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/inventorytest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// How large the histories are: enough to meet often, few enough to be checked at once.
const (
	linearClients = 5
	linearSteps   = 12
	linearClaims  = 12
)

// linearInput is what one client asks of the stock of one SKU.
type linearInput struct {
	kind  string // claim, consume, release, receive, take, look
	claim int
	n     int64
	key   string
}

// linearOutput is what it was answered: "" for done, else the code of the error; and what it saw.
type linearOutput struct {
	code                   string
	owed                   int64
	onHand, reserved, wait int64
}

// linearState is the stock of one SKU as one thing after the other would leave it.
type linearState struct {
	onHand, reserved, owed, limit int64 // Limit is what may be owed.
	claims                        [linearClaims]linearClaim
}

// linearClaim is a claim: held and owed goods, and what became of it.
type linearClaim struct {
	state      inventory.ClaimState
	held, owed int64
}

// linearStock is the sequential stock of one SKU, of which so much may be owed. Claims are filled in the order of their
// numbers.
func linearStock(limit int64) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return linearState{limit: limit} },
		Step: func(state, input, output any) (bool, any) {
			s, in, out := state.(linearState), input.(linearInput), output.(linearOutput)
			want := linearOutput{code: s.step(in)}
			switch {
			case in.kind == "claim" && want.code == "":
				want.owed = s.claims[in.claim].owed
			case in.kind == "look":
				want.onHand, want.reserved, want.wait = s.onHand, s.reserved, s.owed
			}
			return out == want, s
		},
	}
}

// step does what is asked, and gives the code of the error if it is refused.
func (s *linearState) step(in linearInput) string {
	c := &s.claims[in.claim]
	switch in.kind {
	case "claim":
		held := min(max(s.onHand-s.reserved-s.owed, 0), in.n)
		if held < in.n && s.owed+in.n-held > s.limit {
			return ordering.OutOfStock.Code()
		}
		*c = linearClaim{inventory.Held, held, in.n - held}
		s.reserved += held
		s.owed += in.n - held
	case "consume":
		switch {
		case c.state == "":
			return inventory.BrokenRule.Code()
		case c.state == inventory.Consumed:
			return ""
		case c.state != inventory.Held:
			return inventory.ClaimSettled.Code()
		case c.owed > 0:
			return inventory.ClaimOwed.Code()
		}
		s.onHand -= c.held
		s.reserved -= c.held
		*c = linearClaim{state: inventory.Consumed}
	case "release":
		switch c.state {
		case "":
			return inventory.BrokenRule.Code()
		case inventory.Consumed:
			return inventory.ClaimSettled.Code()
		case inventory.Held, inventory.Released, inventory.Expired:
		}
		s.reserved -= c.held
		s.owed -= c.owed
		*c = linearClaim{state: inventory.Released}
	case "receive":
		s.onHand += in.n
	case "take":
		if s.onHand-in.n < s.reserved {
			return inventory.BelowZero.Code()
		}
		s.onHand -= in.n
	}
	for i := range s.claims {
		n := min(s.claims[i].owed, s.onHand-s.reserved)
		s.claims[i].owed -= n
		s.claims[i].held += n
		s.owed -= n
		s.reserved += n
	}
	return ""
}

// do asks a store.
func (in linearInput) do(t *testing.T, h inventorytest.Harness) (out linearOutput) {
	t.Helper()
	at := orderingtest.Moment()
	id := ref.NewID[ref.ClaimKind](ref.UUID{6: 0x70, 8: 0x80, 15: byte(in.claim + 1)})
	level := inventory.LevelKey{SKU: "A", Location: inventory.DefaultLocation}
	var err error
	switch in.kind {
	case "look":
		var p inventory.Position
		p, err = h.Stock.Position(t.Context(), "A")
		out.onHand, out.reserved = p.Totals()
		out.wait = p.Owed
	case "receive":
		err = h.Stock.Commit(t.Context(), inventory.Commit{At: at, Adjustments: []inventory.Adjustment{{Key: in.key, LevelKey: level, Kind: inventory.MoveReceive, Delta: in.n}}})
	case "take":
		err = h.Stock.Commit(t.Context(), inventory.Commit{At: at, Adjustments: []inventory.Adjustment{{Key: in.key, LevelKey: level, Kind: inventory.MoveAdjust, Delta: -in.n}}})
	default:
		kind := map[string]ordering.StockEffectKind{"claim": ordering.StockClaim, "consume": ordering.StockConsume, "release": ordering.StockRelease}[in.kind]
		e := ordering.StockEffect{Kind: kind, Claim: id, SKU: "A"}
		if in.kind == "claim" {
			e.Quantity = in.n
		}
		var done ordering.Outcome
		done, err = h.Ordering.Commit(t.Context(), ordering.Commit{At: at, Stock: []ordering.StockEffect{e}})
		out.owed = done.Backordered[id]
	}
	if err != nil {
		out.code = fault.CodeOf(err)
	}
	return out
}

// TestStockIsLinearizable has clients claim, give up, consume, receive, take away and look at one SKU at once, and asks
// whether some order of all they did, one after the other, explains every answer.
func TestStockIsLinearizable(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) store{
		"memory": func(*testing.T) store { return memoryStore() }, "sqlite": func(*testing.T) store { return sqliteStore() }, "postgres": postgresStore,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "postgres" && !needsDatabase(t) {
				return
			}
			s := open(t)
			for round := range uint64(6) {
				checkHistory(t, s.inventory(t), round)
			}
		})
	}
}

// checkHistory makes one history and checks it.
func checkHistory(t *testing.T, h inventorytest.Harness, seed uint64) {
	t.Helper()
	limit := int64(seed%2) * 4 // Without a policy there is no promise to lock, and the levels alone keep callers apart.
	if limit > 0 {
		policy := inventory.Policy{SKU: "A", Version: 1, Kind: inventory.Backorder, Limit: limit}
		if err := h.Stock.Commit(t.Context(), inventory.Commit{At: orderingtest.Moment(), Policies: []inventory.Write[inventory.Policy]{{State: policy}}}); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	var history []porcupine.Operation
	begin := time.Now()
	var all sync.WaitGroup
	for client := range linearClients {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(client)))
			next := client // The claim to make: each once, for one that is made again is another thing.
			for step := range linearSteps {
				in := linearInput{n: int64(1 + random.IntN(3)), key: fmt.Sprint(client, "/", step)}
				switch kind := random.IntN(7); {
				case kind < 2 && next < linearClaims:
					in.kind, in.claim = "claim", next
					next += linearClients
				case kind < 4:
					in.kind, in.claim = []string{"consume", "release"}[random.IntN(2)], random.IntN(linearClaims)
				case kind == 4:
					in.kind = "take"
				case kind == 5:
					in.kind = "look"
				default:
					in.kind = "receive"
				}
				call := time.Since(begin).Nanoseconds()
				out := in.do(t, h)
				done := porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: time.Since(begin).Nanoseconds()}
				mu.Lock()
				history = append(history, done)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	result, info := porcupine.CheckOperationsVerbose(linearStock(limit), history, 20*time.Second)
	if result != porcupine.Ok {
		t.Errorf("the history of seed %d is %s: no order of it explains every answer; the longest part that one does:\n%v", seed, result, info.PartialLinearizationsOperations())
	}
}
