package integration_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
	"github.com/ipswich-retail/commerce/testing/containers"
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
		mixed  bool
		within time.Duration
	}{{40_000, false, 10 * time.Second}, {500_000, false, 2 * time.Minute}, {500_000, true, 2 * time.Minute}} {
		dsn, l := database(t), ledgerOf(11, c.rows)
		if c.mixed {
			rand.New(rand.NewPCG(11, 1)).Shuffle(len(l.rows), func(i, j int) { l.rows[i], l.rows[j] = l.rows[j], l.rows[i] }) //nolint:gosec // It is to be the same each time.
		}
		path, stored := ordersFile(t, l), l.wanted.withoutRejected(t)
		wanted := l.wanted
		for _, present := range []int64{0, stored.Rows} {
			var out strings.Builder
			cmd := exec.CommandContext(t.Context(), program, strings.Fields(importArgs(path, ""))...)
			cmd.Dir, cmd.Env, cmd.Stdout = t.TempDir(), append(withoutSettings(os.Environ()), "DATABASE_URL="+dsn, "SHOP_LOG_LEVEL=error"), &out
			began, before := time.Now(), databaseProcessor(t)
			err := cmd.Run()
			took, theirs := time.Since(began), databaseProcessor(t)-before
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
			t.Logf("%d rows, mixed up: %v, %d of them there: %.1f s (%.0f rows a second), %.1f s of own CPU and %.1f s of PostgreSQL's, %d MiB at most%s",
				wanted.Rows, c.mixed, present, took.Seconds(), float64(wanted.Rows)/took.Seconds(),
				(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), theirs.Seconds(), usage.Maxrss>>10, mark)
			if usage.Maxrss > memoryMost {
				t.Errorf("%d rows took %d KiB of memory, want at most %d", c.rows, usage.Maxrss, int64(memoryMost))
			}
		}
		wantOrders(t, dsn, "report orders --source old --format json", cli.ExitDone, stored, stored.Rows)
		soundOrders(t, dsn)
	}
}

// databaseProcessor is what the processes of the server that all tests share took of the processor by now; 0 where it is
// on another machine.
func databaseProcessor(t *testing.T) (sum time.Duration) {
	t.Helper()
	server := containers.Postgres(t)
	if server.Source() != containers.SourceLocal {
		return 0
	}
	const tick = 10 * time.Millisecond // The unit of times in /proc on every Linux that Go runs on.
	for i, pid := range server.PIDs(t) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // It has ended.
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // In front of it is a name, which may hold anything.
		used := fields[11:13]
		if i == 0 {
			used = fields[11:15] // With those of children that have ended.
		}
		for _, text := range used {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += time.Duration(n) * tick
		}
	}
	return sum
}
