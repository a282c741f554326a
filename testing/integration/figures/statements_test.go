package figures_test

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// tell prints which statements took the database longest since it was last asked, each by how often an operation sent it
// and what it took of the operation: time with waiting, not of the processor alone.
func (b *bench) tell(ops int) {
	if os.Getenv(tellVariable) == "" || ops == 0 {
		return
	}
	b.exec("CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public")
	conn := b.connect()
	defer func() { _ = conn.Close(context.WithoutCancel(b.t.Context())) }()
	rows, err := conn.Query(b.t.Context(), `SELECT calls, rows, total_exec_time + total_plan_time, query FROM public.pg_stat_statements
		WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 3 DESC LIMIT 40`)
	b.must(err)
	for rows.Next() {
		var calls, rowCount int64
		var millis float64
		var query string
		b.must(rows.Scan(&calls, &rowCount, &millis, &query))
		fmt.Printf("%8.3f calls %8.3f rows %8.1f us an operation  %.150s\n", float64(calls)/float64(ops), float64(rowCount)/float64(ops),
			1000*millis/float64(ops), strings.Join(strings.Fields(query), " "))
	}
	b.must(rows.Err())
}

// forget begins anew what tell tells.
func (b *bench) forget() {
	if os.Getenv(tellVariable) != "" {
		b.exec("CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public")
		b.exec("SELECT public.pg_stat_statements_reset()")
	}
}
