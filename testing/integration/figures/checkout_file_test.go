package figures_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// fileCarts are made before a run; one that uses them up ends early.
const fileCarts = 40_000

// checkoutFile measures checkouts of a shop in a file, each on the disk before it is answered.
func checkoutFile(b *bench) {
	empty := b.shelveFile()
	var rates, cpu, others []float64
	for range b.rounds {
		r := b.fileShop(empty)
		b.report.add("checkout-file", "shop", r)
		rates, cpu, others = append(rates, r.rate()), append(cpu, r.cpuMillis()), append(others, r.others)
	}
	b.report.conclude("checkout-file", "checkouts in a file, durable, two random lines, 64 clients, a second", middle(rates), 1500, false,
		fmt.Sprintf("%.3f ms CPU each; others used %.2f cores", middle(cpu), middle(others)))
}

// fileShop serves a copy of the file and checks its carts out.
func (b *bench) fileShop(empty string) run {
	file := filepath.Join(b.t.TempDir(), "shop.db")
	content, err := os.ReadFile(empty)
	b.must(err)
	b.must(os.WriteFile(file, content, 0o600))
	base, pid, stop := b.serve("--store", "sqlite", "--sqlite-file", file)
	defer stop()
	client := &fasthttp.Client{MaxConnsPerHost: clients, ReadTimeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	body := []byte(`{"email":"buyer@example.com","payment":{"provider":"manual"},"shipping_address":{"name":"Buyer","line1":"1 Quay Street","city":"Ipswich","postal_code":"IP4 1BZ","country":"GB"}}`)
	warm := make([]ref.CartID, 200)
	for i := range warm {
		warm[i] = fileCart(i)
	}
	b.warm(client, base, warm, body)
	var next, done, failed atomic.Int64
	next.Store(int64(len(warm)) - 1)
	before, busy, mine := cpuOf([]int{pid}), machineCPU(b.t), childCPU(b.t)
	start := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for time.Since(start) < b.duration {
				i := int(next.Add(1))
				if i >= fileCarts {
					return
				}
				if checkout(client, base, fileCart(i), body) == fasthttp.StatusCreated {
					done.Add(1)
				} else {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	elapsed := time.Since(start)
	cpu := cpuOf([]int{pid}) - before
	r := run{ops: int(done.Load()), seconds: elapsed.Seconds(), cpu: cpu, server: cpu}
	r.others = (machineCPU(b.t) - busy - cpu - (childCPU(b.t) - mine)).Seconds() / elapsed.Seconds()
	if n := failed.Load(); n > 0 {
		b.t.Errorf("%d checkouts in a file failed", n)
	}
	if b.watched != nil {
		b.watched(pid)
	}
	return r
}

// fileCart is the key of a cart.
func fileCart(i int) ref.CartID {
	var secret [ref.SecretSize]byte
	for j := range 8 {
		secret[ref.SecretSize-1-j] = byte(i >> (8 * j))
	}
	return ref.NewCartID(secret)
}

// shelveFile makes a file with the catalogue of the checkouts and their carts.
func (b *bench) shelveFile() (file string) {
	ctx := b.t.Context()
	file = filepath.Join(b.t.TempDir(), "shop.db")
	m, err := sqlite.NewMigrator(ctx, file)
	b.must(err)
	_, err = m.Up(ctx)
	b.must(err)
	b.must(m.Close())
	store, err := sqlite.Open(ctx, sqlite.Config{File: file, Readers: 1})
	b.must(err)
	var products catalog.Commit
	var prices pricing.Commit
	var variants [skus]ref.VariantID
	at := ref.Instant(time.Now().Add(-time.Hour))
	for i := range skus {
		id := [16]byte{14: byte(i >> 8), 15: byte(i)}
		id[0] = 1
		variants[i] = ref.NewID[ref.VariantKind](id)
		id[0] = 2
		products.Products = append(products.Products, catalog.Write[catalog.Product]{State: catalog.Product{
			ID: ref.NewID[ref.ProductKind](id), Version: 1, Slug: "p" + strconv.Itoa(i), Title: "A thing", Status: catalog.Active, CreatedAt: at, UpdatedAt: at,
			Variants: []catalog.Variant{{ID: variants[i], SKU: ref.SKU(sku(i))}},
		}})
		key := pricing.Key{Variant: variants[i], Channel: ref.DefaultChannel, Currency: money.GBP}
		prices.Plans = append(prices.Plans, pricing.Write{State: pricing.Plan{
			Key: key, Version: 1, Since: at, Prices: []pricing.Price{{Key: key, Amount: money.NewUnitPrice(10_000_000, money.GBP)}},
		}})
	}
	b.must(store.Catalog().Commit(ctx, products))
	b.must(store.Pricing().Commit(ctx, prices))
	store.Close()
	db, err := sql.Open("sqlite", "file:"+file)
	b.must(err)
	tx, err := db.BeginTx(ctx, nil)
	b.must(err)
	for i := range skus {
		_, err = tx.ExecContext(ctx, `INSERT INTO stock_levels (sku, location, on_hand, reserved) VALUES (?1, 'main', 1000000000, 0)`, sku(i))
		b.must(err)
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO carts (id, version, status, channel, currency, lines, bare, details, reopened, created_at, updated_at)
		VALUES (?1, 1, 'active', 'web', 'GBP', ?2, 0, '{}', 0, ?3, ?3)`)
	b.must(err)
	defer func() { _ = insert.Close() }()
	for i := range fileCarts {
		x, y := pick(false)
		lines, err := json.Marshal([]ordering.CartLine{
			{ID: ref.NewID[ref.LineKind]([16]byte{1}), Variant: variants[x], SKU: ref.SKU(sku(x)), Quantity: 1},
			{ID: ref.NewID[ref.LineKind]([16]byte{2}), Variant: variants[y], SKU: ref.SKU(sku(y)), Quantity: 1},
		})
		b.must(err)
		secret := fileCart(i).Bytes()
		_, err = insert.ExecContext(ctx, secret[:], string(lines), at.UnixMicro())
		b.must(err)
	}
	b.must(tx.Commit())
	b.must(db.Close()) // Which folds the journal into the file.
	return file
}
