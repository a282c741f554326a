package integration_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// TestImportOrdersOfTwoFiles: what a second file has of an invoice that the first began meets the rows of the first. It is
// not kept, and whoever imports it is told; both as one file bring what is missing.
func TestImportOrdersOfTwoFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	const head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
	rows := []string{
		"536365,A,,1,2010-12-31 23:59,1.00,,\n", "536365,B,,1,2010-12-31 23:59,2.00,,\n", "536365,C,,1,2010-12-31 23:59,4.00,,\n",
		"536365,D,,1,2011-01-01 00:00,8.00,,\n", "536365,B,,1,2010-12-31 23:59,2.00,,\n", "536366,E,,1,2011-01-01 00:01,16.00,,\n",
	}
	file := func(name string, rows []string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(head+strings.Join(rows, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	kept := " --store sqlite --sqlite-file " + filepath.Join(folder, "shop.db")
	for _, step := range []struct {
		path, stored string // What is stored then.
		differing    bool
	}{
		{file("2010.csv", rows[:3]), "7.00", false},
		{file("2011.csv", rows[3:]), "23.00", true}, // D meets A; the second B meets the first and says the same.
		{file("both.csv", rows), "33.00", false},
		{file("both.csv", rows), "33.00", false},
	} {
		code, out, failure := shopCommand(t, "", importArgs(step.path, kept))
		if told := strings.Contains(failure, "were not kept"); code != cli.ExitDone || told != step.differing || strings.Contains(out, "\"differing\": 0") == step.differing {
			t.Errorf("%s: exit %d, told %v\n%s\n%s", filepath.Base(step.path), code, told, out, failure)
		}
		_, out, _ = shopCommand(t, "", "report orders --source old --format json"+kept)
		if r, _ := reported(t, out); r.Stored != step.stored || r.Sum != step.stored {
			t.Errorf("%s: %s is stored, want %s", filepath.Base(step.path), r.Stored, step.stored)
		}
	}
}
