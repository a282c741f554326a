package cli_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// get reads a page over a connection of its own and gives its status, 0 when nobody answers.
func get(t *testing.T, address string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// free is an address that nothing listens on.
func free(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func TestSignalDrainsAndExitsWithZero(t *testing.T) {
	t.Parallel()
	c, address := serve(t, map[string]string{"SHOP_DRAIN": "1s"}, "--listen", "127.0.0.1:0")
	if status, body := get(t, address+"/health/ready"); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	c.signals <- syscall.SIGTERM
	c.err.wait(t, `"stopping"`)
	// The drain begins right behind that line and lasts a second, in which readiness turns and all else is served.
	for status := http.StatusOK; status != http.StatusServiceUnavailable; {
		var body string
		if status, body = get(t, address+"/health/ready"); status == 0 {
			t.Fatalf("closed without a drain: %s", body)
		}
	}
	if status, body := get(t, address+"/api/v1/products"); status != http.StatusOK {
		t.Errorf("while draining: %d %s", status, body)
	}
	if code := c.wait(t); code != cli.ExitDone {
		t.Errorf("exit %d: %s", code, c.err)
	}
	if status, _ := get(t, address+"/health"); status != 0 {
		t.Errorf("answers %d after the end", status)
	}
	for line := range strings.Lines(c.err.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON on standard error: %s", line)
		}
	}
	if strings.Contains(c.out.String(), `"level"`) {
		t.Errorf("logs on standard output: %s", c.out)
	}
}

func TestSecondSignalLeavesAtOnce(t *testing.T) {
	t.Parallel()
	c, address := serve(t, nil, "--listen", "127.0.0.1:0", "--drain", "3s")
	c.signals <- syscall.SIGTERM
	c.err.wait(t, `"stopping"`)
	c.signals <- syscall.SIGINT
	if code := c.wait(t); code != cli.ExitInterrupted {
		t.Errorf("exit %d", code)
	}
	if strings.Contains(c.err.String(), `"stopped"`) {
		t.Error("it waited for the end of its drain")
	}
	if status, _ := get(t, address+"/health/live"); status == 0 {
		t.Error("the drain was over, so this proves nothing")
	}
	c.err.wait(t, `"stopped"`) // Here the program lives on, so what was left behind ends by itself.
}

// An orchestrator that repeats itself means no more than it did before: what is in flight finishes.
func TestSecondTermChangesNothing(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, nil, "--listen", "127.0.0.1:0", "--drain", "200ms")
	c.signals <- syscall.SIGTERM
	c.err.wait(t, `"stopping"`)
	c.signals <- syscall.SIGTERM
	if code := c.wait(t); code != cli.ExitDone || !strings.Contains(c.err.String(), `"stopped"`) {
		t.Errorf("exit %d: %s", code, c.err)
	}
}

func TestSignalWhileStartingIsAnInterruption(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	silent, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0") // A database that accepts and says nothing.
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	c := start(t, nil, "migrate", "up", "--database-url", "postgres://u@"+silent.Addr().String()+"/d?sslmode=disable")
	conn, err := silent.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	c.signals <- syscall.SIGINT
	if code := c.wait(t); code != cli.ExitInterrupted || !strings.Contains(c.err.String(), "interrupted; run it again") {
		t.Errorf("%d %s", code, c.err)
	}
}

// whenListening is standard error that hands over signals before the line returns that tells of listening.
type whenListening struct {
	*output
	signals chan os.Signal
}

func (w whenListening) Write(line []byte) (int, error) {
	if strings.Contains(string(line), `"listening"`) {
		w.signals <- syscall.SIGTERM
		w.signals <- syscall.SIGTERM // Taken once the first one has done its work, and means no more.
	}
	return w.output.Write(line)
}

// Who was told that it listens may end it: what is asked for between that and the end of the start is no interruption.
func TestSignalAsItListensIsAnEnd(t *testing.T) {
	t.Parallel()
	errs := whenListening{newOutput(), make(chan os.Signal)}
	code := cli.Run([]string{"serve", "--store", "memory", "--listen", "127.0.0.1:0", "--drain", "0s"}, cli.Process{
		Stdin: strings.NewReader(""), Stdout: newOutput(), Stderr: errs, Getenv: func(string) string { return "" }, Environ: func() []string { return nil },
		Signals: func() (<-chan os.Signal, func()) { return errs.signals, func() {} },
	})
	if code != cli.ExitDone || !strings.Contains(errs.String(), `"stopped"`) {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestTakenPortIsOneLine(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	taken, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	code, out, text := run(t, nil, "--store", "memory", "--listen", taken.Addr().String(), "--log-level", "warn")
	if code != cli.ExitFailed || out != "" || strings.Count(text, "\n") != 1 || !strings.Contains(text, taken.Addr().String()) ||
		!strings.Contains(text, "address already in use") {
		t.Errorf("%d %q %s", code, out, text)
	}
}

// TestPrecedence reads from the address that is bound which source won.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	flag, own, file := free(t), free(t), free(t)
	_, port, err := net.SplitHostPort(free(t))
	if err != nil {
		t.Fatal(err)
	}
	config := config(t, `{"listen": "`+file+`", "commit-group": 8, "production": false, "payments": ["manual"], "drain": "0s", "seed": null}`)
	tests := []struct {
		name string
		env  map[string]string
		args []string
		want string
	}{
		{"flag", map[string]string{"SHOP_LISTEN": own, "PORT": port}, []string{"--listen", flag, "--config", config}, flag},
		{"variable", map[string]string{"SHOP_LISTEN": own, "PORT": port}, []string{"serve", "--config", config}, own},
		{"PORT", map[string]string{"PORT": port, "SHOP_LISTEN": ""}, []string{"--config", config}, "localhost:" + port},
		{"file", map[string]string{"SHOP_CONFIG": config}, nil, file},
	}
	for _, test := range tests { // One after the other: they share addresses.
		c, address := serve(t, test.env, test.args...)
		if address != "http://"+test.want {
			t.Errorf("%s: %s, want %s", test.name, address, test.want)
		}
		c.signals <- syscall.SIGTERM
		if code := c.wait(t); code != cli.ExitDone {
			t.Errorf("%s: %d %s", test.name, code, c.err)
		}
	}
}

func TestMemoryIsTakenDespiteADatabaseURL(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, map[string]string{"DATABASE_URL": nowhere, "SHOP_LISTEN": "127.0.0.1:0", "SHOP_DRAIN": "0s"}, "--store", "memory")
	if !strings.Contains(c.out.String(), "kept in memory") {
		t.Errorf("%s", c.out)
	}
}

func TestSeedIsServed(t *testing.T) {
	t.Parallel()
	file := products(t, "Handle,Title,Variant Price,Variant Inventory Qty\nmug,Tidal Mug,12.50,3\n")
	c, address := serve(t, map[string]string{"SHOP_SEED": file, "SHOP_DRAIN": "0s"}, "--listen", "127.0.0.1:0")
	if status, body := get(t, address+"/api/v1/products"); status != http.StatusOK || strings.Count(body, `"slug"`) != 1 || !strings.Contains(body, "Tidal Mug") {
		t.Errorf("%d %s", status, body)
	}
	if !strings.Contains(c.out.String(), `"sku":"MUG"`) {
		t.Errorf("the welcome does not sell the seed: %s", c.out)
	}
	if _, err := url.Parse(address); err != nil {
		t.Error(err)
	}
}

func TestNothingInStockIsSaid(t *testing.T) {
	t.Parallel()
	file := products(t, "Handle,Title,Variant Price,Variant Inventory Qty\nmug,Tidal Mug,12.50,0\n")
	c, _ := serve(t, map[string]string{"SHOP_SEED": file, "SHOP_DRAIN": "0s"}, "--listen", "127.0.0.1:0")
	if !strings.Contains(c.out.String(), "Nothing is in stock") {
		t.Errorf("%s", c.out)
	}
}
