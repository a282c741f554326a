package otel_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/otel"
)

// receiving is a receiver over TLS that asks for a credential, with the environment that has it.
func receiving(t *testing.T) (address string, env map[string]string) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer a secret":
			w.WriteHeader(http.StatusUnauthorized)
		case r.Header.Get("Content-Type") != "application/x-protobuf" || r.Method != http.MethodPost:
			w.WriteHeader(http.StatusUnsupportedMediaType)
		}
	}))
	t.Cleanup(server.Close)
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return server.URL, map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "x-a=1, Authorization=Bearer%20a%20secret", "OTEL_EXPORTER_OTLP_CERTIFICATE": authority}
}

func TestCredentialsOfTheEnvironment(t *testing.T) {
	t.Parallel()
	address, env := receiving(t)
	if err := otel.Upload(t.Context(), address, env); err != nil {
		t.Error(err)
	}
	for _, test := range []struct{ variable, value, want string }{
		{"OTEL_EXPORTER_OTLP_HEADERS", "", "401"},
		{"OTEL_EXPORTER_OTLP_HEADERS", "secret", "is a list NAME=VALUE"},
		{"OTEL_EXPORTER_OTLP_HEADERS", "a=secret%0d%0aX: 1", "is a list NAME=VALUE"},
		{"OTEL_EXPORTER_OTLP_HEADERS", "a=secret%", "is a list NAME=VALUE"},
		{"OTEL_EXPORTER_OTLP_CERTIFICATE", "", "certificate"},
		{"OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere", "no such file"},
		{"OTEL_EXPORTER_OTLP_CERTIFICATE", os.DevNull, "holds no certificate"},
	} {
		other := map[string]string{}
		for name, value := range env {
			other[name] = value
		}
		other[test.variable] = test.value
		err := otel.Upload(t.Context(), address, other)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s=%s: %v", test.variable, test.value, err)
		}
	}
}
