package containers_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/testing/containers"
)

func TestNothingIsLeftOfAServerThatEnded(t *testing.T) {
	t.Parallel()
	var h held
	t.Run("inner", func(t *testing.T) { //nolint:paralleltest // It has to end before the next line.
		h = inspect(t, containers.NewPostgres(t))
	})
	refused(t, h.DSN)
	gone(t, h)
}

func TestKilledProcessLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, hold := range []string{"running", "suspended"} {
		t.Run(hold, func(t *testing.T) {
			t.Parallel()
			h, kill := holding(t, envHold+"="+hold)
			kill()
			if hold == "running" {
				ended(t, h.PIDs) // By itself, before anybody looks.
			}
			passes(t, "TestServerAnswers")
			refused(t, h.DSN)
			gone(t, h)
		})
	}
}

func TestKilledProcessLeavesNoDatabaseInAServerOfOthers(t *testing.T) {
	t.Parallel()
	server := containers.NewPostgres(t)
	env := []string{"COMMERCE_TEST_POSTGRES=dsn", "COMMERCE_TEST_DSN=" + server.DSN()}
	const count = `SELECT count(*)::int FROM pg_database WHERE datname LIKE 'commerce_test_%'`

	passes(t, "TestServerAnswers", env...)
	if n := value[int](t, server.DSN(), count); n != 0 {
		t.Errorf("%d databases after a process that ended well", n)
	}
	h, kill := holding(t, append(env, envHold+"=running")...)
	passes(t, "TestServerAnswers", env...)
	if n := value[int](t, h.DSN, count); n != 2 {
		t.Fatalf("a living process has %d databases, want its template and clone", n)
	}
	kill()
	passes(t, "TestServerAnswers", env...)
	if n := value[int](t, server.DSN(), count); n != 0 {
		t.Errorf("%d databases after the process that followed a killed one", n)
	}
}

func gone(t *testing.T, h held) {
	t.Helper()
	ended(t, h.PIDs)
	if h.Folder == "" {
		return
	}
	for _, id := range h.Segments {
		if present(t, id) {
			t.Errorf("shared memory segment %s is still there", id)
		}
	}
	if _, err := os.Stat(h.Folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("folder %s is still there: %v", h.Folder, err)
	}
}

// ended waits for what is on its way: the end of a killed process is followed by that of its server.
func ended(t *testing.T, pids []int) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for _, pid := range pids {
		for running(pid) {
			select {
			case <-deadline:
				t.Fatalf("process %d of %v still runs", pid, pids)
			case <-ticker.C:
			}
		}
	}
}

func running(pid int) bool {
	if runtime.GOOS == "linux" {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err == nil && !strings.Contains(string(stat), ") Z ")
	}
	process, err := os.FindProcess(pid)
	return err == nil && process.Signal(syscall.Signal(0)) == nil
}

// present asks Linux for the System V segment; its id is the second column.
func present(t *testing.T, id string) bool {
	t.Helper()
	text, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(strings.Split(string(text), "\n"), func(line string) bool {
		fields := strings.Fields(line)
		return len(fields) > 1 && fields[1] == id
	})
}

// segments returns the ids of a process's System V segments where the system shows them. Other shared memory lies in the
// data folder.
func segments(t *testing.T, pid int) []string {
	t.Helper()
	if runtime.GOOS != "linux" {
		return nil
	}
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range strings.Lines(string(maps)) {
		fields := strings.Fields(line)
		if len(fields) < 6 {
			continue
		}
		if strings.HasPrefix(fields[5], "/dev/shm/") {
			t.Errorf("shared memory outside the data folder: %s", fields[5])
		}
		if strings.HasPrefix(fields[5], "/SYSV") {
			ids = append(ids, fields[4])
		}
	}
	if len(ids) == 0 {
		t.Fatalf("a server without a segment proves nothing:\n%s", maps)
	}
	return ids
}
