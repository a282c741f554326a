package integration_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// parameter is one of a statement.
var parameter = regexp.MustCompile(`\$([0-9]+)`)

// A shop prepares its statements while its tables are empty and keeps the plans until they are analysed. So each look-up of
// a commit by keys must be one on the day that the shop opens: an index scan that filters goes through all rows of the shop.
func TestYoungDatabaseFindsByKeys(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	p, through := newProxy(t, dsn)
	cfg := small(through)
	cfg.CommitLoops = 1
	till := newTill(t, openPostgres(t, cfg), nil)
	cart, err := till.cart(t.Context(), till.many(t, 2, 100)...)
	if err != nil {
		t.Fatal(err)
	}
	before := p.texts()
	if _, err := till.checkout(t.Context(), cart, "one", ""); err != nil {
		t.Fatal(err)
	}
	direct, looked := connect(t, dsn), 0
	for _, sql := range []string{"SET enable_seqscan = off", "SET enable_hashjoin = off", "SET enable_mergejoin = off", "SET plan_cache_mode = force_generic_plan"} {
		if _, err := direct.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, sql := range newTexts(before, p.texts()) {
		if !strings.Contains(sql, "FOR UPDATE") {
			continue
		}
		looked++
		name, most := fmt.Sprintf("q%d", looked), 0
		for _, found := range parameter.FindAllStringSubmatch(sql, -1) {
			most = max(most, int(found[1][0]-'0'))
		}
		if _, err := direct.Exec(t.Context(), "PREPARE "+name+" AS "+sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		rows, err := direct.Query(t.Context(), "EXPLAIN EXECUTE "+name+"(NULL"+strings.Repeat(", NULL", most-1)+")")
		if err != nil {
			t.Fatalf("explaining %s: %v", sql, err)
		}
		var plan strings.Builder
		through := false
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				t.Fatal(err)
			}
			plan.WriteString(text + "\n")
			text = strings.TrimSpace(text) // A join filter is one of the few locations.
			through = through || strings.HasPrefix(text, "Filter:") || strings.Contains(text, "Seq Scan")
		}
		rows.Close()
		if through {
			t.Errorf("%s\n%s", sql, plan.String())
		}
	}
	if looked < 3 {
		t.Errorf("a checkout locked rows by %d statements: carts, commands and stock are three", looked)
	}
}
