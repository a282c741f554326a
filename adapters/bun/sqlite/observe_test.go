package sqlite_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// TestNamesOfStatements names statements as traces show them.
func TestNamesOfStatements(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SELECT a FROM orders WHERE id = ?1":                                  "SELECT orders",
		"INSERT INTO carts (id) VALUES (?1) ON CONFLICT DO UPDATE SET id = 1": "INSERT carts",
		"UPDATE jobs SET due = ?4":                                            "UPDATE jobs",
		"SELECT c.id FROM (SELECT value, key AS place FROM json_each(?1)) k\n\tCROSS JOIN carts c ON c.id = k.value": "SELECT carts",
		"WITH low AS (SELECT 1 FROM outbox_partitions)\n\tDELETE FROM outbox":                                        "DELETE outbox_partitions",
		"PRAGMA schema_version": "PRAGMA",
		"":                      "",
	} {
		if got := sqlite.NameOf(text); got != want {
			t.Errorf("%q is named %q, wanted %q", text, got, want)
		}
	}
}

// TestTracedStatements reads and writes for a request that is traced, and for one that is not.
func TestTracedStatements(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var begun, ended []string
	core, logs := observer.New(zap.WarnLevel)
	cfg := shop(t)
	cfg.Logger, cfg.SlowQuery = zap.New(core), 1
	cfg.Trace = func(ctx context.Context, layer observe.Layer, name string) (context.Context, func(error)) {
		mu.Lock()
		defer mu.Unlock()
		begun = append(begun, string(layer)+" "+name)
		return ctx, func(error) {
			mu.Lock()
			defer mu.Unlock()
			ended = append(ended, string(layer)+" "+name)
		}
	}
	s := open(t, cfg)
	traced := observe.With(t.Context(), observe.Correlation{TraceID: "traced", Sampled: true})
	for _, ctx := range []context.Context{t.Context(), traced} {
		if _, err := s.Keep(ctx, "name", []byte("value")); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"sql INSERT settings", "sql SELECT settings", "sql COMMIT"}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(begun, want) || !slices.Equal(ended, want) {
		t.Errorf("spans began %q and ended %q, wanted %q", begun, ended, want)
	}
	var slow []string
	for _, line := range logs.FilterField(zap.String(observe.TraceID, "traced")).All() {
		slow = append(slow, line.ContextMap()[observe.Statement].(string)[:6])
	}
	if !slices.Equal(slow, []string{"INSERT", "SELECT", "COMMIT"}) {
		t.Errorf("slow were %q", slow)
	}
}
