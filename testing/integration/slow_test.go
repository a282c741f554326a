package integration_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// TestSlowStatements logs what takes longer than it should: the statement without its values, whose it is, and waits for
// connections.
func TestSlowStatements(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	core, logs := observer.New(zap.DebugLevel)
	s, err := postgres.Open(t.Context(), postgres.Config{DSN: database(t), Conns: 1, SlowQuery: 1, Logger: zap.New(core)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := observe.With(t.Context(), observe.Correlation{RequestID: "r1", TraceID: "t1"})
	rows, err := s.Pool().Query(ctx, "SELECT 'secret', $1::text FROM generate_series(1, 3)", "secret")
	if err != nil {
		t.Fatal(err)
	}
	rows.Close()
	b := &pgx.Batch{}
	b.Queue("SELECT 1")
	b.Queue("SELECT pg_sleep(0), 'secret'")
	if err := s.Pool().SendBatch(ctx, b).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pool().Exec(ctx, "SELECT 'secret'::int"); err == nil {
		t.Error("a text is a number")
	}
	var statements []string
	for _, entry := range logs.FilterMessage(observe.SlowQuery).All() {
		f := entry.ContextMap()
		if f[observe.RequestID] != "r1" {
			continue // Of the start.
		}
		statements = append(statements, f[observe.Statement].(string))
		if took, ok := f[observe.Duration].(float64); !ok || took <= 0 || f[observe.TraceID] != "t1" || f[observe.Pool] != "general" {
			t.Errorf("%v", f)
		}
	}
	if got := strings.Join(statements, "\n"); got != "SELECT ?, $1::text FROM generate_series(?)\nSELECT ?; SELECT pg_sleep(?), ?\nSELECT ?::int" {
		t.Errorf("statements:\n%s", got)
	}
	if waits := logs.FilterMessage(observe.SlowPool).FilterField(zap.String(observe.RequestID, "r1")).Len(); waits != 3 {
		t.Errorf("%d waits for a connection", waits)
	}
	for _, entry := range logs.All() {
		for name, value := range entry.ContextMap() {
			if text, ok := value.(string); ok && strings.Contains(text, "secret") {
				t.Errorf("%s of %s: %s", name, entry.Message, text)
			}
		}
	}
}

// TestNothingIsSlowUnlessAsked logs no statement without a limit.
func TestNothingIsSlowUnlessAsked(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	core, logs := observer.New(zap.DebugLevel)
	s, err := postgres.Open(t.Context(), postgres.Config{DSN: database(t), Logger: zap.New(core)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Pool().Exec(t.Context(), "SELECT pg_sleep(0.3)"); err != nil {
		t.Fatal(err)
	}
	if logs.Len() != 0 {
		t.Errorf("%v", logs.All())
	}
}
