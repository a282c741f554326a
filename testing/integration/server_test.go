package integration_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// shopStart bounds the start of a shop, its catalogue included; shopEnd its end, nothing being in flight.
const (
	shopStart = time.Minute
	shopEnd   = 20 * time.Second
)

// adminKey is the API key with every scope that each shop of these tests starts with.
const adminKey = "key-of-the-tests-that-may-everything"

// ownerEmail is the address of the owner of shops that are started with one, whose password is goodPassword.
const ownerEmail = "owner@example.org"

// process is a shop's server process, which a test may kill.
type process struct {
	base string // http://HOST:PORT
	cmd  *exec.Cmd
	log  *shopLog
	ends sync.Once
}

// startShop runs `shop serve` with the arguments on a free port, with no setting of the environment but adminKey, and returns when
// it listens. It is stopped with the test, and must end well then, unless the test killed it.
func startShop(t *testing.T, args ...string) *process {
	t.Helper()
	path, err := shopBinary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(anew(t), path, append([]string{"serve", "--listen", "127.0.0.1:0", "--drain", "0s"}, args...)...)
	cmd.Dir, cmd.Env = t.TempDir(), append(withoutSettings(os.Environ()), "SHOP_ADMIN_API_KEY="+adminKey)
	logs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, log: followLog(logs)}
	t.Cleanup(func() { p.stop(t) })
	timer := time.NewTimer(shopStart)
	defer timer.Stop()
	select {
	case address := <-p.log.listening:
		p.base = "http://" + address
		return p
	case <-p.log.ended:
	case <-timer.C:
	}
	t.Fatalf("the shop did not come to listen; its log ends:\n%s", p.log.tail())
	return nil
}

// kill ends the process at once, as the machine's failure would.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.ends.Do(func() {
		if err := p.cmd.Process.Kill(); err != nil {
			t.Errorf("killing the shop: %v", err)
		}
		<-p.log.ended
		_ = p.cmd.Wait() // Killed, it ended badly.
	})
}

// stop asks the process to end, and demands that it does so well, and that every line that it logged was sound.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.ends.Do(func() {
		late := time.AfterFunc(shopEnd, func() { _ = p.cmd.Process.Kill() })
		defer late.Stop()
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // It may have ended on its own; Wait tells.
		<-p.log.ended
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("the shop ended with %v; its log ends:\n%s", err, p.log.tail())
		}
		for _, flaw := range p.log.flaws {
			t.Errorf("a line of the log %s", flaw)
		}
	})
}

// withoutSettings leaves out what a shop reads of its environment.
func withoutSettings(environment []string) []string {
	var out []string
	for _, setting := range environment {
		name, _, _ := strings.Cut(setting, "=")
		if !strings.HasPrefix(name, "SHOP_") && !strings.HasPrefix(name, "OTEL_") && name != "DATABASE_URL" && name != "PORT" {
			out = append(out, setting)
		}
	}
	return out
}

// shopLog is what a shop logged.
type shopLog struct {
	listening chan string   // Takes the address, once.
	ended     chan struct{} // Closed with the log.

	mu       sync.Mutex
	last     []string
	requests int      // How many lines tell of a request.
	flaws    []string // What is wrong with lines, the first of them.
}

// followLog reads a log until it ends.
func followLog(from io.Reader) *shopLog {
	log := &shopLog{listening: make(chan string, 1), ended: make(chan struct{})}
	go func() {
		defer close(log.ended)
		lines := bufio.NewReader(from)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			log.note(line)
		}
	}()
	return log
}

// logKept is how many lines of a log a failure shows.
const logKept = 20

func (l *shopLog) note(line string) {
	var entry struct{ Msg, Address string }
	if strings.Contains(line, `"listening"`) && json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "listening" {
		select {
		case l.listening <- entry.Address:
		default:
		}
	}
	flaw := flawOfLine(line)
	l.mu.Lock()
	defer l.mu.Unlock()
	if flaw != "" && len(l.flaws) < logKept {
		l.flaws = append(l.flaws, fmt.Sprintf("%s: %q", flaw, line))
	}
	if strings.Contains(line, `"msg":"request",`) {
		l.requests++
	}
	if l.last = append(l.last, line); len(l.last) > logKept {
		l.last = l.last[1:]
	}
}

func (l *shopLog) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.last, "")
}
