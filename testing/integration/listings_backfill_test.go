package integration_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// What the migration makes of a shop that stands is what the program makes of it.
func TestListsOfAShopThatStands(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	s, conn, m := openPostgres(t, small(dsn)), connect(t, dsn), migrator(t, dsn)
	standing(t, s)
	before := listingRows(t, conn)
	if len(before) != 3 {
		t.Fatalf("%d rows before: %q", len(before), before)
	}
	for range 2 { // Back below the migration and up again; then what the program writes anew.
		versions, _ := applied(t, m)
		for last := versions[len(versions)-1]; last >= 9; last-- {
			if _, err := m.Down(t.Context()); err != nil {
				t.Fatalf("Down: %v", err)
			}
		}
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatalf("Up: %v", err)
		}
		if after := listingRows(t, conn); !slices.Equal(before, after) {
			t.Errorf("the migration makes\n%q\nand the program\n%q", after, before)
		}
	}
	if n, err := s.ProjectListings(t.Context()); err != nil || n != 4 {
		t.Errorf("writing anew: %d, %v", n, err)
	}
	if after := listingRows(t, conn); !slices.Equal(before, after) {
		t.Errorf("written anew\n%q\nand before\n%q", after, before)
	}
}

// standing fills a shop with what the release before knows.
func standing(t *testing.T, s *postgres.Store) {
	t.Helper()
	product := func(n int, title string, variants int) catalog.Product {
		p := catalog.Product{
			ID: numbered[ref.ProductKind](n), Version: 1, Slug: title, Title: title, Status: catalog.Active, Brand: "Marsh Pottery", Type: "Mug", Tags: []string{"a gift"},
			Description: "<p class=\"x\">A gift, <b>heavy</b>&nbsp;one</p>", Translations: map[string]catalog.Translation{"fr": {Title: "Tasse", Description: "lourd"}},
			CreatedAt: assorted, UpdatedAt: assorted, Options: []string{"Size"},
		}
		for i := range variants {
			p.Variants = append(p.Variants, catalog.Variant{ID: numbered[ref.VariantKind](10*n + i), SKU: sku(n, i), Options: []string{string(rune('A' + i))}})
		}
		return p
	}
	draft := product(3, "draft", 1)
	draft.Status = catalog.Draft
	c := catalog.Commit{}
	for _, p := range []catalog.Product{product(1, "The  blue-grey MUG", 3), product(2, "Bowl 2", 1), draft, product(4, "unpriced", 1)} {
		c.Products = append(c.Products, catalog.Write[catalog.Product]{State: p})
	}
	if err := s.Catalog().Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var prices pricing.Commit
	for i, v := range []int{10, 11, 12, 20, 30} {
		for _, currency := range []money.Currency{money.GBP, money.EUR} {
			if currency == money.EUR && v != 11 {
				continue
			}
			key := pricing.Key{Variant: numbered[ref.VariantKind](v), Channel: ref.DefaultChannel, Currency: currency}
			former := money.NewUnitPrice(int64(20+i), currency)
			prices.Plans = append(prices.Plans, pricing.Write{State: pricing.Plan{Key: key, Version: 1, Since: assorted, Prices: []pricing.Price{
				{Key: key, Amount: money.NewUnitPrice(int64(10-i), currency), CompareAt: &former},
			}}})
		}
	}
	if err := s.Pricing().Commit(t.Context(), prices); err != nil {
		t.Fatal(err)
	}
	err := s.Stock().Commit(t.Context(), inventory.Commit{At: assorted, Adjustments: []inventory.Adjustment{
		{Key: "1", LevelKey: inventory.LevelKey{SKU: sku(1, 1), Location: inventory.DefaultLocation}, Kind: inventory.MoveReceive, Delta: 2},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// listingRows reads the projection as texts, with the words and their weights but not their positions.
func listingRows(t *testing.T, conn *pgx.Conn) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT concat_ws('|', product_id, channel, currency, shown_from, shown_until, created_at, name_key, featured, brand_id, categories,
			(SELECT string_agg(w.lexeme || ':' || (SELECT string_agg(DISTINCT x, '' ORDER BY x) FROM unnest(w.weights) AS x), ' ' ORDER BY w.lexeme) FROM unnest(search) AS w), tsvector_to_array(prose),
			price, compare_at, lowest30, skus, in_stock_until) FROM commerce.listings ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}
