package cli_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// patience is how long a test waits for what comes within milliseconds on a machine that is not overloaded.
const patience = time.Minute

// output is a writer for several goroutines, which tells when it was written to.
type output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	wrote chan struct{}
}

func newOutput() *output { return &output{wrote: make(chan struct{}, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.wrote <- struct{}{}:
	default:
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// wait waits until the text was written.
func (o *output) wait(t *testing.T, text string) {
	t.Helper()
	limit, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !strings.Contains(o.String(), text) {
		select {
		case <-o.wrote:
		case <-limit.Done():
			t.Fatalf("no %q in %q", text, o)
		}
	}
}

// command is a command line under way.
type command struct {
	out, err *output
	signals  chan os.Signal
	code     chan int
}

// start runs a command line with nothing but these variables in its environment.
func start(t *testing.T, env map[string]string, args ...string) *command {
	t.Helper()
	c := &command{out: newOutput(), err: newOutput(), signals: make(chan os.Signal, 2), code: make(chan int, 1)}
	go func() {
		c.code <- cli.Run(args, cli.Process{
			Stdin: strings.NewReader(""), Stdout: c.out, Stderr: c.err, Getenv: func(name string) string { return env[name] }, Environ: func() []string { return environ(env) },
			Signals: func() (<-chan os.Signal, func()) { return c.signals, func() {} },
		})
	}()
	return c
}

// wait gives the exit code.
func (c *command) wait(t *testing.T) int {
	t.Helper()
	select {
	case code := <-c.code:
		return code
	case <-time.After(patience):
		t.Fatalf("still running: %s", c.err)
		return -1
	}
}

// serve starts a shop, in memory unless something else is asked for, and gives its address once it is open.
func serve(t *testing.T, env map[string]string, args ...string) (*command, string) {
	t.Helper()
	if !slices.Contains(args, "--store") && env["SHOP_STORE"] == "" {
		args = append(args, "--store", "memory")
	}
	c := start(t, env, args...)
	select {
	case code := <-c.code:
		t.Fatalf("ended with %d: %s", code, c.err)
	case <-c.out.wrote: // The welcome is written at once.
	case <-time.After(patience):
		t.Fatalf("not open: %s", c.err)
	}
	t.Cleanup(func() {
		select {
		case c.signals <- syscall.SIGTERM:
		default:
		}
	})
	_, rest, _ := strings.Cut(c.out.String(), "Products ")
	address, _, found := strings.Cut(rest, "/api/v1/products")
	if !found {
		t.Fatalf("no address in %q", c.out)
	}
	return c, address
}

// run runs a command line to its end.
func run(t *testing.T, env map[string]string, args ...string) (code int, out, err string) {
	t.Helper()
	c := start(t, env, args...)
	code = c.wait(t)
	return code, c.out.String(), c.err.String()
}

// environ is an environment as a process has it.
func environ(env map[string]string) []string {
	var out []string
	for name, value := range env {
		out = append(out, name+"="+value)
	}
	return out
}
