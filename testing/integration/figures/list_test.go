package figures_test

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// listClients read lists: enough to keep two cores busy without a queue that measures itself.
const listClients = 16

// The page that is read: twenty products with prices, sold or not.
const listPath = "/api/v1/products?limit=20"

// lists measures a page read from the database, and one kept ready beside a bare handler that answers with its bytes.
func lists(b *bench) {
	b.shelve(b.dsn, skus)
	b.exec("ANALYZE")
	base, pid, stop := b.serve("--database-url", b.dsn, "--cache-size", "0")
	var rates []float64
	for range b.rounds {
		r := b.get(pid, listClients, base+listPath)
		b.report.add("list-uncached", "shop", r)
		rates = append(rates, r.rate())
	}
	stop()
	b.report.conclude("list-uncached", "a page of 20 products from the database, a second", middle(rates), 3500, false, "")
	base, pid, stop = b.serve("--database-url", b.dsn)
	defer stop()
	bareBase, barePID, stopBare := b.bare(b.body(base + listPath))
	defer stopBare()
	b.pair("list-kept", "the same page kept ready, against a bare Fiber handler with its bytes", 0.7, "shop", "bare",
		func() run { return b.get(pid, listClients, base+listPath) }, func() run { return b.get(barePID, listClients, bareBase+listPath) })
}

// depths are how many products the two catalogues have.
const (
	fewProducts  = 1000
	manyProducts = 1_000_000
)

// depth measures pages anywhere in a list of a million products beside those of a thousand.
func depth(b *bench) {
	var pids [2]int
	var pages [2][]string
	for i, n := range []int{fewProducts, manyProducts} {
		dsn := b.postgres.Database(b.t)
		b.migrate(dsn)
		b.shelve(dsn, n)
		b.execOn(dsn, "VACUUM ANALYZE")
		base, pid, stop := b.serve("--database-url", dsn, "--cache-size", "0")
		defer stop()
		pids[i] = pid
		pages[i] = b.pages(base, n)
	}
	b.pair("depth", fmt.Sprintf("pages of 20 at any depth, %d products against %d", manyProducts, fewProducts), 0.85, "many", "few",
		func() run { return b.get(pids[1], listClients, pages[1]...) }, func() run { return b.get(pids[0], listClients, pages[0]...) })
}

// pages walks a list to its end and gives the addresses of pages of 20 on the way, in no order.
func (b *bench) pages(base string, products int) []string {
	const step = 100
	var out []string
	every := max(products/step/1000, 1)
	for i, cursor := 0, ""; ; i++ {
		address := base + "/api/v1/products?limit=" + strconv.Itoa(step)
		if cursor != "" {
			address += "&cursor=" + cursor
			if i%every == 0 {
				out = append(out, base+listPath+"&cursor="+cursor)
			}
		}
		var page struct {
			Items []struct{ ID string }
			Next  *string `json:"next_cursor"`
		}
		b.must(json.Unmarshal(b.body(address), &page))
		if page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	for i := range out { // Neighbours in the list are no neighbours in time.
		j := (i * 7919) % len(out)
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// shelve puts so many products with a price, stock and their row of the listing into a database.
func (b *bench) shelve(dsn string, n int) {
	last := strconv.Itoa(n)
	for _, sql := range []string{
		`INSERT INTO commerce.products (shop, id, version, slug, title, description, brand, type, tags, status, featured, options, media, created_at, updated_at)
			SELECT 1, ('04' || lpad(to_hex(i), 30, '0'))::uuid, 1, 'thing-' || i, 'A thing numbered ' || i, 'What is to be said of it.', 'Orwell', '', '[]', 'active', false, '[]', '[]',
				'2026-01-01'::timestamptz + i * interval '1 second', now() FROM generate_series(1, ` + last + `) i`,
		`INSERT INTO commerce.variants (shop, id, product_id, position, sku, options, barcode, grams)
			SELECT 1, ('05' || lpad(to_hex(i), 30, '0'))::uuid, ('04' || lpad(to_hex(i), 30, '0'))::uuid, 0, 'THING-' || i, '[]', '', 0 FROM generate_series(1, ` + last + `) i`,
		`INSERT INTO commerce.prices (shop, variant_id, channel, currency, version, amount)
			SELECT 1, ('05' || lpad(to_hex(i), 30, '0'))::uuid, 'web', 'GBP', 1, 10000 * (1 + i % 5000) FROM generate_series(1, ` + last + `) i`,
		`INSERT INTO commerce.stock_levels (shop, sku, location, on_hand, reserved) SELECT 1, 'THING-' || i, 'main', 100, 0 FROM generate_series(1, ` + last + `) i`,
		`INSERT INTO commerce.listings (shop, product_id, channel, currency, shown_from, shown_until, created_at, name_key, featured, brand_id, categories, search,
				price, compare_at, lowest30, skus, in_stock_until)
			SELECT 1, ('04' || lpad(to_hex(i), 30, '0'))::uuid, 'web', 'GBP', '-infinity', 'infinity', '2026-01-01'::timestamptz + i * interval '1 second',
				'a thing numbered ' || i, false, NULL, '{}', to_tsvector('simple', 'a thing numbered ' || i), 10000 * (1 + i % 5000), NULL, NULL, ARRAY['THING-' || i], 'infinity'
			FROM generate_series(1, ` + last + `) i`,
	} {
		b.execOn(dsn, sql)
	}
}
