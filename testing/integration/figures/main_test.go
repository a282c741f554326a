package figures_test

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/ipswich-retail/commerce/testing/containers"
)

// The variables that steer a run.
const (
	wantedVariable  = "COMMERCE_FIGURES"         // 1 for all, or names of figures with commas between.
	secondsVariable = "COMMERCE_FIGURES_SECONDS" // Of one measurement.
	roundsVariable  = "COMMERCE_FIGURES_ROUNDS"  // Of A, B, B, A.
	outVariable     = "COMMERCE_FIGURES_OUT"     // The file for the report.
	tellVariable    = "COMMERCE_FIGURES_TELL"    // Anything: print the statements that took PostgreSQL longest, of each run.
	bareVariable    = "COMMERCE_FIGURES_BARE"    // Makes the test's program the bare server of this file's bytes.
)

func TestMain(m *testing.M) {
	if body := os.Getenv(bareVariable); body != "" {
		os.Exit(serveBare(body))
	}
	os.Exit(containers.Main(m))
}

// serveBare answers everything with the bytes of a file, by a Fiber handler that does nothing else.
func serveBare(name string) int {
	body, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/*", func(c *fiber.Ctx) error {
		c.Response().Header.SetContentType("application/json")
		c.Response().SetBodyRaw(body)
		return nil
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It lives as long as the process.
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Printf("http://%s /docs\n", listener.Addr())
	if err := app.Listener(listener); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// figures are all that can be measured, by the name that COMMERCE_FIGURES takes.
var figures = []struct {
	name    string
	measure func(b *bench)
}{
	{"machine", machine},
	{"start", coldStart},
	{"memory", memory},
	{"list", lists},
	{"flow", flow},
	{"checkout", func(b *bench) { checkoutPair(b, false) }},
	{"checkout-file", checkoutFile},
	{"checkout-hot", func(b *bench) { checkoutPair(b, true) }},
	{"grouped", grouped},
	{"depth", depth},
	{"month", month},
	{"imports", imports},
}

// TestFigures measures what is asked for, prints a table and writes the report.
func TestFigures(t *testing.T) {
	wanted := os.Getenv(wantedVariable)
	if wanted == "" {
		t.Log(wantedVariable + " is not set: make figures measures")
		return
	}
	binary := build(t)
	settings := []containers.Option{
		containers.Setting("max_connections", "200"), containers.Setting("shared_buffers", "1GB"),
		containers.Setting("max_wal_size", "8GB"), containers.Setting("checkpoint_timeout", "1h"),
	}
	if os.Getenv(tellVariable) != "" {
		settings = append(settings, containers.Setting("shared_preload_libraries", "pg_stat_statements"))
	}
	server := containers.NewPostgres(t, settings...)
	b := &bench{
		t: t, postgres: server, pgbench: pgbenchPath(t), binary: binary, dsn: server.Database(t), report: newReport(t),
		duration: time.Duration(setting(t, secondsVariable, 6)) * time.Second, rounds: setting(t, roundsVariable, 3),
	}
	b.prepare()
	for _, f := range figures {
		if wanted == "1" || slices.Contains(strings.Split(wanted, ","), f.name) {
			start := time.Now()
			f.measure(b)
			t.Logf("%s took %s", f.name, time.Since(start).Round(time.Second))
			b.write() // What comes next may fail.
		}
	}
	b.report.print(os.Stdout)
}

// build builds the shop.
func build(t *testing.T, flags ...string) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), "shop")
	args := append(append([]string{"build", "-o", binary}, flags...), "github.com/ipswich-retail/commerce/apps/shop")
	if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// write writes the report, as far as it is.
func (b *bench) write() {
	if name := os.Getenv(outVariable); name != "" {
		text, err := json.MarshalIndent(b.report, "", " ")
		b.must(err)
		b.must(os.WriteFile(name, append(text, '\n'), 0o644)) //nolint:gosec // It is for everybody to read.
	}
}

func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is a whole number from 1 on", name)
	}
	return n
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
