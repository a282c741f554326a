package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// calls are the three calls of the welcome, as they are pasted.
func calls(t *testing.T, welcome string) []string {
	t.Helper()
	_, text, found := strings.Cut(welcome, "Buy something, in three calls:\n\n")
	out := strings.Split(strings.TrimSpace(text), "\n\n")
	if !found || len(out) != 3 {
		t.Fatalf("no three calls in %s", welcome)
	}
	return out
}

// TestWelcomeBuysSomething plays the calls of the welcome as curl would, and with curl itself where there is one.
func TestWelcomeBuysSomething(t *testing.T) {
	t.Parallel()
	c, address := serve(t, map[string]string{"SHOP_DRAIN": "0s"}, "--listen", "127.0.0.1:0")
	for _, want := range []string{address + "/docs\n", address + "/health\n", address + "/metrics\n", "kept in memory"} {
		if !strings.Contains(c.out.String(), want) {
			t.Errorf("no %q in %s", want, c.out)
		}
	}
	pasted := calls(t, c.out.String())
	list := play(t, pasted[0])
	if items, _ := list["items"].([]any); len(items) != 3 {
		t.Errorf("%v", list)
	}
	cart, _ := play(t, pasted[1])["id"].(string)
	wantOrder(t, play(t, strings.ReplaceAll(pasted[2], "$CART", cart)))

	bash, err := exec.LookPath("bash")
	if _, missing := exec.LookPath("curl"); err != nil || missing != nil {
		return // The calls were played above.
	}
	out, err := exec.CommandContext(t.Context(), bash, "-c", strings.Join(pasted, "\n")).Output() //nolint:gosec // What the test is about.
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], `{"items":[`) || !regexp.MustCompile(`^crt_[0-9a-z]{32}$`).MatchString(lines[1]) {
		t.Fatalf("%s", out)
	}
	var order map[string]any
	if err := json.Unmarshal([]byte(lines[2]), &order); err != nil {
		t.Fatal(err)
	}
	wantOrder(t, order)
}

func wantOrder(t *testing.T, order map[string]any) {
	t.Helper()
	if order["status"] != "placed" || order["token"] == nil || order["number"] == nil {
		t.Errorf("no order: %v", order)
	}
}

var (
	callAddress = regexp.MustCompile(`curl -s ['"]([^'"]+)['"]`)
	callHeader  = regexp.MustCompile(`-H ['"]([^:]+): ([^'"]+)['"]`)
	callBody    = regexp.MustCompile(`(?s)-d '([^']+)'`)
)

// play makes the call that a curl command would make.
func play(t *testing.T, command string) map[string]any {
	t.Helper()
	method, body := http.MethodGet, ""
	if found := callBody.FindStringSubmatch(command); found != nil {
		method, body = http.MethodPost, found[1]
	}
	found := callAddress.FindStringSubmatch(command)
	if found == nil {
		t.Fatalf("no call: %s", command)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, found[1], strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range callHeader.FindAllStringSubmatch(command, -1) {
		request.Header.Set(header[1], header[2])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil || response.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s: %d %s", command, response.StatusCode, text)
	}
	return out
}
