package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

func TestHealthOfARunningShop(t *testing.T) {
	t.Parallel()
	c, address := serve(t, map[string]string{"SHOP_DRAIN": "2s"}, "--listen", "127.0.0.1:0")
	listen := strings.TrimPrefix(address, "http://")
	for _, args := range [][]string{{"--listen", listen}, {"--url", address + "/"}, {"--url", address, "--live"}} {
		if code, out, err := run(t, nil, append([]string{"health"}, args...)...); code != cli.ExitDone || err != "" || out == "" {
			t.Errorf("%v: %d %q %s", args, code, out, err)
		}
	}
	if _, out, _ := run(t, map[string]string{"SHOP_LISTEN": listen}, "health"); !strings.Contains(out, "database up") {
		t.Errorf("%q", out)
	}
	c.signals <- syscall.SIGTERM
	c.err.wait(t, `"stopping"`)
	for { // The drain begins right behind that line.
		code, _, err := run(t, nil, "health", "--listen", listen)
		if code == cli.ExitDone {
			continue
		}
		if code != cli.ExitFailed || !strings.Contains(err, "503") {
			t.Errorf("while draining: %d %s", code, err)
		}
		break
	}
}

func TestHealthOfWhatIsNoShop(t *testing.T) {
	t.Parallel()
	answers := func(status int, body string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	hangs := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hangs }))
	t.Cleanup(func() { close(hangs); slow.Close() })
	for _, test := range []struct {
		name, args string
		code       int
		want       string
	}{
		{"nobody", "--listen " + free(t), cli.ExitFailed, "connection refused"},
		{"no JSON", "--url " + answers(200, "hello"), cli.ExitFailed, "is no shop"},
		{"not well", "--url " + answers(503, `{"status":"down","services":{"database":"down","outbox":"up"}}`), cli.ExitFailed, "503 Service Unavailable: down: database down, outbox up"},
		{"slow", "--timeout 50ms --url " + slow.URL, cli.ExitFailed, "deadline"},
		{"address", "--listen 8080", cli.ExitUsage, "HOST:PORT"},
		{"url", "--url shop", cli.ExitUsage, "an address such as"},
		{"no time", "--timeout 0s", cli.ExitUsage, "above 0s"},
	} {
		code, out, err := run(t, nil, append([]string{"health"}, strings.Fields(test.args)...)...)
		if code != test.code || out != "" || !strings.Contains(err, test.want) {
			t.Errorf("%s: %d %q %s", test.name, code, out, err)
		}
	}
}

// TestHealthAsksThisMachine: a shop that serves on all addresses is asked at this one.
func TestHealthAsksThisMachine(t *testing.T) {
	t.Parallel()
	_, port, _ := strings.Cut(free(t), ":")
	for _, env := range []map[string]string{{"PORT": port}, {"SHOP_LISTEN": "0.0.0.0:" + port}, {"SHOP_LISTEN": "[::]:" + port}} {
		if _, _, err := run(t, env, "health"); !strings.Contains(err, "http://localhost:"+port+"/health/ready") {
			t.Errorf("%v: %s", env, err)
		}
	}
}
