package postgres

import (
	"strings"
)

// recordset is a table whose rows are written as sets, each set one argument: a JSON array with an object for each row.
// One statement serves any number of rows, and a struct's tags say which column a field is.
type recordset struct {
	table   string
	key     string   // Its primary key besides the shop.
	columns []string // Each a name and its type, the key first.
}

// names are the columns without their types.
func (r recordset) names() []string {
	out := make([]string, len(r.columns))
	for i, c := range r.columns {
		out[i], _, _ = strings.Cut(c, " ")
	}
	return out
}

// from is the set as rows, named r.
func (r recordset) from() string {
	return "jsonb_to_recordset($2::jsonb) AS r(" + strings.Join(r.columns, ", ") + ")"
}

// insert writes new rows; its arguments are the shop and the set.
func (r recordset) insert() string {
	names := r.names()
	return "INSERT INTO commerce." + r.table + " (shop, " + strings.Join(names, ", ") + ") SELECT $1, r." +
		strings.Join(names, ", r.") + " FROM " + r.from() + " ORDER BY r." + r.key
}

// update writes known rows, all columns but those that stay; its arguments are the shop and the set.
func (r recordset) update(stay ...string) string {
	var sets []string
	for _, name := range r.names() {
		if name == r.key || strings.Contains(" "+strings.Join(stay, " ")+" ", " "+name+" ") {
			continue
		}
		sets = append(sets, name+" = r."+name)
	}
	return "UPDATE commerce." + r.table + " AS t SET " + strings.Join(sets, ", ") + " FROM " + r.from() +
		" WHERE t.shop = $1 AND t." + r.key + " = r." + r.key
}
