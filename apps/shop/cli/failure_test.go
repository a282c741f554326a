package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// nowhere is a database that refuses at once: nothing listens on port 1.
const nowhere = "postgres://nobody:secret@127.0.0.1:1/shop"

func TestDatabaseThatIsDownIsOneLine(t *testing.T) {
	t.Parallel()
	file := products(t, "Handle,Title,Variant Price\nmug,Mug,1.00\n")
	for _, args := range []string{"serve", "serve --migrate", "migrate up", "migrate status", "migrate verify", "migrate down --yes", "import products " + file} {
		code, out, err := run(t, map[string]string{"DATABASE_URL": nowhere}, strings.Fields(args)...)
		if code != cli.ExitFailed || out != "" {
			t.Errorf("%s: %d %q", args, code, out)
		}
		if strings.Count(err, "\n") != 1 || !strings.HasPrefix(err, "shop: ") || !strings.Contains(err, "cannot reach the database") || strings.Contains(err, "secret") {
			t.Errorf("%s: %s", args, err)
		}
	}
}

// products writes a file of products.
func products(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "products.csv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// broken has two faults, on lines 3 and 4.
const broken = "Handle,Title,Variant Price\nmug,Mug,1.00\nbowl,Bowl,cheap\njug,,2.00\n"

func TestBrokenImportIsRefused(t *testing.T) {
	t.Parallel()
	file, report := products(t, broken), filepath.Join(t.TempDir(), "report.json")
	env := map[string]string{"DATABASE_URL": nowhere} // A broken file does not get as far as the database.
	code, out, err := run(t, env, "import", "products", file, "--report", report)
	if code != cli.ExitRefused || strings.Count(err, "\n") != 1 || !strings.Contains(err, "nothing was written, for 2 reasons; the first: line 3") {
		t.Errorf("%d %s", code, err)
	}
	for _, want := range []string{file + ": refused, nothing was written\n", `line 3, column "Variant Price": `, `line 4, column "Title": `, "bad_price", "missing_title"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	kept, e := os.ReadFile(report) //nolint:gosec // Our own file.
	if e != nil {
		t.Fatal(e)
	}
	code, out, _ = run(t, env, "import", "products", file, "--format", "json")
	for _, text := range []string{out, string(kept)} {
		var r struct {
			Rejected []struct {
				Line                 int
				Column, Code, Reason string
			}
			Count    int `json:"rejected_count"`
			Warnings []string
		}
		if e := json.Unmarshal([]byte(text), &r); e != nil || code != cli.ExitRefused {
			t.Fatalf("%d %v %s", code, e, text)
		}
		if len(r.Rejected) != 2 || r.Count != 2 || r.Rejected[0].Line != 3 || r.Rejected[0].Column != "Variant Price" || r.Rejected[0].Code != "bad_price" ||
			r.Rejected[0].Reason == "" || r.Warnings == nil {
			t.Errorf("%+v", r)
		}
	}
	code, out, err = run(t, env, "import", "products", "-")
	if code != cli.ExitRefused || !strings.Contains(out, "line 1: ") || !strings.Contains(err, "- is refused and nothing was written: line 1") {
		t.Errorf("%d %s %s", code, out, err)
	}
}

func TestListOfReasonsIsBounded(t *testing.T) {
	t.Parallel()
	text := "Handle,Title,Variant Price\n" + strings.Repeat(",Mug,1.00\n", 150)
	code, out, err := run(t, map[string]string{"DATABASE_URL": nowhere}, "import", "products", products(t, text))
	if code != cli.ExitRefused || strings.Count(out, "\n") != 102 || !strings.Contains(out, "and 50 more") || !strings.Contains(err, "150 reasons") {
		t.Errorf("%d %s %s", code, out, err)
	}
}

func TestBrokenSeedIsRefused(t *testing.T) {
	t.Parallel()
	code, out, err := run(t, nil, "--listen", "127.0.0.1:0", "--seed", products(t, broken))
	if code != cli.ExitRefused || out != "" {
		t.Errorf("%d %q", code, out)
	}
	for _, want := range []string{"line 3, column \"Variant Price\": ", "line 4, column \"Title\": ", "is refused and nothing was written"} {
		if !strings.Contains(err, want) {
			t.Errorf("no %q in %s", want, err)
		}
	}
}
