package carry

import (
	"fmt"
	"slices"
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

// made are the tables that a store makes of others, and how it calls them. Their rows are made anew.
var made = map[Store][]string{
	PostgreSQL: {"listings", "listing_words"},
	SQLite:     {"listings", "listing_words", "product_words"},
}

// left are the tables that are no part of a shop: those by which a store knows its own schema, and what only a release
// before reads.
var left = map[Store][]string{
	PostgreSQL: {"schema_version", "outbox_cursors"},
	SQLite:     {"schema_version"},
}

// Made are the tables of a store whose rows it makes of others.
func Made(s Store) []string { return slices.Clone(made[s]) }

// Schema is the columns of each table with their types, as a store has them.
type Schema map[string]map[string]string

// Check holds a real schema against the description: every table and every column has a place in it, and what it describes
// is there. Its error names all that differs.
func Check(s Store, found Schema) error {
	var wrong []string
	known := map[string]bool{}
	for _, t := range Tables {
		known[t.Name] = true
		columns, there := found[t.Name]
		if !there {
			wrong = append(wrong, "there is no table "+t.Name)
			continue
		}
		wrong = append(wrong, t.differs(s, columns)...)
	}
	for _, name := range slices.Concat(made[s], left[s]) {
		known[name] = true
		if _, there := found[name]; !there {
			wrong = append(wrong, "there is no table "+name)
		}
	}
	for name := range found {
		if !known[name] {
			wrong = append(wrong, "table "+name+" has no place in it")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("carry: %s is not as its description says, so that something would be left behind: %s", s, strings.Join(wrong, "; "))
}

// differs tells how a table's columns are not as described.
func (t *Table) differs(s Store, columns map[string]string) (wrong []string) {
	known := map[string]bool{}
	for _, c := range t.Columns {
		known[c.Name] = true
		switch kept, there := columns[c.Name]; {
		case !there:
			wrong = append(wrong, "there is no column "+t.Name+"."+c.Name)
		case !c.Kind.fits(s, kept):
			wrong = append(wrong, fmt.Sprintf("column %s.%s is %s and described as %s", t.Name, c.Name, kept, c.Kind))
		}
	}
	for _, name := range t.Own[s] {
		known[name] = true
		if _, there := columns[name]; !there {
			wrong = append(wrong, "there is no column "+t.Name+"."+name)
		}
	}
	for name := range columns {
		if !known[name] {
			wrong = append(wrong, "column "+t.Name+"."+name+" has no place in it")
		}
	}
	return wrong
}
