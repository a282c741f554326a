package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

func TestExportProducts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "shop.csv")
	env := map[string]string{"SHOP_STORE": "memory"}
	code, out, _ := run(t, env, "export", "products", file)
	if code != cli.ExitDone || !strings.HasPrefix(out, file+" (csv): 42 products, ") {
		t.Errorf("%d %q", code, out)
	}
	text, err := os.ReadFile(file) //nolint:gosec // Our own file.
	if err != nil || !strings.HasPrefix(string(text), "kind,slug,title,") {
		t.Errorf("%v %.80s", err, text)
	}
	code, out, failure := run(t, env, "export", "products", "--as", "jsonl", "--format", "json")
	if code != cli.ExitDone || !strings.HasSuffix(out, `{"kind":"end","products":42}`+"\n") || !strings.Contains(failure, `"products":42`) {
		t.Errorf("%d %.80q %s", code, out, failure)
	}
	for _, as := range []string{"shopify", "woocommerce"} {
		code, out, failure := run(t, env, "export", "products", "--as", as)
		if code != cli.ExitDone || !strings.Contains(out, ",Tags,") || !strings.Contains(failure, "left behind, the form has no place for it: ") {
			t.Errorf("%s: %d %.80q %s", as, code, out, failure)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("in the folder are %v, %v", left, err)
	}
	for args, want := range map[string]string{
		"--as excel x.csv": "shopify, woocommerce, csv and jsonl", "/nowhere/x.csv": "/nowhere/x.csv cannot be written",
		folder: "it is a directory",
	} {
		code, _, failure := run(t, env, append([]string{"export", "products"}, strings.Fields(args)...)...)
		if code != cli.ExitUsage || !strings.Contains(failure, want) {
			t.Errorf("%s: %d %s", args, code, failure)
		}
	}
}

func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	now := time.Unix(0, 0)
	show, end := cli.Progress(&out, 4<<20, func() time.Time { return now })
	show("reading", 500, 1<<20, 0)
	show("reading", 600, 2<<20, 0) // Too soon.
	now = now.Add(time.Second)
	show("writing", 1000, 3<<20, 7)
	end()
	end()
	want := "\r\x1b[Kreading: 500 rows · 25 % of 4.0 MiB · 0 s\r\x1b[Kwriting: 1000 rows · 75 % of 4.0 MiB · 7 products · 1 s\r\x1b[K"
	if out.String() != want {
		t.Errorf("the terminal shows %q, want %q", out.String(), want)
	}
}
