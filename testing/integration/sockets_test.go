package integration_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

const (
	rawPost = "/api/v1/carts"
	rawGet  = "/health/live"
	rawTime = 20 * time.Second // Bounds an exchange of bytes.
)

// TestRawRequests sends the program what two readers may understand in two ways.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	address := strings.TrimPrefix(startShop(t, "--store", "memory").base, "http://")
	for _, raw := range shopapitest.RawRequests(rawPost, rawGet) {
		t.Run(raw.Name, func(t *testing.T) {
			t.Parallel()
			got := exchangeBytes(t, address, raw.Text)
			for _, one := range got {
				if id := one.header.Get("X-Request-Id"); id == shopapitest.SmuggledID || id == "" {
					t.Errorf("an answer to %q: %d %s", id, one.status, one.body)
				}
				if one.status >= http.StatusInternalServerError && one.status != http.StatusNotImplemented {
					t.Errorf("%d %s", one.status, one.body)
				}
			}
			switch {
			case raw.Refuse && (len(got) != 1 || got[0].status < http.StatusBadRequest):
				t.Errorf("%d answers, want one refusal: %+v", len(got), got)
			case !raw.Refuse && len(got) != raw.Answers:
				t.Errorf("%d answers, want %d: %+v", len(got), raw.Answers, got)
			}
		})
	}
}

// TestRawRequestsBehindNginx sends the same through nginx, which keeps its connections to the shop: no request reaches
// the shop that nginx did not send, and whoever comes after gets the answer to the own request.
func TestRawRequestsBehindNginx(t *testing.T) {
	t.Parallel()
	shop := newHTTPShop(t)
	var mu sync.Mutex
	seen := make(map[string]int) // How many requests the shop saw, by their ids.
	inner := shop.App().Server().Handler
	shop.App().Server().Handler = func(c *fasthttp.RequestCtx) {
		mu.Lock()
		seen["all"]++
		seen[string(c.Request.Header.Peek("X-Request-Id"))]++
		mu.Unlock()
		inner(c)
	}
	proxy := startNginx(t, shop.listen(t))
	for i, raw := range shopapitest.RawRequests(rawPost, rawGet) {
		t.Run(raw.Name, func(t *testing.T) {
			exchangeBytes(t, proxy.address, raw.Text)
			for n := range 3 {
				id := fmt.Sprintf("victim-%d-%d", i, n)
				got := exchangeBytes(t, proxy.address, "GET "+rawGet+" HTTP/1.1\r\nHost: x\r\nX-Request-Id: "+id+"\r\n\r\n")
				if len(got) != 1 || got[0].status != http.StatusOK || got[0].header.Get("X-Request-Id") != id {
					t.Errorf("who came after got %+v", got)
				}
			}
			mu.Lock()
			all, smuggled := seen["all"], seen[shopapitest.SmuggledID]
			mu.Unlock()
			proxy.wantSent(t, all, "")
			proxy.wantSent(t, smuggled, shopapitest.SmuggledID)
		})
	}
}

// exchangeBytes writes bytes and gives the answers until the other end closes.
func exchangeBytes(t *testing.T, address, text string) []asked {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(rawTime)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, text) // Who refuses may close before all is written.
	if half, ok := conn.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	reader := bufio.NewReader(conn)
	var out []asked
	for {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return out
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode >= http.StatusOK {
			out = append(out, asked{response.StatusCode, response.Header, body})
		}
		if err != nil {
			return out
		}
	}
}

// nginx is a proxy in front of a shop.
type nginx struct {
	address string
	log     string // A line for each request: its id, its status, and the status that the shop gave, if it was asked.
}

// nginxConfig is what many shops have: HTTP/1.1 to the shop, over connections that are kept.
const nginxConfig = `daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/errors;
events { worker_connections 512; }
http {
	client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
	log_format counted '"$http_x_request_id" $status "$upstream_status"';
	access_log %[1]s/access counted;
	upstream shop { server %[2]s; keepalive 4; }
	server {
		listen %[3]s;
		location / {
			proxy_pass http://shop; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
			proxy_request_buffering off; proxy_next_upstream off; proxy_ignore_client_abort on;
		}
	}
}
`

// startNginx runs nginx on a free port in front of a shop, until the end of the test.
func startNginx(t *testing.T, shop string) *nginx {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		path = "/usr/sbin/nginx" // Where Debian keeps it, which the paths of many users leave out.
		if _, err := os.Stat(path); err != nil {
			t.Fatal("nginx is not installed, and the test of requests behind a proxy needs it: apt-get install nginx-light")
		}
	}
	folder := t.TempDir()
	n := &nginx{address: freeAddress(t), log: filepath.Join(folder, "access")}
	config := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, folder, shop, n.address), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(anew(t), path, "-p", folder, "-e", filepath.Join(folder, "errors"), "-c", config)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := <-ended; err != nil {
			t.Errorf("nginx ended with %v", err)
		}
	})
	deadline := time.Now().Add(rawTime)
	for {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", n.address)
		if err == nil {
			_ = conn.Close()
			return n
		}
		select {
		case err := <-ended:
			ended <- err
			text, _ := os.ReadFile(filepath.Join(folder, "errors"))
			t.Fatalf("nginx ended with %v: %s", err, text)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("nginx does not come to listen")
		}
		time.Sleep(10 * time.Millisecond) // It tells nobody when it listens.
	}
}

// freeAddress is an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// wantSent requires that nginx counted as many requests as the shop saw, of an id or of all. It writes a line when the
// answer has gone, perhaps after the client read it.
func (n *nginx) wantSent(t *testing.T, shop int, id string) {
	t.Helper()
	deadline := time.Now().Add(rawTime)
	for {
		text, err := os.ReadFile(n.log)
		if err != nil {
			t.Fatal(err)
		}
		sent := 0
		for line := range strings.Lines(string(text)) {
			asked := !strings.HasSuffix(strings.TrimSpace(line), `"-"`)
			if asked && (id == "" || strings.HasPrefix(line, `"`+id+`"`)) {
				sent++
			}
		}
		switch {
		case sent >= shop:
			return
		case time.Now().After(deadline):
			t.Errorf("the shop saw %d requests (%s), nginx sent %d:\n%s", shop, id, sent, text)
			return
		}
		time.Sleep(5 * time.Millisecond) // A file tells nobody when it grows.
	}
}
