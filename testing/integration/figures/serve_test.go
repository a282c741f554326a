package figures_test

import (
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// adminKey is the API key that measured shops start with.
const adminKey = "key-of-the-figures-that-may-everything"

// serve starts the shop and gives where it listens; stop ends it.
func (b *bench) serve(args ...string) (base string, pid int, stop func()) {
	cmd := exec.CommandContext(b.t.Context(), b.binary, append([]string{"serve", "--listen", "127.0.0.1:0", "--log-level", "error", "--drain", "0s"}, args...)...)
	cmd.Env = append(os.Environ(), "SHOP_ADMIN_API_KEY="+adminKey)
	return b.started(cmd)
}

// bare starts a Fiber handler that answers with the bytes.
func (b *bench) bare(body []byte) (base string, pid int, stop func()) {
	name := b.t.TempDir() + "/body.json"
	b.must(os.WriteFile(name, body, 0o600))
	self, err := os.Executable()
	b.must(err)
	cmd := exec.CommandContext(b.t.Context(), self)
	cmd.Env = append(os.Environ(), bareVariable+"="+name)
	return b.started(cmd)
}

// started starts a server that prints its address, and something of its documents, once it listens.
func (b *bench) started(cmd *exec.Cmd) (base string, pid int, stop func()) {
	out, err := cmd.StdoutPipe()
	b.must(err)
	cmd.Stderr = os.Stderr
	b.must(cmd.Start())
	buffer := make([]byte, 4096)
	var text strings.Builder
	for !strings.Contains(text.String(), "/docs") {
		n, err := out.Read(buffer)
		b.must(err)
		text.Write(buffer[:n])
	}
	return regexp.MustCompile(`http://[0-9.:]+`).FindString(text.String()), cmd.Process.Pid, func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
}

// get asks a server for the addresses in turn, by so many clients for a while.
func (b *bench) get(pid int, callers int, addresses ...string) run {
	client := &fasthttp.Client{MaxConnsPerHost: callers, ReadTimeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	b.ask(client, addresses[0])
	b.forget()
	pids := append(b.postgres.PIDs(b.t), pid)
	before, busy, mine, server := cpuOf(pids), machineCPU(b.t), childCPU(b.t), cpuOf([]int{pid})
	var next, done, failed atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range callers {
		all.Go(func() {
			for time.Since(start) < b.duration {
				if status := b.ask(client, addresses[int(next.Add(1))%len(addresses)]); status == http.StatusOK {
					done.Add(1)
				} else {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	elapsed := time.Since(start)
	r := run{ops: int(done.Load()), seconds: elapsed.Seconds(), cpu: cpuOf(append(b.postgres.PIDs(b.t), pid)) - before, server: cpuOf([]int{pid}) - server}
	r.others = (machineCPU(b.t) - busy - r.cpu - (childCPU(b.t) - mine)).Seconds() / elapsed.Seconds()
	b.tell(r.ops)
	if n := failed.Load(); n > 0 {
		b.t.Errorf("%d of %s failed", n, addresses[0])
	}
	return r
}

// ask reads an address and gives its status, 0 for no answer.
func (b *bench) ask(client *fasthttp.Client, address string) int {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(address)
	if err := client.Do(req, resp); err != nil {
		return 0
	}
	return resp.StatusCode()
}

// body reads an address once.
func (b *bench) body(address string) []byte {
	_, out, err := fasthttp.Get(nil, address)
	b.must(err)
	return out
}
