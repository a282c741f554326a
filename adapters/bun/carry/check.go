package carry

import (
	"fmt"
	"slices"
	"strings"
)

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
