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
	"slices"
	"strconv"
	"strings"
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

// What is measured, and how long.
const (
	clients  = 64
	skus     = 1000
	carts    = 100_000 // Of the longest run; a run that uses them up ends early.
	duration = 6 * time.Second
	rounds   = 3 // Of baseline, shop, shop, baseline.
)

func TestMain(m *testing.M) { os.Exit(containers.Main(m)) }

// run is one measurement.
type run struct {
	orders  int
	seconds float64
	cpu     time.Duration // Of the server and the database, of the database alone for the baseline.
	others  float64       // Cores that neither these nor the client used.
}

func (r run) rate() float64 { return float64(r.orders) / r.seconds }

func (r run) cpuMillis() float64 { return r.cpu.Seconds() * 1000 / float64(max(r.orders, 1)) }

// TestFigures prints orders a second and CPU an order of POST checkout, beside pgbench calling one function an order.
func TestFigures(t *testing.T) {
	if os.Getenv("COMMERCE_FIGURES") == "" {
		t.Log("COMMERCE_FIGURES is not set: make figures measures")
		return
	}
	pgbench := pgbenchPath(t)
	binary := filepath.Join(t.TempDir(), "shop")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "github.com/ipswich-retail/commerce/apps/shop").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	server := containers.NewPostgres(t, containers.Setting("max_connections", "200"), containers.Setting("shared_buffers", "1GB"),
		containers.Setting("max_wal_size", "8GB"), containers.Setting("checkpoint_timeout", "1h"))
	b := &bench{t: t, postgres: server, pgbench: pgbench, binary: binary, dsn: server.Database(t)}
	b.prepare()
	fmt.Printf("\n%d clients, POST checkout with manual, two lines, against pgbench calling one function an order; medians of %d\n", clients, 2*rounds)
	fmt.Printf("%-8s %14s %14s %8s %22s %20s\n", "variant", "shop orders/s", "pgbench/s", "ratio", "CPU ms/order shop+db", "CPU ms/order pgbench")
	for _, hot := range []bool{false, true} {
		var shop, base []run
		for range rounds {
			base = append(base, b.baseline(hot))
			shop = append(shop, b.shop(hot), b.shop(hot))
			base = append(base, b.baseline(hot))
		}
		name := map[bool]string{false: "random", true: "hot"}[hot]
		fmt.Printf("%-8s %14.0f %14.0f %8.2f %22.3f %20.3f\n", name, median(shop, run.rate), median(base, run.rate),
			median(shop, run.rate)/median(base, run.rate), median(shop, run.cpuMillis), median(base, run.cpuMillis))
		for _, r := range slices.Concat(shop, base) {
			if r.others > 0.2 {
				fmt.Printf("         noisy: others used %.1f cores during a run\n", r.others)
			}
		}
	}
}

func median(runs []run, of func(run) float64) float64 {
	values := make([]float64, len(runs))
	for i, r := range runs {
		values[i] = of(r)
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

func pgbenchPath(t *testing.T) string {
	t.Helper()
	if p, err := exec.LookPath("pgbench"); err == nil {
		return p
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if len(found) == 0 {
		t.Fatal("pgbench is needed; on Debian it comes with postgresql-15")
	}
	return found[len(found)-1]
}

// bench is a database with the shop's schema, and how to run both sides on it.
type bench struct {
	t        *testing.T
	postgres *containers.PostgresServer
	pgbench  string
	binary   string
	dsn      string
	variants []ref.VariantID
}

// prepare makes the schema, the function of the baseline and a catalogue.
func (b *bench) prepare() {
	ctx := b.t.Context()
	m, err := postgres.NewMigrator(ctx, b.dsn)
	b.must(err)
	_, err = m.Up(ctx)
	b.must(err)
	b.must(m.Close())
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
		"-T", strconv.Itoa(int(duration.Seconds())), "-f", file, b.dsn)
	start := time.Now()
	// The processes of the connections end with pgbench, so their time is read from the postmaster, who waits for them.
	out, err := cmd.CombinedOutput()
	elapsed := time.Since(start)
	if err != nil {
		b.t.Fatalf("pgbench: %v\n%s", err, out)
	}
	r := run{orders: b.count(), seconds: elapsed.Seconds(), cpu: cpuOf(b.postgres.PIDs(b.t)) - before}
	if m := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out); m != nil {
		tps, err := strconv.ParseFloat(string(m[1]), 64)
		b.must(err)
		r.seconds = float64(r.orders) / tps
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
func (b *bench) shop(hot bool) run {
	ids := b.renew(hot)
	base, pid, stop := b.serve()
	defer stop()
	var next, done, failed atomic.Int64
	var wg sync.WaitGroup
	client := &fasthttp.Client{MaxConnsPerHost: clients, ReadTimeout: 30 * time.Second}
	body := []byte(`{"email":"buyer@example.com","payment":{"provider":"manual"},"shipping_address":{"name":"Buyer","line1":"1 Quay Street","city":"Ipswich","postal_code":"IP4 1BZ","country":"GB"}}`)
	b.warm(client, base, ids[:200], body)
	next.Store(200)
	pids := append(b.postgres.PIDs(b.t), pid)
	before, busy, mine := cpuOf(pids), machineCPU(b.t), childCPU(b.t)
	start := time.Now()
	for range clients {
		wg.Go(func() {
			for time.Since(start) < duration {
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
	r := run{orders: int(done.Load()), seconds: elapsed.Seconds(), cpu: cpuOf(append(b.postgres.PIDs(b.t), pid)) - before}
	r.others = (machineCPU(b.t) - busy - r.cpu - (childCPU(b.t) - mine)).Seconds() / elapsed.Seconds()
	if n := failed.Load(); n > 0 {
		b.t.Errorf("%d checkouts failed", n)
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

// serve starts the server on the database.
func (b *bench) serve() (base string, pid int, stop func()) {
	cmd := exec.CommandContext(b.t.Context(), b.binary, "serve", "--listen", "127.0.0.1:0", "--database-url", b.dsn, "--log-level", "error", "--drain", "0s")
	out, err := cmd.StdoutPipe()
	b.must(err)
	cmd.Stderr = os.Stderr
	b.must(cmd.Start())
	buffer := make([]byte, 4096)
	var text strings.Builder
	for !strings.Contains(text.String(), "/docs") {
		n, err := out.Read(buffer)
		b.must(err)
		text.Write(buffer[:n])
	}
	m := regexp.MustCompile(`http://[0-9.:]+`).FindString(text.String())
	return m, cmd.Process.Pid, func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
}

func (b *bench) count() int {
	conn := b.connect()
	defer func() { _ = conn.Close(context.WithoutCancel(b.t.Context())) }()
	var n int
	b.must(conn.QueryRow(b.t.Context(), "SELECT count(*) FROM commerce.orders").Scan(&n))
	return n
}

func (b *bench) exec(sql string) {
	conn := b.connect()
	defer func() { _ = conn.Close(context.WithoutCancel(b.t.Context())) }()
	_, err := conn.Exec(b.t.Context(), sql)
	b.must(err)
}

func (b *bench) connect() *pgx.Conn {
	conn, err := pgx.Connect(b.t.Context(), b.dsn)
	b.must(err)
	return conn
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}
