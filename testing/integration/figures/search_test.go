package figures_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/containers"
)

func uuidOf[K ref.Kind](id ref.ID[K]) string { return id.UUID().String() }

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// narrowMillis is what a search may take that finds at most a twentieth.
const narrowMillis = 30

// searchCase is a search that is measured.
type searchCase struct {
	name   string
	q      catalog.ListingQuery
	facets bool
	narrow bool // At most a twentieth of the products have the words.
}

// cases are ten searches that find little, and others that find much or cost much to look for.
func (s *searchShop) cases() []searchCase {
	typo := func(word string) string { return word[:2] + word[3:4] + word[2:3] + word[4:] }
	one := func(text string) catalog.ListingQuery {
		return catalog.ListingQuery{Text: text, Sort: catalog.SortRelevance, Limit: 20}
	}
	by := func(q catalog.ListingQuery, sort catalog.ListingSort) catalog.ListingQuery {
		q.Sort = sort
		return q
	}
	five, three, rare, most := s.common(0.045), s.common(0.03), s.common(0.001), s.words[0]
	var short []string
	for i := range catalog.QueryWordsMax {
		short = append(short, s.words[i*7][:2]+string(rune('a'+i)))
	}
	return []searchCase{
		{name: "a word of 4.5 %", q: one(five), narrow: true},
		{name: "the same, with facets", q: one(five), facets: true, narrow: true},
		{name: "the same, the cheapest first", q: by(one(five), catalog.SortPrice), narrow: true},
		{name: "a word of 0.1 %", q: one(rare), narrow: true},
		{name: "the same, the newest first", q: by(one(rare), catalog.SortNewest), narrow: true},
		{name: "two words", q: one(s.common(0.18) + " " + s.common(0.14)), narrow: true},
		{name: "a brand and the beginning of a word", q: one("qu" + s.words[3] + " " + three[:4]), narrow: true},
		{name: "a SKU", q: one("QX-012345"), narrow: true},
		{name: "a word with a typo", q: one(typo(three)), narrow: true},
		{name: "two words with typos, with facets", q: one(typo(five) + " " + typo(s.common(0.1))), facets: true, narrow: true},
		{name: "a word of most products", q: one(most)},
		{name: "the same, with facets", q: one(most), facets: true},
		{name: "one letter", q: one("s")},
		{name: "two common words", q: one(s.words[1] + " " + s.words[2])},
		{name: "nothing, with facets", q: by(one(""), catalog.SortNewest), facets: true},
		{name: "sixteen letters", q: one(strings.Join(strings.Split("abcdefghiklmnopr", ""), " "))},
		{name: "sixteen beginnings", q: one(strings.Join(short, " "))},
		{name: "signs", q: one(`%_* '"\ (s|t)+ .*$1 -- &!:*`)},
		{name: "a word that nobody has", q: one("zzyzxzzyzxz")},
	}
}

// TestFiguresOfSearch prints what searches of a catalogue of 100,000 products cost the database, in CPU.
func TestFiguresOfSearch(t *testing.T) {
	if os.Getenv("COMMERCE_FIGURES") == "" {
		t.Log("COMMERCE_FIGURES is not set: make figures measures")
		return
	}
	server := containers.NewPostgres(t, containers.Setting("shared_buffers", "1GB"), containers.Setting("max_wal_size", "8GB"))
	dsn := server.Database(t)
	m, err := postgres.NewMigrator(t.Context(), dsn)
	must(t, err)
	_, err = m.Up(t.Context())
	must(t, err)
	must(t, m.Close())
	conn, err := pgx.Connect(t.Context(), dsn)
	must(t, err)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	shop := newSearchShop()
	start := time.Now()
	shop.fill(t, conn)
	fmt.Printf("\n%d products, %d words that may be meant; filled in %.0f s; listings and their indexes: %s\n", searched, len(shop.known), time.Since(start).Seconds(), sizes(t, conn))

	s, err := postgres.Open(t.Context(), postgres.Config{DSN: dsn, Conns: 1})
	must(t, err)
	defer s.Close()
	scope := ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", At: searchStart.AddDate(1, 0, 0)}
	fmt.Printf("%-38s %8s %12s %10s %10s %s\n", "search", "found", "approximate", "CPU ms", "worst ms", "")
	for _, tc := range shop.cases() {
		found, approximate := 0, false
		search := func() {
			page, err := s.Listings().List(t.Context(), scope, tc.q)
			must(t, err)
			approximate = page.Approximate
			found = len(page.Items)
			if tc.facets {
				facets, err := s.Listings().Facets(t.Context(), scope, tc.q)
				must(t, err)
				approximate = approximate || facets.Approximate
				found = 0
				for _, v := range facets.Items[3].Values {
					found += int(v.Count)
				}
			}
		}
		mean, worst := databaseCPU(t, conn, search)
		note := ""
		if tc.narrow && (mean > narrowMillis || approximate) {
			note = "missed"
		}
		fmt.Printf("%-38s %8d %12v %10.2f %10.2f %s\n", tc.name, found, approximate, mean, worst, note)
	}
}

func sizes(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var out string
	must(t, conn.QueryRow(t.Context(), `SELECT pg_size_pretty(pg_table_size('commerce.listings')) || ', ' || string_agg(i.indexrelid::regclass || ' ' || pg_size_pretty(pg_relation_size(i.indexrelid)), ', ')
		FROM pg_index i WHERE i.indrelid = 'commerce.listings'::regclass`).Scan(&out))
	return out
}

// databaseCPU is what the server's processes take for something, in milliseconds: of a mean run and of the worst.
func databaseCPU(t *testing.T, conn *pgx.Conn, do func()) (mean, worst float64) {
	t.Helper()
	const runs = 12
	for range 2 {
		do()
	}
	for range runs {
		before := backends(t, conn)
		do()
		took := 0.0
		for pid, ns := range backends(t, conn) {
			took += float64(ns-before[pid]) / 1e6
		}
		mean += took / runs
		worst = max(worst, took)
	}
	return mean, worst
}

// backends are the CPU times of the server's other processes, in nanoseconds.
func backends(t *testing.T, conn *pgx.Conn) map[int]int64 {
	t.Helper()
	rows, err := conn.Query(t.Context(), "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type IN ('client backend', 'parallel worker') AND datname = current_database()")
	must(t, err)
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	must(t, err)
	out := map[int]int64{}
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
		must(t, err)
		out[pid], err = strconv.ParseInt(string(bytes.Fields(text)[0]), 10, 64)
		must(t, err)
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
