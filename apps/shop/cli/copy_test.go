package cli_test

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// inFile is a shop of two products in a file.
func inFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shop.db")
	code, _, err := run(t, nil, "import", "products", "--sqlite-file", file, products(t, "Handle,Title,Variant Price,Variant SKU\nmug,Mug,1.00,MUG\njug,Jug,2.00,JUG\n"))
	if code != cli.ExitDone {
		t.Fatalf("%d %s", code, err)
	}
	return file
}

func TestCopyOfAFile(t *testing.T) {
	t.Parallel()
	file := inFile(t)
	other := filepath.Join(t.TempDir(), "other.db")
	code, out, err := run(t, nil, "copy", "--from", "sqlite:"+file, "--to", "sqlite:"+other)
	if code != cli.ExitDone || err != "" {
		t.Fatalf("%d %s%s", code, out, err)
	}
	for _, want := range []string{
		"         2 products\n", "         0 orders\n", "sqlite:" + file + " is now in sqlite:" + other + " too: ", "both export the same: 2 products, ", "nothing found\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	code, out, err = run(t, map[string]string{"SHOP_FROM": "sqlite:" + other, "SHOP_TO": "sqlite:" + filepath.Join(t.TempDir(), "third.db")}, "copy", "--format", "json")
	var report struct {
		From, To string
		Tables   []struct {
			Name, Digest string
			Rows         int64
		}
		Rows   int64
		Doctor struct{ Count int64 }
		Export struct{ From, To map[string]any }
	}
	if e := json.Unmarshal([]byte(out), &report); e != nil || code != cli.ExitDone || err != "" {
		t.Fatalf("%d %v %s%s", code, e, out, err)
	}
	sum := int64(0)
	for _, table := range report.Tables {
		sum += table.Rows
	}
	if report.From != "sqlite:"+other || sum != report.Rows || sum < 10 || len(report.Tables) < 40 || report.Export.From["sha256"] == nil ||
		report.Export.From["sha256"] != report.Export.To["sha256"] {
		t.Errorf("%+v", report)
	}
}

// TestCopyRefuses looks at the codes, and that nothing is written or shown that should not be.
func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	file, full, folder := inFile(t), inFile(t), t.TempDir()
	link := filepath.Join(folder, "link.db")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	fresh := "sqlite:" + filepath.Join(folder, "new.db")
	secret := "postgres://u:hidden@h:port/d"
	tests := []struct {
		name, from, to string
		code           int
		want           string
	}{
		{"full", "sqlite:" + file, "sqlite:" + full, cli.ExitRefused, "the target is not empty: it has rows in products, "},
		{"itself", "sqlite:" + file, "sqlite:" + link, cli.ExitRefused, "source and target are the same shop; nothing was written"},
		{"itself that is not there", fresh, fresh, cli.ExitRefused, "are the same shop"},
		{"no source", fresh, "sqlite:" + filepath.Join(folder, "newer.db"), cli.ExitFailed, "the source: there is no shop in "},
		{"no folder", "sqlite:" + file, "sqlite:" + filepath.Join(folder, "none", "new.db"), cli.ExitFailed, "the target: "},
		{"database that is down", "sqlite:" + file, nowhere, cli.ExitFailed, "the target: postgres: cannot reach the database"},
		{"memory", "memory", fresh, cli.ExitUsage, "setting --from: a shop in memory ends with its program"},
		{"into memory", "sqlite:" + file, "memory", cli.ExitUsage, "setting --to: a shop in memory ends with its program"},
		{"address", secret, fresh, cli.ExitUsage, "setting --from: cannot be read; write postgres://"},
		{"plain file", file, fresh, cli.ExitUsage, "setting --from: sqlite:FILE or postgres://"},
		{"nothing", "", fresh, cli.ExitUsage, "setting --from: sqlite:FILE or postgres://"},
		{"folder", "sqlite:" + file, "sqlite:" + folder + "/", cli.ExitUsage, "setting --to: sqlite: goes before the name of a file"},
		{"slashes", "sqlite://shop.db", fresh, cli.ExitUsage, "setting --from: sqlite: goes before the name of a file"},
	}
	before, err := os.ReadFile(full) //nolint:gosec // Our own file.
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		code, out, failure := run(t, nil, "copy", "--from", test.from, "--to", test.to)
		if code != test.code || out != "" || !strings.Contains(failure, test.want) || strings.Contains(failure, "hidden") || strings.Count(failure, "\n") != 1 {
			t.Errorf("%s: %d %s%s", test.name, code, out, failure)
		}
	}
	if after, err := os.ReadFile(full); err != nil || string(after) != string(before) { //nolint:gosec // Our own file.
		t.Errorf("a refused copy wrote, %v", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("refused copies left %v, %v", left, err)
	}
	for _, args := range [][]string{{"--format", "xml"}, {"--currency", "eur"}} {
		if code, _, failure := run(t, nil, append([]string{"copy", "--from", "sqlite:" + file, "--to", fresh}, args...)...); code != cli.ExitUsage || failure == "" {
			t.Errorf("%v: %d %s", args, code, failure)
		}
	}
}

// TestCopyIsInterrupted asks a copy to end while the database that it waits for is silent.
func TestCopyIsInterrupted(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It listens for as long as the test runs.
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	c := start(t, nil, "copy", "--from", "sqlite:"+inFile(t), "--to", "postgres://u@"+silent.Addr().String()+"/d?connect_timeout=60")
	conn, err := silent.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	c.signals <- os.Interrupt
	if code := c.wait(t); code != cli.ExitInterrupted || !strings.Contains(c.err.String(), "interrupted") {
		t.Errorf("%d %s", code, c.err)
	}
}
