package containers_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/testing/containers"
)

const envHold = "CONTAINERS_TEST_HOLD" // Makes TestServerAnswers tell what it holds and wait for the end of its input.

// held is what a child process has when it is killed.
type held struct {
	DSN      string
	PIDs     []int
	Folder   string
	Segments []string // Of shared memory, by id.
}

// TestServerAnswers is also what child processes run.
func TestServerAnswers(t *testing.T) {
	t.Parallel()
	var server *containers.PostgresServer
	hold := os.Getenv(envHold)
	if hold == "suspended" {
		server = containers.NewPostgres(t)
	} else {
		server = containers.Postgres(t)
	}
	h := inspect(t, server)
	if n := value[int](t, h.DSN, `SELECT count(*)::int FROM thing`); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	if hold == "" {
		return
	}
	if hold == "suspended" {
		server.Suspend(t)
	}
	line, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("\nHOLD %s\n", line)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		t.Fatal(err)
	}
}

// inspect makes a database and tells what the server consists of.
func inspect(t *testing.T, server *containers.PostgresServer) held {
	t.Helper()
	h := held{DSN: server.Template(t, "thing", prepare).Clone(t)}
	if server.Source() == containers.SourceLocal {
		h.PIDs = server.PIDs(t)
		h.Segments = segments(t, h.PIDs[0])
		h.Folder = filepath.Dir(value[string](t, h.DSN, `SHOW data_directory`))
	}
	return h
}

// child is this test binary, to run the named test in an environment of its own.
func child(t *testing.T, test string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.count=1")
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, envHold+"=") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// passes runs the named test in a child that has to pass.
func passes(t *testing.T, test string, env ...string) {
	t.Helper()
	if out, err := child(t, test, env...).CombinedOutput(); err != nil {
		t.Fatalf("%s with %v: %v\n%s", test, env, err, out)
	}
}

// holding runs a child until it holds a server. The child lives until kill, which sends it SIGKILL, or the end of the test.
func holding(t *testing.T, env ...string) (h held, kill func()) {
	t.Helper()
	cmd := child(t, "TestServerAnswers", env...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe() // Kept open: its end would let the child go.
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Errorf("kill the child: %v", err)
		}
		_ = cmd.Wait()    // It says that the child was killed.
		_ = stdin.Close() // Wait may have closed it.
	})
	t.Cleanup(kill)
	if h, err = readHeld(stdout); err != nil {
		t.Fatal(err)
	}
	return h, kill
}

func readHeld(output io.Reader) (held, error) {
	var h held
	var seen strings.Builder
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if text, found := strings.CutPrefix(lines.Text(), "HOLD "); found {
			return h, json.Unmarshal([]byte(text), &h)
		}
		fmt.Fprintln(&seen, lines.Text())
	}
	return h, errors.New("the child ended without holding a server:\n" + seen.String())
}
