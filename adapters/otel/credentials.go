package otel

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// The variables by which OpenTelemetry's specification gives a sender its credentials and its receiver's authority.
const (
	headersVariable     = "OTEL_EXPORTER_OTLP_HEADERS"
	certificateVariable = "OTEL_EXPORTER_OTLP_CERTIFICATE"
)

// newReceiver makes a receiver with what the environment says of it. Its errors hold nothing of a credential.
func newReceiver(address string, getenv func(string) string) (*receiver, error) {
	headers, err := headersOf(getenv(headersVariable))
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	if name := getenv(certificateVariable); name != "" {
		pem, err := os.ReadFile(name) //nolint:gosec // The operator names the file.
		if err != nil {
			return nil, fmt.Errorf("otel: %s: %w", certificateVariable, err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("otel: %s: %s holds no certificate", certificateVariable, name)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &receiver{address: address, headers: headers, client: &http.Client{Transport: transport}}, nil
}

var errHeaders = errors.New("otel: " + headersVariable + " is a list NAME=VALUE,…, with %XX for what is no letter or digit")

// headersOf reads NAME=VALUE[,…].
func headersOf(text string) (http.Header, error) {
	out := http.Header{}
	if strings.TrimSpace(text) == "" {
		return out, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name, value, found := strings.Cut(part, "=")
		name = strings.TrimSpace(name)
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if !found || name == "" || err != nil || strings.ContainsAny(name, " \r\n") || strings.ContainsAny(value, "\r\n") {
			return nil, errHeaders
		}
		out.Set(name, value)
	}
	return out, nil
}
