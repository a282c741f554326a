package integration_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// importUnderWay starts an import that is being worked on, at a server where everything is: its only conflict.
func importUnderWay(t *testing.T, server *fiberhttp.Server, coverage *shopapitest.Coverage) {
	t.Helper()
	const path = "/api/v1/admin/imports"
	form := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nHandle\r\n--b--\r\n"
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path+"?kind=products", strings.NewReader(form))
	request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	request.Header.Set("Idempotency-Key", "k")
	request.Header.Set("Authorization", "Bearer whoever")
	response, err := server.App().Test(request, int(shopStart.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := asked{response.StatusCode, response.Header, body}
	want(t, guardedOperation{method: http.MethodPost, path: path}, got, http.StatusConflict, "in_progress")
	check(t, coverage, http.MethodPost, path, got)
}
