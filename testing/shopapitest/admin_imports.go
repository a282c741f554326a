package shopapitest

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

func adminImportClauses() []clause {
	return []clause{
		{"admin/imports", adminImports},
		{"admin/import refusals", adminImportRefusals},
		{"admin/imports of orders", adminOrderImports},
		{"admin/order import refusals", adminOrderImportRefusals},
	}
}

const importsPath = "/imports?kind=products"

// formOf is a form with a file, and its content type.
func formOf(t *testing.T, part, name, content string) (body, contentType string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	file, err := w.CreateFormFile(part, name)
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), w.FormDataContentType()
}

// report is what an import tells.
type report struct {
	ID, State, File, Message     string
	Products, Created, Unchanged int
	Total                        int
	Rejected                     []struct {
		Line                 int
		Column, Code, Reason string
	}
	Count int `json:"rejected_count"`
}

// imported imports a file and waits for its end.
func (s *suite) imported(t *testing.T, path, content string) report {
	t.Helper()
	body, contentType := formOf(t, "file", "products.csv", content)
	var started struct{ ID string }
	a := s.admin(t, http.MethodPost, path, body, "Content-Type", contentType)
	a.read(t, http.StatusAccepted, &started)
	if got := a.header.Get("Location"); got != "/api/v1/admin/imports/"+started.ID {
		t.Errorf("%s: Location %q", a, got)
	}
	for end := time.Now().Add(answerTime); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var out report
		a := s.admin(t, http.MethodGet, "/imports/"+started.ID, "")
		a.read(t, http.StatusOK, &out)
		switch out.State {
		case "done", "refused", "failed":
			return out
		}
	}
	t.Fatalf("the import %s does not end", started.ID)
	return report{}
}

func adminImports(t *testing.T, s *suite) {
	t.Helper()
	handle := unused("import")
	file := "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\r\n" +
		fmt.Sprintf("%s-1,One,%s-A,5.00,3\r\n%s-2,Two,%s-B,6.00,0\r\n", handle, handle, handle, handle)
	if got := s.imported(t, importsPath+"&dry_run=true", file); got.State != "done" || got.Created != 2 || got.Total != 2 {
		t.Errorf("a dry run: %+v", got)
	}
	s.call(t, http.MethodGet, productPath(handle+"-1"), "").refused(t, http.StatusNotFound, "not_found")
	if got := s.imported(t, importsPath, file); got.State != "done" || got.Created != 2 || got.Products != 2 || got.File != "products.csv" {
		t.Errorf("an import: %+v", got)
	}
	var shown product
	s.call(t, http.MethodGet, productPath(handle+"-1"), "").read(t, http.StatusOK, &shown)
	if shown.Price == nil || shown.Price.Amount != "5.00" || !shown.InStock {
		t.Errorf("imported: %+v", shown)
	}
	if got := s.imported(t, importsPath, file); got.State != "done" || got.Unchanged != 2 {
		t.Errorf("the same again: %+v", got)
	}
	broken := strings.Replace(file, "5.00", "free", 1)
	if got := s.imported(t, importsPath, broken); got.State != "refused" || got.Count != 1 || len(got.Rejected) != 1 || got.Rejected[0].Line != 2 || got.Rejected[0].Code != "bad_price" {
		t.Errorf("a broken file: %+v", got)
	}
	taken := strings.Replace(file, handle+"-B", handle+"-A", 1)
	if got := s.imported(t, importsPath, taken); got.State != "refused" || got.Count == 0 {
		t.Errorf("a SKU twice: %+v", got)
	}
}

func adminImportRefusals(t *testing.T, s *suite) {
	t.Helper()
	body, contentType := formOf(t, "file", "a.csv", "Handle")
	send := func(path, body, contentType string) answer {
		return s.admin(t, http.MethodPost, path, body, "Content-Type", contentType)
	}
	send("/imports?kind=coins", body, contentType).refused(t, http.StatusUnprocessableEntity, "invalid", "kind")
	send("/imports", body, contentType).refused(t, http.StatusUnprocessableEntity, "invalid", "kind")
	send(importsPath+"&dry_run=maybe", body, contentType).refused(t, http.StatusUnprocessableEntity, "invalid", "dry_run")
	send(importsPath, `{"file":"x"}`, jsonType).refused(t, http.StatusUnsupportedMediaType, "unsupported_media_type")
	send(importsPath, "", contentType).want(t, http.StatusBadRequest)
	send(importsPath, body[:len(body)-10], contentType).refused(t, http.StatusBadRequest, "malformed_form")
	other, otherType := formOf(t, "colour", "a.csv", "x")
	send(importsPath, other, otherType).refused(t, http.StatusBadRequest, "unknown_field", "colour")
	s.call(t, http.MethodPost, "/api/v1/admin"+importsPath, strings.Repeat("x", 2<<20), "Content-Type", contentType).
		refused(t, http.StatusRequestEntityTooLarge, "body_too_large")
	for _, id := range []string{"imp_01jd8x5v9ke2vbrwkxtq4m6h3m", "x", noProduct} {
		s.admin(t, http.MethodGet, "/imports/"+id, "").refused(t, http.StatusNotFound, "not_found")
	}
	key := rand.Text()
	first := s.admin(t, http.MethodPost, importsPath, body, "Content-Type", contentType, keyHeader, key).want(t, http.StatusAccepted)
	again := s.admin(t, http.MethodPost, importsPath, body, "Content-Type", contentType, keyHeader, key).want(t, http.StatusAccepted)
	if string(first.body) != string(again.body) || again.header.Get(replayedHeader) != "true" {
		t.Errorf("again: %s and %s", first, again)
	}
}
