package integration_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// TestClaimsOfTheFirstReleaseAreUnderstood settles claims as the first release did, which wrote no new column and left the
// parts as they were, and goes on with them.
func TestClaimsOfTheFirstReleaseAreUnderstood(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	s, conn := openPostgres(t, small(dsn)), connect(t, dsn)
	level := inventory.LevelKey{SKU: "A", Location: inventory.DefaultLocation}
	received := inventory.Commit{At: orderingtest.Moment(), Adjustments: []inventory.Adjustment{{Key: "r", LevelKey: level, Kind: inventory.MoveReceive, Delta: 10}}}
	if err := s.Stock().Commit(t.Context(), received); err != nil {
		t.Fatal(err)
	}
	id := func(n byte) ref.ClaimID { return ref.NewID[ref.ClaimKind](ref.UUID{6: 0x70, 8: 0x80, 15: n}) }
	for n, state := range map[byte]string{1: "consumed", 2: "released", 3: "expired", 4: "held"} {
		_, err := conn.Exec(t.Context(), `INSERT INTO commerce.stock_claims (shop, id, owner, sku, state, parts, back)
			VALUES (1, $1, 'ord', 'A', $2, '[{"location":"main","quantity":3}]', 0)`, id(n).UUID().String(), state)
		if err != nil {
			t.Fatal(err)
		}
	}
	// What the held one holds was moved by the first release, too.
	if _, err := conn.Exec(t.Context(), `UPDATE commerce.stock_levels SET reserved = 3 WHERE sku = 'A'`); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[byte]inventory.Claim{
		1: {State: inventory.Consumed, Sent: []inventory.Part{{Location: "main", Quantity: 3}}},
		2: {State: inventory.Released, Freed: 3},
		3: {State: inventory.Expired, Freed: 3},
		4: {State: inventory.Held, Parts: []inventory.Part{{Location: "main", Quantity: 3}}},
	} {
		c, found, err := s.Claim(t.Context(), id(n))
		if err != nil || !found || c.State != want.State || c.Held() != want.Held() || c.Gone() != want.Gone() || c.Freed != want.Freed || c.Quantity() != 3 {
			t.Errorf("claim %d is %+v, %v; want %+v", n, c, err, want)
		}
	}
	effects := []ordering.StockEffect{
		{Kind: ordering.StockRestock, Claim: id(1), SKU: "A", Quantity: 2},
		{Kind: ordering.StockRelease, Claim: id(2), SKU: "A", Quantity: 3},
		{Kind: ordering.StockConsume, Claim: id(4), SKU: "A"},
	}
	if _, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: orderingtest.Moment(), Stock: effects}); err != nil {
		t.Fatalf("going on with them: %v", err)
	}
	p, err := s.Stock().Position(t.Context(), "A")
	if err != nil || len(p.Levels) != 1 || p.Levels[0].OnHand != 9 || p.Levels[0].Reserved != 0 {
		t.Errorf("the position is %+v, %v", p, err)
	}
	if n := number(t, conn, `SELECT count(*) FROM commerce.stock_claims WHERE state <> 'held' AND parts <> '[]' AND id <> '`+id(2).UUID().String()+`' AND id <> '`+id(3).UUID().String()+`'`); n != 0 {
		t.Errorf("%d claims that went on hold parts", n)
	}
}
