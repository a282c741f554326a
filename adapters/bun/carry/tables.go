package carry

import (
	"fmt"
	"strings"
)

// Store names a kind of store.
type Store string

// The stores that shops are moved between.
const (
	PostgreSQL Store = "postgres"
	SQLite     Store = "sqlite"
)

// Table is a table of a shop, as far as it is moved. The column of PostgreSQL that names the shop is none of its columns.
type Table struct {
	Name    string
	Columns []Column
	// Own are the columns that one store alone has: it makes their values of the others, or has them by itself.
	Own map[Store][]string
	// Void is a condition on rows that say no more than that there is none.
	Void string
	// Counted is the column whose values are drawn ascending; none may be given twice, even when its row is gone.
	Counted string
}

// Column is a column that all stores have.
type Column struct {
	Name   string
	Kind   Kind
	Prefix string // Of its ids.
}

// Row is a row of a table in the order of its columns: nil, int64, string or []byte each.
type Row []any

// Names are the names of the columns.
func (t *Table) Names() []string {
	out := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = c.Name
	}
	return out
}

// Value gives the value of a column of a row.
func (t *Table) Value(r Row, name string) any {
	for i, c := range t.Columns {
		if c.Name == name {
			return r[i]
		}
	}
	return nil
}

// option says more of a table than its columns.
type option func(*Table)

// void is Table.Void.
func void(condition string) option { return func(t *Table) { t.Void = condition } }

// counted is Table.Counted.
func counted(column string) option { return func(t *Table) { t.Counted = column } }

// table describes a table: each column is a name and a kind, with the prefix of its ids behind a dot, or a store and the
// name of a column that only this one has. A description that cannot be read is a mistake of ours.
func table(name, columns string, options ...option) *Table {
	t := &Table{Name: name, Own: map[Store][]string{}}
	for word := range strings.FieldsSeq(columns) {
		if store, column, own := strings.Cut(word, "/"); own {
			t.Own[Store(store)] = append(t.Own[Store(store)], column)
			continue
		}
		column, kind, _ := strings.Cut(word, ":")
		kind, prefix, _ := strings.Cut(kind, ".")
		c := Column{Name: column, Kind: Kind(kind), Prefix: prefix}
		if keptAs[c.Kind] == nil || c.Kind.identified() != (codecs[prefix].encode != nil) {
			panic(fmt.Sprintf("carry: table %s: %q describes no column", name, word))
		}
		t.Columns = append(t.Columns, c)
	}
	for _, o := range options {
		o(t)
	}
	return t
}
