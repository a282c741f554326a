package integration_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// fillShelves makes products from the first number to the last, each with a price.
func fillShelves(t *testing.T, s *postgres.Store, first, last int) {
	t.Helper()
	var products catalog.Commit
	var prices pricing.Commit
	for n := first; n <= last; n++ {
		v := catalog.Variant{ID: numbered[ref.VariantKind](n), SKU: ref.SKU(fmt.Sprint("S-", n))}
		products.Products = append(products.Products, catalog.Write[catalog.Product]{State: catalog.Product{
			ID: numbered[ref.ProductKind](n), Version: 1, Slug: fmt.Sprint("p", n), Title: fmt.Sprint("Thing ", n%97, " of ", n), Status: catalog.Active,
			Featured: n%3 == 0, CreatedAt: assorted.Add(time.Duration(n) * time.Second), UpdatedAt: assorted, Variants: []catalog.Variant{v},
		}})
		key := pricing.Key{Variant: v.ID, Channel: ref.DefaultChannel, Currency: money.GBP}
		prices.Plans = append(prices.Plans, pricing.Write{State: pricing.Plan{
			Key: key, Version: 1, Since: assorted, Prices: []pricing.Price{{Key: key, Amount: money.NewUnitPrice(int64(n%501)*10_000, money.GBP)}},
		}})
	}
	if err := s.Catalog().Commit(t.Context(), products); err != nil {
		t.Fatalf("making products: %v", err)
	}
	if err := s.Pricing().Commit(t.Context(), prices); err != nil {
		t.Fatalf("pricing them: %v", err)
	}
}

// placeholder stands for an argument of a prepared statement.
var placeholder = regexp.MustCompile(`\$\d+`)

// A page costs the same statements, and each of them reads along an index of its order, at 20 and at 5,000 products, at
// the beginning and deep inside.
func TestListCostsTheSameAtAnySize(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	p, proxied := newProxy(t, dsn)
	cfg := small(proxied)
	cfg.Conns = 1
	s, direct := openPostgres(t, cfg), connect(t, dsn)
	scope := ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", At: assorted}
	// asked gives what was asked of the shop's tables, so not what tells other servers to wake.
	asked := func() []string {
		return slices.DeleteFunc(p.texts(), func(text string) bool { return !strings.Contains(text, "commerce.") })
	}
	// page reads a page of a list and gives the statements that it took.
	page := func(q catalog.ListingQuery) (catalog.ListingPage, []string) {
		t.Helper()
		before := len(asked())
		got, err := s.Listings().List(t.Context(), scope, q)
		if err != nil {
			t.Fatalf("the list of %+v: %v", q, err)
		}
		return got, asked()[before:]
	}
	// plan is how the server runs a statement: one that was prepared, whatever its arguments are.
	plan := func(statement string) string {
		t.Helper()
		if n := len(slices.Compact(slices.Sorted(slices.Values(placeholder.FindAllString(statement, -1))))); n > 0 {
			if _, err := direct.Exec(t.Context(), "DEALLOCATE ALL; SET plan_cache_mode = force_generic_plan; PREPARE list AS "+statement); err != nil {
				t.Fatalf("preparing %s: %v", statement, err)
			}
			statement = "EXECUTE list(NULL" + strings.Repeat(", NULL", n-1) + ")"
		}
		rows, err := direct.Query(t.Context(), "EXPLAIN "+statement, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("explaining %s: %v", statement, err)
		}
		defer rows.Close()
		var out strings.Builder
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			out.WriteString(line + "\n")
		}
		return out.String()
	}
	for _, products := range []struct{ first, last int }{{1, 20}, {21, 2500}, {2501, 5000}} {
		fillShelves(t, s, products.first, products.last)
	}
	if _, err := direct.Exec(t.Context(), "ANALYZE commerce.listings, commerce.products"); err != nil {
		t.Fatal(err)
	}
	for sort, index := range map[catalog.ListingSort]string{
		catalog.SortNewest: "listings_newest", catalog.SortRelevance: "listings_newest", catalog.SortPrice: "listings_price",
		catalog.SortPriceDown: "listings_price", catalog.SortName: "listings_name",
	} {
		q := catalog.ListingQuery{Sort: sort, Limit: 20}
		for depth := 0; depth < 60; depth++ {
			got, statements := page(q)
			if len(statements) > 1 || len(got.Items) != 20 || got.Next == nil {
				t.Fatalf("by %s, page %d: %d products of %d new statements, want one at most: %q", sort, depth, len(got.Items), len(statements), statements)
			}
			for _, statement := range statements { // It is told once, when it is prepared.
				if way := plan(statement); !strings.Contains(way, index) || strings.Contains(way, "Seq Scan") {
					t.Errorf("by %s, page %d goes another way:\n%s", sort, depth, way)
				}
			}
			q.After = got.Next
		}
	}
	before := len(asked())
	if _, err := s.Listings().Facets(t.Context(), scope, catalog.ListingQuery{Text: "thing"}); err != nil {
		t.Fatal(err)
	}
	if n := len(asked()) - before; n != 3 {
		t.Errorf("facets take %d statements, want 3", n)
	}
	_, statements := page(catalog.ListingQuery{Text: "thing 4999", Sort: catalog.SortRelevance, Limit: 20})
	if _, err := direct.Exec(t.Context(), "SET enable_seqscan = off"); err != nil { // So few rows are as fast to read.
		t.Fatal(err)
	}
	if way := plan(statements[0]); !strings.Contains(way, "listings_text") {
		t.Errorf("a search goes another way:\n%s", way)
	}
}
