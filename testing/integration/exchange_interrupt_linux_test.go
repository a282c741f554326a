package integration_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// interruptedProducts are enough that an import is under way for a while after its first batches.
const interruptedProducts = 1500

// terminal is a pair of ends of a pseudo terminal: what the shop writes to one a test reads from the other.
func terminal(t *testing.T) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatalf("a pseudo terminal: %v", err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatalf("a pseudo terminal: %v", err)
	}
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatalf("a pseudo terminal: %v", err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatalf("a pseudo terminal: %v", err)
	}
	t.Cleanup(func() { _ = tty.Close() })
	return screen, tty
}

// imports runs the shop's own binary on a file of products, with a terminal for its progress, and sends it a SIGINT when that
// says so. It gives the exit code and what the screen showed.
func imports(t *testing.T, db, file, when string) (code int, shown string) {
	t.Helper()
	path, err := shopBinary()
	if err != nil {
		t.Fatal(err)
	}
	screen, tty := terminal(t)
	cmd := exec.CommandContext(t.Context(), path, "import", "products", file, "--store", "sqlite", "--sqlite-file", db) //nolint:gosec // Our own binary.
	cmd.Dir, cmd.Env = t.TempDir(), withoutSettings(os.Environ())
	cmd.Stderr = tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = tty.Close() // The shop's is the last one, so that the screen ends with it.
	var all bytes.Buffer
	for part := make([]byte, 1024); ; {
		n, err := screen.Read(part)
		all.Write(part[:n])
		if when != "" && strings.Contains(all.String(), when) {
			when = ""
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
		if err != nil { // A terminal that nobody writes to any more fails to be read.
			if !errors.Is(err, io.EOF) && !errors.Is(err, syscall.EIO) {
				t.Fatal(err)
			}
			break
		}
	}
	err = cmd.Wait()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), all.String()
}

// TestImportEndsOnSIGINT interrupts the shop's binary while it writes products, as a person does: it exits with 130 and says
// how to go on, what was written is whole, and the second run ends with the shop of an import that nobody interrupted.
func TestImportEndsOnSIGINT(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, cut, whole := filepath.Join(dir, "in.jsonl"), shopFile(t).File, shopFile(t).File
	text, err := io.ReadAll(io.NewSectionReader(many(interruptedProducts, "Some words of what it is."), 0, 1<<30))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	code, shown := imports(t, cut, file, "writing:")
	if code != cli.ExitInterrupted || !strings.Contains(shown, "again") {
		t.Fatalf("interrupted after %s: exit %d and\n%s", time.Since(began), code, shown)
	}
	if listed := exportedFile(t, cut); strings.Count(listed, `"kind":"product"`) >= interruptedProducts {
		t.Error("the import had ended before it was interrupted")
	} else if n := strings.Count(listed, `"variants":[]`); n > 0 {
		t.Errorf("%d products have no variants", n)
	}
	if code, shown := imports(t, cut, file, ""); code != cli.ExitDone {
		t.Fatalf("run again: exit %d and\n%s", code, shown)
	}
	if code, shown := imports(t, whole, file, ""); code != cli.ExitDone {
		t.Fatalf("uninterrupted: exit %d and\n%s", code, shown)
	}
	if withoutIDs(exportedFile(t, cut)) != withoutIDs(exportedFile(t, whole)) {
		t.Error("the shop whose import was interrupted is another one")
	}
}
