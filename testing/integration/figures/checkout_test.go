package figures_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/containers"
)

//go:embed baseline.sql
var baseline string

// What is measured.
const (
	clients = 64
	skus    = 1000
	carts   = 100_000 // Of the longest run; a run that uses them up ends early.
)

// checkoutPair measures checkouts of two lines beside pgbench calling one function an order; hot ones have one line in
// common.
func checkoutPair(b *bench, hot bool) {
	name, what, aim := "checkout", "checkouts, two random lines, against pgbench calling one function an order", 1.0
	if hot {
		name, what, aim = "checkout-hot", "checkouts with one hot variant, against pgbench on one hot row", 6
	}
	b.pair(name, what, aim, "shop", "pgbench", func() run { return b.shop(hot) }, func() run { return b.baseline(hot) })
}

// grouped measures groups of orders beside transactions of one, of as many loops and of four a core.
func grouped(b *bench) {
	for _, loops := range []int{2, 8} {
		b.pair("grouped-"+strconv.Itoa(loops), fmt.Sprintf("hot checkouts, grouped against one order a transaction on %d connections", loops), 3,
			"grouped", "alone", func() run { return b.shop(true) },
			func() run { return b.shop(true, "--commit-group", "1", "--commit-loops", strconv.Itoa(loops)) })
	}
}

// bench is a database with the shop's schema, and how to run both sides on it.
type bench struct {
	t        *testing.T
	postgres *containers.PostgresServer
	pgbench  string
	binary   string
	dsn      string
	variants []ref.VariantID
	report   *report
	duration time.Duration
	rounds   int
	watched  func(pid int) // Looks at the server once its clients are done.
}

// prepare makes the schema, the function of the baseline and a catalogue.
func (b *bench) prepare() {
	ctx := b.t.Context()
	b.migrate(b.dsn)
	b.exec(baseline)
	for i := range skus {
		var id [16]byte
		id[14], id[15] = byte(i>>8), byte(i+1)
		id[0] = 1
		b.variants = append(b.variants, ref.NewID[ref.VariantKind](id))
	}
	b.exec(`INSERT INTO commerce.products SELECT 1, ('02000000-0000-0000-0000-' || lpad(to_hex(i), 12, '0'))::uuid, 1, 'p' || i, 'A thing', '', '', '', '[]', 'active', false,
		'[]', '[]', now(), now() FROM generate_series(0, ` + strconv.Itoa(skus-1) + `) i`)
	batch := &pgx.Batch{}
	for i, v := range b.variants {
		batch.Queue(`INSERT INTO commerce.variants VALUES (1, $1, ('02000000-0000-0000-0000-' || lpad(to_hex($2::int), 12, '0'))::uuid, 0, $3, '[]', '', 0, NULL)`,
			v.UUID().String(), i, sku(i))
		batch.Queue(`INSERT INTO commerce.prices VALUES (1, $1, 'web', 'GBP', 1, 10000000, NULL)`, v.UUID().String())
		batch.Queue(`INSERT INTO commerce.stock_levels (shop, sku, location, on_hand, reserved) VALUES (1, $1, 'main', 1000000000, 0)`, sku(i))
	}
	conn := b.connect()
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	b.must(conn.SendBatch(ctx, batch).Close())
	b.exec("ANALYZE")
}

func sku(i int) string { return fmt.Sprintf("SKU-%04d", i) }

// pick is the two variants of a cart.
func pick(hot bool) (int, int) {
	first := rand.IntN(skus)
	if hot {
		first = 0
	}
	second := rand.IntN(skus - 1)
	if second >= first {
		second++
	}
	return first, second
}

// renew empties what orders filled and makes new carts.
func (b *bench) renew(hot bool) []ref.CartID {
	b.exec(`TRUNCATE commerce.carts, commerce.orders, commerce.order_lines, commerce.payments, commerce.commands, commerce.stock_claims,
		commerce.stock_movements, commerce.outbox, commerce.outbox_cursors`)
	b.exec(`UPDATE commerce.stock_levels SET reserved = 0`)
	b.exec(`VACUUM ANALYZE commerce.stock_levels`)
	ids := make([]ref.CartID, carts)
	rows := make([][]any, carts)
	for i := range ids {
		var secret [ref.SecretSize]byte
		for j := range 8 {
			secret[ref.SecretSize-1-j] = byte(i >> (8 * j))
		}
		ids[i] = ref.NewCartID(secret)
		x, y := pick(hot)
		lines, err := json.Marshal([]ordering.CartLine{
			{ID: ref.NewID[ref.LineKind]([16]byte{1}), Variant: b.variants[x], SKU: ref.SKU(sku(x)), Quantity: 1},
			{ID: ref.NewID[ref.LineKind]([16]byte{2}), Variant: b.variants[y], SKU: ref.SKU(sku(y)), Quantity: 1},
		})
		b.must(err)
		now := time.Now()
		rows[i] = []any{int32(1), secret[:], int64(1), "active", "web", "GBP", lines, now, now}
	}
	conn := b.connect()
	defer func() { _ = conn.Close(context.WithoutCancel(b.t.Context())) }()
	_, err := conn.CopyFrom(b.t.Context(), pgx.Identifier{"commerce", "carts"},
		[]string{"shop", "id", "version", "status", "channel", "currency", "lines", "created_at", "updated_at"}, pgx.CopyFromRows(rows))
	b.must(err)
	b.exec("ANALYZE commerce.carts")
	b.exec("CHECKPOINT")
	return ids
}

// baseline runs pgbench.
func (b *bench) baseline(hot bool) run {
	b.renew(hot)
	script := "\\set a random(0, " + strconv.Itoa(skus-1) + ")\n"
	if hot {
		script = "\\set a 0\n"
	}
	script += "\\set d random(1, " + strconv.Itoa(skus-1) + ")\n\\set b (:a + :d) % " + strconv.Itoa(skus) + "\n\\set c random(0, " + strconv.Itoa(carts-1) + ")\n" +
		"SELECT commerce.baseline_place('SKU-' || lpad(:a::text, 4, '0'), 'SKU-' || lpad(:b::text, 4, '0'), :c);\n"
	file := filepath.Join(b.t.TempDir(), "script.sql")
	b.must(os.WriteFile(file, []byte(script), 0o600))
	before, busy := cpuOf(b.postgres.PIDs(b.t)), machineCPU(b.t)
	children := childCPU(b.t)
	cmd := exec.CommandContext(b.t.Context(), b.pgbench, "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", "2",
		"-T", strconv.Itoa(int(b.duration.Seconds())), "-f", file, b.dsn)
	start := time.Now()
	// The processes of the connections end with pgbench, so their time is read from the postmaster, who waits for them.
	out, err := cmd.CombinedOutput()
	elapsed := time.Since(start)
	if err != nil {
		b.t.Fatalf("pgbench: %v\n%s", err, out)
	}
	r := run{ops: b.count(), seconds: elapsed.Seconds(), cpu: cpuOf(b.postgres.PIDs(b.t)) - before}
	if m := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out); m != nil {
		tps, err := strconv.ParseFloat(string(m[1]), 64)
		b.must(err)
		r.seconds = float64(r.ops) / tps
	}
	own := childCPU(b.t) - children
	r.others = (machineCPU(b.t) - busy - r.cpu - own).Seconds() / elapsed.Seconds()
	return r
}

// childCPU is the time of the processes that this one started and waited for.
func childCPU(t *testing.T) time.Duration {
	t.Helper()
	return cpuOf([]int{os.Getpid()})
}

// shop runs the server and its clients.
func (b *bench) shop(hot bool, args ...string) run {
	ids := b.renew(hot)
	base, pid, stop := b.serve(append(args, "--database-url", b.dsn)...)
	defer stop()
	var next, done, failed atomic.Int64
	var wg sync.WaitGroup
	client := &fasthttp.Client{MaxConnsPerHost: clients, ReadTimeout: 30 * time.Second}
	body := []byte(`{"email":"buyer@example.com","payment":{"provider":"manual"},"shipping_address":{"name":"Buyer","line1":"1 Quay Street","city":"Ipswich","postal_code":"IP4 1BZ","country":"GB"}}`)
	b.warm(client, base, ids[:200], body)
	next.Store(200)
	b.forget()
	pids := append(b.postgres.PIDs(b.t), pid)
	before, busy, mine, server := cpuOf(pids), machineCPU(b.t), childCPU(b.t), cpuOf([]int{pid})
	start := time.Now()
	for range clients {
		wg.Go(func() {
			for time.Since(start) < b.duration {
				i := next.Add(1)
				if i >= carts {
					return
				}
				if status := checkout(client, base, ids[i], body); status == fasthttp.StatusCreated {
					done.Add(1)
				} else {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	r := run{ops: int(done.Load()), seconds: elapsed.Seconds(), cpu: cpuOf(append(b.postgres.PIDs(b.t), pid)) - before, server: cpuOf([]int{pid}) - server}
	r.others = (machineCPU(b.t) - busy - r.cpu - (childCPU(b.t) - mine)).Seconds() / elapsed.Seconds()
	if n := failed.Load(); n > 0 {
		b.t.Errorf("%d checkouts failed", n)
	}
	b.tell(r.ops)
	if b.watched != nil {
		b.watched(pid)
	}
	return r
}

// warm lets connections be made and statements be prepared.
func (b *bench) warm(client *fasthttp.Client, base string, ids []ref.CartID, body []byte) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { checkout(client, base, id, body) })
	}
	wg.Wait()
}

func checkout(client *fasthttp.Client, base string, id ref.CartID, body []byte) int {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(base + "/api/v1/carts/" + id.Reveal() + "/checkout")
	req.Header.SetMethod(fasthttp.MethodPost)
	req.Header.SetContentType("application/json")
	req.Header.Set("Idempotency-Key", "figures")
	req.SetBodyRaw(body)
	if err := client.Do(req, resp); err != nil {
		return 0
	}
	return resp.StatusCode()
}

func (b *bench) count() int {
	conn := b.connect()
	defer func() { _ = conn.Close(context.WithoutCancel(b.t.Context())) }()
	var n int
	b.must(conn.QueryRow(b.t.Context(), "SELECT count(*) FROM commerce.orders").Scan(&n))
	return n
}

// migrate brings the schema of a database up.
func (b *bench) migrate(dsn string) {
	m, err := postgres.NewMigrator(b.t.Context(), dsn)
	b.must(err)
	_, err = m.Up(b.t.Context())
	b.must(err)
	b.must(m.Close())
}

func (b *bench) exec(sql string) { b.execOn(b.dsn, sql) }

func (b *bench) execOn(dsn, sql string) {
	conn := b.connectTo(dsn)
	defer func() { _ = conn.Close(context.WithoutCancel(b.t.Context())) }()
	_, err := conn.Exec(b.t.Context(), sql)
	b.must(err)
}

func (b *bench) connect() *pgx.Conn { return b.connectTo(b.dsn) }

func (b *bench) connectTo(dsn string) *pgx.Conn {
	conn, err := pgx.Connect(b.t.Context(), dsn)
	b.must(err)
	return conn
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}
