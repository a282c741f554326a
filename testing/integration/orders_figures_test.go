package integration_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// memoryMost is the most memory that an import may take, whatever the size of its file.
const memoryMost = 200 << 10 // KiB.

// TestFiguresOfOrders prints how long imports of orders take and how much memory: what is promised on a quiet machine of
// two cores is 40,000 rows in 10 seconds, 500,000 in 2 minutes, and less than 200 MB.
func TestFiguresOfOrders(t *testing.T) {
	if os.Getenv("COMMERCE_FIGURES") == "" {
		t.Log("COMMERCE_FIGURES is not set: make figures measures")
		return
	}
	program, err := shopBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rows   int
		within time.Duration
	}{{40_000, 10 * time.Second}, {500_000, 2 * time.Minute}} {
		dsn, l := database(t), ledgerOf(11, c.rows)
		path, stored := ordersFile(t, l), l.wanted.withoutRejected(t)
		wanted := l.wanted
		for _, present := range []int64{0, stored.Rows} {
			var out strings.Builder
			cmd := exec.CommandContext(t.Context(), program, strings.Fields(importArgs(path, ""))...)
			cmd.Dir, cmd.Env, cmd.Stdout = t.TempDir(), append(withoutSettings(os.Environ()), "DATABASE_URL="+dsn, "SHOP_LOG_LEVEL=error"), &out
			began := time.Now()
			err := cmd.Run()
			took := time.Since(began)
			if code := cmd.ProcessState.ExitCode(); code != cli.ExitFindings {
				t.Fatalf("exit %d, %v\n%s", code, err, out.String())
			}
			if got, had := reported(t, out.String()); got != wanted || had != present {
				t.Errorf("%d rows: %d were there, want %d\ngot  %+v\nwant %+v", c.rows, had, present, got, wanted)
			}
			usage, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
			mark := ""
			if present == 0 && took > c.within {
				mark = ", which is longer than promised: was the machine quiet?"
			}
			t.Logf("%d rows, %d of them there: %.1f s (%.0f rows a second), %.1f s of own CPU, %d MiB at most%s", wanted.Rows, present,
				took.Seconds(), float64(wanted.Rows)/took.Seconds(), (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), usage.Maxrss>>10, mark)
			if usage.Maxrss > memoryMost {
				t.Errorf("%d rows took %d KiB of memory, want at most %d", c.rows, usage.Maxrss, int64(memoryMost))
			}
		}
		wantOrders(t, dsn, "report orders --source old --format json", cli.ExitDone, stored, stored.Rows)
		soundOrders(t, dsn)
	}
}
