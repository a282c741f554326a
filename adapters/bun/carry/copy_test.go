package carry_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
)

// held is a store of rows in memory.
type held struct {
	rows      map[string][]carry.Row
	last      map[string]int64
	puts      []int // How many rows each Put had.
	bend      func(*carry.Table, carry.Row) carry.Row
	committed bool
}

func (h *held) Each(_ context.Context, t *carry.Table, yield func(carry.Row) error) error {
	for _, r := range h.rows[t.Name] {
		if err := yield(slices.Clone(r)); err != nil {
			return err
		}
	}
	return nil
}

func (h *held) Last(_ context.Context, t *carry.Table) (int64, error) { return h.last[t.Name], nil }
func (h *held) Close()                                                {}
func (h *held) Held(context.Context) (out []string, err error) {
	for name := range h.rows {
		out = append(out, name)
	}
	return out, nil
}

func (h *held) Put(_ context.Context, t *carry.Table, rows []carry.Row) error {
	h.puts = append(h.puts, len(rows))
	for _, r := range rows {
		if h.bend != nil {
			r = h.bend(t, slices.Clone(r))
		}
		if r != nil {
			h.rows[t.Name] = append([]carry.Row{r}, h.rows[t.Name]...)
		}
	}
	return nil
}

func (h *held) Advance(_ context.Context, t *carry.Table, last int64) error {
	h.last[t.Name] = last
	return nil
}

func (h *held) Derive(_ context.Context, tell func(int)) error { tell(7); return nil }
func (h *held) Commit(context.Context) error                   { h.committed = true; return nil }

func empty() *held { return &held{rows: map[string][]carry.Row{}, last: map[string]int64{}} }

// some is a source with rows in two tables.
func some(settings int) *held {
	h := empty()
	for i := range settings {
		h.rows["settings"] = append(h.rows["settings"], carry.Row{strings.Repeat("n", i%7), []byte{byte(i)}})
	}
	h.rows["blobs"] = []carry.Row{{"key", []byte(strings.Repeat("x", 5<<20))}, {"other", []byte{}}}
	h.last["outbox"], h.last["stock_movements"] = 12, 3
	return h
}

func TestCopyIsInParts(t *testing.T) {
	t.Parallel()
	from, to := some(2500), empty()
	var last carry.Progress
	var phases []carry.Phase
	tables, err := carry.Copy(t.Context(), from, to, func(p carry.Progress) {
		last = p
		if !slices.Contains(phases, p.Phase) {
			phases = append(phases, p.Phase)
		}
	})
	if err != nil || !to.committed {
		t.Fatal(err, to.committed)
	}
	if !slices.Equal(to.puts, []int{1000, 1000, 500, 1, 1}) {
		t.Errorf("rows were written in parts of %v", to.puts)
	}
	if last.Products != 7 || !slices.Equal(phases, []carry.Phase{carry.Copies, carry.Checks, carry.Derives}) {
		t.Errorf("%v, at last %+v", phases, last)
	}
	if to.last["outbox"] != 12 || to.last["stock_movements"] != 3 {
		t.Errorf("the last numbers are %v", to.last)
	}
	if len(tables) != len(carry.Tables) || tables[0].Name != "settings" || tables[0].Rows != 2500 || len(tables[0].Digest) != 64 {
		t.Errorf("%+v", tables[0])
	}
}

// TestCopyReadsBack bends a value of one row in each way on its way into the target.
func TestCopyReadsBack(t *testing.T) {
	t.Parallel()
	for name, bend := range map[string]func(carry.Row) carry.Row{
		"lost": func(carry.Row) carry.Row { return nil }, "text": func(r carry.Row) carry.Row { r[0] = "Key"; return r },
		"kind": func(r carry.Row) carry.Row { r[0] = []byte("key"); return r }, "empty": func(r carry.Row) carry.Row { r[1] = nil; return r },
		"cut": func(r carry.Row) carry.Row { b, _ := r[1].([]byte); r[1] = b[:len(b)-1]; return r },
	} {
		to := empty()
		to.bend = func(t *carry.Table, r carry.Row) carry.Row {
			if t.Name == "blobs" && r[0] == "key" {
				return bend(r)
			}
			return r
		}
		if _, err := carry.Copy(t.Context(), some(1), to, func(carry.Progress) {}); err == nil || !strings.Contains(err.Error(), "reading blobs back") || to.committed {
			t.Errorf("%s: %v, committed %t", name, err, to.committed)
		}
	}
}

func TestCopyWantsAnEmptyTarget(t *testing.T) {
	t.Parallel()
	to := empty()
	to.rows["carts"] = []carry.Row{{}}
	_, err := carry.Copy(t.Context(), some(1), to, func(carry.Progress) {})
	var holding *carry.NotEmptyError
	if !errors.As(err, &holding) || !strings.Contains(err.Error(), "it has rows in carts") || len(to.puts) > 0 {
		t.Errorf("%v, %v", err, to.puts)
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		` { "b" : [1, -9223372036854775808, 2.50] , "a" : "é\u2028<&>" } `: "{\"a\":\"é\\u2028<&>\",\"b\":[1,-9223372036854775808,2.50]}",
		"[]": "[]", "null": "null", `"x"`: `"x"`,
	} {
		if got, err := carry.Canonical(text); err != nil || got != want {
			t.Errorf("%s becomes %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "{", "1 2", "{}x"} {
		if got, err := carry.Canonical(text); err == nil {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// described is a schema of SQLite as it is described.
func described() carry.Schema {
	out := carry.Schema{"schema_version": {}, "listings": {}, "listing_words": {}, "product_words": {}}
	kinds := map[carry.Kind]string{carry.Int: "INTEGER", carry.Flag: "INTEGER", carry.Time: "INTEGER", carry.Bytes: "BLOB", carry.UUID: "BLOB"}
	for _, t := range carry.Tables {
		out[t.Name] = map[string]string{}
		for _, c := range t.Columns {
			if out[t.Name][c.Name] = "TEXT"; kinds[c.Kind] != "" {
				out[t.Name][c.Name] = kinds[c.Kind]
			}
		}
		for _, name := range t.Own[carry.SQLite] {
			out[t.Name][name] = "INTEGER"
		}
	}
	return out
}

// TestCheckNamesAllThatDiffers plants each way in which a schema can differ.
func TestCheckNamesAllThatDiffers(t *testing.T) {
	t.Parallel()
	if err := carry.Check(carry.SQLite, described()); err != nil {
		t.Fatal(err)
	}
	for want, plant := range map[string]func(carry.Schema){
		"table news has no place in it":                 func(s carry.Schema) { s["news"] = map[string]string{} },
		"there is no table orders":                      func(s carry.Schema) { delete(s, "orders") },
		"there is no table listings":                    func(s carry.Schema) { delete(s, "listings") },
		"column orders.gift has no place in it":         func(s carry.Schema) { s["orders"]["gift"] = "TEXT" },
		"there is no column orders.number":              func(s carry.Schema) { delete(s["orders"], "number") },
		"there is no column orders.email_key":           func(s carry.Schema) { delete(s["orders"], "email_key") },
		"column orders.total is TEXT and described as ": func(s carry.Schema) { s["orders"]["total"] = "TEXT" },
	} {
		schema := described()
		plant(schema)
		if err := carry.Check(carry.SQLite, schema); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
