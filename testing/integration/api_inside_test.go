package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// guardedOperation is an operation of the document that is for staff.
type guardedOperation struct {
	method, path, id string
	permission       string
	keyed            bool // It takes an idempotency key.
}

// guardedOperations lists them.
func guardedOperations(t *testing.T, document []byte) []guardedOperation {
	t.Helper()
	var in struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Permission  string `json:"x-permission"`
			Parameters  []struct{ Name string }
		}
	}
	if err := json.Unmarshal(document, &in); err != nil {
		t.Fatal(err)
	}
	var out []guardedOperation
	for path, operations := range in.Paths {
		for method, op := range operations {
			if op.Permission == "" {
				continue
			}
			keyed := slices.ContainsFunc(op.Parameters, func(p struct{ Name string }) bool { return p.Name == "Idempotency-Key" })
			out = append(out, guardedOperation{strings.ToUpper(method), path, op.OperationID, op.Permission, keyed})
		}
	}
	if len(out) == 0 {
		t.Fatal("the document has no operations for staff")
	}
	return out
}

// address is the path with an "x" for each parameter.
func (o guardedOperation) address() string {
	parts := strings.Split(o.path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = "x"
		}
	}
	return strings.Join(parts, "/")
}

// guardedCalls are a call for each operation that is for staff: without its store a shop does not know who calls, so
// whatever else is wrong with them does not count.
func guardedCalls(t *testing.T) []brokenCall {
	t.Helper()
	text, err := insideShop(t, access.Principal{}).Document()
	if err != nil {
		t.Fatal(err)
	}
	var out []brokenCall
	for _, op := range guardedOperations(t, text) {
		out = append(out, brokenCall{method: op.method, path: op.address(), guarded: true})
	}
	return out
}

// underWay is a desk at which every command is being worked on by somebody else.
type underWay struct{}

func (underWay) Step(_ context.Context, cmd ports.Command) (*ports.CommandRecord, error) {
	return &ports.CommandRecord{Key: cmd.Key, Fingerprint: cmd.Fingerprint, Owner: [16]byte{9}, CreatedAt: cmd.At, Lease: cmd.At.Add(time.Minute)}, nil
}

// insideShop is a server whose routes have no services behind them and for which everybody is the principal.
func insideShop(t *testing.T, who access.Principal) *fiberhttp.Server {
	t.Helper()
	clock, ids := system.NewClock(), system.NewIDs()
	server, err := fiberhttp.New(fiberhttp.Options{
		Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), Version: "1.2.3", Now: clock.Now,
		NewID:        func() string { return ref.UUID(ids.New()).String() },
		Authenticate: func(context.Context, access.Secret) (access.Principal, error) { return who, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Mount(fiberhttp.Services{Desk: underWay{}, IDs: ids, Now: clock.Now})
	return server
}

// keyedBodies are bodies that commands take as far as their schema goes.
var keyedBodies = map[string]string{
	"admin-add-order-note": `{"text":"x"}`,
	"admin-settle-effect":  `{"state":"failed"}`,

	"admin-add-customer-address":    `{"name":"x","line1":"x","city":"x","postal_code":"x","country":"GB"}`,
	"admin-record-customer-consent": `{"purpose":"x","given":true,"source":"x"}`,

	"admin-retry-parked-events": `{"consumer":"x","aggregate":"x"}`,
	"admin-skip-parked-event":   `{"consumer":"x","aggregate":"x","event_id":"x","reason":"x"}`,
	"admin-add-role":            `{"name":"Packing","permissions":[]}`,
	"admin-create-api-key":      `{"name":"Feed","scopes":["stock.read"],"expires_at":"2030-01-01T00:00:00Z"}`,
}

// bodiless are commands whose requests have no body.
var bodiless = []string{"admin-settle-order", "admin-void-payments", "admin-retry-job", "admin-erase-customer"}

// seenInside gives the lines of coverage of what cannot be brought about from outside: that a caller lacks a permission,
// whatever the operation, and that a command is under way, for those that have no other conflict.
func seenInside(t *testing.T) []string {
	t.Helper()
	powerless := access.Principal{Kind: access.PrincipalStaff, Staff: ref.NewID[ref.StaffKind](ref.UUID{1})}
	denying := insideShop(t, powerless)
	text, err := denying.Document()
	if err != nil {
		t.Fatal(err)
	}
	coverage, err := shopapitest.NewCoverage(text)
	if err != nil {
		t.Fatal(err)
	}
	powerful := powerless
	powerful.Permissions = access.AllPermissions()
	working := insideShop(t, powerful)
	for _, op := range guardedOperations(t, text) {
		got := inside(t, denying, op, "")
		want(t, op, got, http.StatusForbidden, "denied")
		check(t, coverage, op.method, op.address(), got)
		body, known := keyedBodies[op.id]
		if !op.keyed || !known && !slices.Contains(bodiless, op.id) {
			continue
		}
		got = inside(t, working, op, body)
		want(t, op, got, http.StatusConflict, "in_progress")
		check(t, coverage, op.method, op.address(), got)
	}
	importUnderWay(t, working, coverage)
	return slices.Concat(coverage.Lines(), seenWebhooks(t), seenOperations(t), seenCustomers(t), seenOfCustomers(t))
}

// inside sends a request to a server without a socket.
func inside(t *testing.T, server *fiberhttp.Server, op guardedOperation, body string) asked {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), op.method, op.address(), strings.NewReader(body))
	request.Header.Set("Idempotency-Key", "k")
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer whoever")
	response, err := server.App().Test(request, int(shopStart.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var content bytes.Buffer
	if _, err := content.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return asked{response.StatusCode, response.Header, content.Bytes()}
}

// want checks a refusal.
func want(t *testing.T, op guardedOperation, got asked, status int, code string) {
	t.Helper()
	var problem struct{ Code string }
	if err := json.Unmarshal(got.body, &problem); err != nil || got.status != status || problem.Code != code {
		t.Errorf("%s: %d %s, want %s", fmt.Sprint(op.method, " ", op.path), got.status, got.body, code)
	}
}
