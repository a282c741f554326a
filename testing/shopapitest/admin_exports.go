package shopapitest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func adminExportClauses() []clause {
	return []clause{{"admin/exports", adminExports}}
}

func adminExports(t *testing.T, s *suite) {
	t.Helper()
	handle := unused("export")
	file := "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\r\n" + fmt.Sprintf("%s,=One,%s-A,5.00,3\r\n", handle, handle)
	if got := s.imported(t, importsPath+"&as=shopify", file); got.State != "done" {
		t.Fatalf("an import: %+v", got)
	}
	for as, kind := range map[string]string{"csv": "text/csv", "jsonl": "application/jsonl", "shopify": "text/csv", "woocommerce": "text/csv"} {
		a := s.admin(t, http.MethodGet, "/exports/products?as="+as, "").want(t, http.StatusOK)
		if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
			t.Errorf("%s: Content-Type %q", a, got)
		}
		text := string(a.body)
		if !strings.Contains(text, handle) || as == "jsonl" && !strings.Contains(text, `{"kind":"end","products":`) || as != "jsonl" && !strings.Contains(text, ",'=One,") {
			t.Errorf("the export as %s is\n%s", as, text)
		}
		if got := s.imported(t, importsPath+"&as="+as+"&dry_run=true", text); got.State != "done" || got.Products == 0 {
			t.Errorf("what was exported as %s cannot be imported: %+v", as, got)
		}
	}
	s.admin(t, http.MethodGet, "/exports/products?as=excel", "").refused(t, http.StatusUnprocessableEntity, "invalid", "as")
	body, contentType := formOf(t, "file", "a.csv", "Handle")
	s.admin(t, http.MethodPost, importsPath+"&as=excel", body, "Content-Type", contentType).refused(t, http.StatusUnprocessableEntity, "invalid", "as")
}
