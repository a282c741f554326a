package sqlite

import (
	"strconv"
	"strings"
)

// table is a table whose rows are written one by one, by their key.
type table struct {
	name    string
	key     string   // What a row is known by; "" for rows that are only ever new.
	columns []string // All that are written, in the order of the arguments.
	stay    []string // Those that a known row keeps.
}

// put is the statement that writes a row, new or known.
func (t table) put() string {
	places := make([]string, len(t.columns))
	var sets []string
	kept := " " + strings.Join(t.stay, " ") + " " + strings.ReplaceAll(t.key, ",", "") + " "
	for i, name := range t.columns {
		places[i] = "?" + strconv.Itoa(i+1)
		if !strings.Contains(kept, " "+name+" ") {
			sets = append(sets, name+" = excluded."+name)
		}
	}
	out := "INSERT INTO " + t.name + " (" + strings.Join(t.columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
	if t.key == "" {
		return out
	}
	return out + " ON CONFLICT (" + t.key + ") DO UPDATE SET " + strings.Join(sets, ", ")
}
