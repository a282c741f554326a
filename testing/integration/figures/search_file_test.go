package figures_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestFiguresOfSearchInAFile prints what searches of a catalogue of 100,000 products in a file cost, in CPU of this
// process, which is the database too.
func TestFiguresOfSearchInAFile(t *testing.T) {
	if os.Getenv("COMMERCE_FIGURES") == "" {
		t.Log("COMMERCE_FIGURES is not set: make figures measures")
		return
	}
	file := filepath.Join(t.TempDir(), "shop.db")
	m, err := sqlite.NewMigrator(t.Context(), file)
	must(t, err)
	_, err = m.Up(t.Context())
	must(t, err)
	must(t, m.Close())
	s, err := sqlite.Open(t.Context(), sqlite.Config{File: file, Readers: 1})
	must(t, err)
	defer s.Close()
	shop := newSearchShop()
	start := used()
	shop.fillFile(t, s)
	info, err := os.Stat(file)
	must(t, err)
	fmt.Printf("\n%d products; filled by commits of %d in %.0f s of CPU; %d MB\n", searched, searchBatch, (used() - start).Seconds(), info.Size()>>20)

	scope := ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", At: searchStart.AddDate(1, 0, 0)}
	fmt.Printf("%-38s %8s %12s %10s %10s %s\n", "search", "found", "approximate", "CPU ms", "worst ms", "")
	for _, tc := range shop.cases() {
		found, approximate := 0, false
		search := func() {
			page, err := s.Listings().List(t.Context(), scope, tc.q)
			must(t, err)
			found, approximate = len(page.Items), page.Approximate
			if !tc.facets {
				return
			}
			facets, err := s.Listings().Facets(t.Context(), scope, tc.q)
			must(t, err)
			approximate = approximate || facets.Approximate
			found = 0
			for _, v := range facets.Items[3].Values {
				found += int(v.Count)
			}
		}
		mean, worst := ownCPU(search)
		note := ""
		if tc.narrow && (mean > 30 || approximate) {
			note = "MISSED: 30 ms"
		}
		fmt.Printf("%-38s %8d %12v %10.2f %10.2f %s\n", tc.name, found, approximate, mean, worst, note)
	}
}

// searchBatch is how many products are in a commit.
const searchBatch = 500

// fillFile puts the catalogue into a store, with prices.
func (s *searchShop) fillFile(t *testing.T, store *sqlite.Store) {
	t.Helper()
	var brands catalog.Commit
	for n := range uint64(searchBrands) {
		brands.Brands = append(brands.Brands, catalog.Write[catalog.Brand]{State: catalog.Brand{
			ID: searchID[ref.BrandKind](int(n) + 1), Version: 1, Slug: "b" + strconv.FormatUint(n, 10), Text: catalog.Text{Name: s.brand(n)},
			CreatedAt: searchStart, UpdatedAt: searchStart,
		}})
	}
	must(t, store.Catalog().Commit(t.Context(), brands))
	for first := 1; first <= searched; first += searchBatch {
		var products catalog.Commit
		var prices pricing.Commit
		for n := first; n < first+searchBatch; n++ {
			p, b := s.product(n)
			p.Version, p.BrandID, p.Brand, p.UpdatedAt = 1, b.ID, b.Name, p.CreatedAt
			for _, words := range []catalog.Words{p.Words(), b.Words()} {
				for word := range words.All() {
					s.products[word]++
				}
			}
			key := pricing.Key{Variant: p.Variants[0].ID, Channel: ref.DefaultChannel, Currency: money.GBP}
			price := money.NewUnitPrice(int64(1+s.r.IntN(9999))*10_000, money.GBP)
			products.Products = append(products.Products, catalog.Write[catalog.Product]{State: p})
			prices.Plans = append(prices.Plans, pricing.Write{State: pricing.Plan{Key: key, Version: 1, Since: searchStart, Prices: []pricing.Price{{Key: key, Amount: price}}}})
		}
		must(t, store.Catalog().Commit(t.Context(), products))
		must(t, store.Pricing().Commit(t.Context(), prices))
	}
}

// used is the CPU time of this process.
func used() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// ownCPU is what this process takes for something, in milliseconds: of a mean run and of the worst.
func ownCPU(do func()) (mean, worst float64) {
	const runs = 12
	for range 2 {
		do()
	}
	for range runs {
		before := used()
		do()
		took := float64((used() - before).Microseconds()) / 1000
		mean += took / runs
		worst = max(worst, took)
	}
	return mean, worst
}
