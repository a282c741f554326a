package integration_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// answerOf is what a shop answers to anybody, where it sends them, and the status.
func answerOf(t *testing.T, base, path string) string {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/v1"+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %s %s", response.StatusCode, response.Header.Get("Location"), body)
}

// administered sends a call of an administrator, who may everything.
func administered(t *testing.T, method, address, body string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Api-Key", adminKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %d %s %v", method, address, response.StatusCode, text, err)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMovedShopAnswersAlike gives the demo shop a past, moves it by export and import into an empty file, and asks both shops
// what buyers ask: lists with facets, each product by its id and its slug, a slug of before, categories, brands and collections.
func TestMovedShopAnswersAlike(t *testing.T) {
	t.Parallel()
	from, to := shopFile(t).File, shopFile(t).File
	first := startShop(t, "--store", "sqlite", "--sqlite-file", from)
	var page struct{ Items []struct{ ID, Slug string } }
	administered(t, http.MethodGet, first.base+"/api/v1/admin/products?limit=100", "", &page)
	if len(page.Items) < 10 {
		t.Fatalf("the demo shop has %d products", len(page.Items))
	}
	moved := page.Items[0]
	var product struct{ Variants []struct{ ID string } }
	administered(t, http.MethodPatch, first.base+"/api/v1/admin/products/"+moved.ID, `{"slug":"elsewhere"}`, &product)
	for _, amount := range []string{"3.00", "9.00", "7.00"} { // The lowest of 30 days is 3.00, or what it was before.
		administered(t, http.MethodPut, first.base+"/api/v1/admin/products/"+moved.ID+"/variants/"+product.Variants[0].ID+"/prices", fmt.Sprintf(`{"amount":{"amount":%q,"currency":"GBP"}}`, amount), nil)
	}
	file := filepath.Join(t.TempDir(), "shop.jsonl")
	if err := os.WriteFile(file, []byte(exportedFile(t, from)), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := shopBinary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "import", "products", file, "--store", "sqlite", "--sqlite-file", to) //nolint:gosec // Our own binary.
	cmd.Dir, cmd.Env = t.TempDir(), withoutSettings(os.Environ())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("importing: %v\n%s", err, out)
	}
	second := startShop(t, "--store", "sqlite", "--sqlite-file", to)
	asked := []string{"/products?limit=100&facets=true", "/products?sort=price&limit=100", "/categories", "/brands", "/collections", "/products/" + moved.Slug, "/products/nothing"}
	for _, p := range page.Items {
		asked = append(asked, "/products/"+p.ID, "/products/"+p.Slug)
	}
	for _, ask := range asked {
		want, got := answerOf(t, first.base, ask), answerOf(t, second.base, ask)
		if strings.HasPrefix(want, "404") { // A problem has the id of its request.
			want, got = want[:3], got[:3]
		}
		if got != want {
			t.Errorf("%s answers\n%s\nwant\n%s", ask, got, want)
		}
	}
	if got := answerOf(t, second.base, "/products/"+moved.Slug); !strings.HasPrefix(got, "301 /api/v1/products/elsewhere") {
		t.Errorf("the former slug answers %s", got)
	}
}

// exportedFile is the JSON Lines of a shop in a file, by the shop's own binary.
func exportedFile(t *testing.T, db string) string {
	t.Helper()
	path, err := shopBinary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "export", "products", "--store", "sqlite", "--sqlite-file", db) //nolint:gosec // Our own binary.
	cmd.Dir, cmd.Env = t.TempDir(), withoutSettings(os.Environ())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("exporting: %v", err)
	}
	return string(out)
}
