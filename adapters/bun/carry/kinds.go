package carry

import "slices"

// Kind says what a column holds, and so how each store keeps it.
type Kind string

// The kinds of columns, with how PostgreSQL and SQLite keep them.
const (
	Text   Kind = "text"   // Text in both.
	Int    Kind = "int"    // A whole number in both.
	Flag   Kind = "flag"   // A truth; in SQLite 0 or 1.
	Time   Kind = "time"   // A moment; in SQLite microseconds, with numbers before and behind every time for what has no end.
	Bytes  Kind = "bytes"  // Bytes in both.
	UUID   Kind = "uuid"   // An id without a kind of its own; in SQLite its 16 bytes.
	ID     Kind = "id"     // An id; in SQLite its public text.
	NoID   Kind = "noid"   // An id that may be none: zero in PostgreSQL, NULL in SQLite.
	BareID Kind = "bareid" // An id that may be none: zero in PostgreSQL, "" in SQLite.
	SlugID Kind = "slugid" // An id of the kind that the column "kind" of its row names; in SQLite its public text.
	Path   Kind = "path"   // Ids from the root of a tree down, between slashes; in SQLite their public texts.
	JSON   Kind = "json"   // A structure: jsonb, and text.
	Raw    Kind = "raw"    // A structure whose bytes stay as they are: json, and text.
	IDs    Kind = "ids"    // A list of ids; in SQLite JSON.
	Texts  Kind = "texts"  // A list of texts; in SQLite JSON.
	Times  Kind = "times"  // A list of moments; in SQLite JSON.
)

// keptAs are the types of columns of each kind.
var keptAs = map[Kind]map[Store][]string{
	Text:   {PostgreSQL: {"text"}, SQLite: {"TEXT"}},
	Int:    {PostgreSQL: {"bigint", "integer"}, SQLite: {"INTEGER"}},
	Flag:   {PostgreSQL: {"boolean"}, SQLite: {"INTEGER"}},
	Time:   {PostgreSQL: {"timestamp with time zone"}, SQLite: {"INTEGER"}},
	Bytes:  {PostgreSQL: {"bytea"}, SQLite: {"BLOB"}},
	UUID:   {PostgreSQL: {"uuid"}, SQLite: {"BLOB"}},
	ID:     {PostgreSQL: {"uuid"}, SQLite: {"TEXT"}},
	NoID:   {PostgreSQL: {"uuid"}, SQLite: {"TEXT"}},
	BareID: {PostgreSQL: {"uuid"}, SQLite: {"TEXT"}},
	SlugID: {PostgreSQL: {"uuid"}, SQLite: {"TEXT"}},
	Path:   {PostgreSQL: {"text"}, SQLite: {"TEXT"}},
	JSON:   {PostgreSQL: {"jsonb"}, SQLite: {"TEXT"}},
	Raw:    {PostgreSQL: {"json"}, SQLite: {"TEXT"}},
	IDs:    {PostgreSQL: {"uuid[]"}, SQLite: {"TEXT"}},
	Texts:  {PostgreSQL: {"text[]"}, SQLite: {"TEXT"}},
	Times:  {PostgreSQL: {"timestamp with time zone[]"}, SQLite: {"TEXT"}},
}

// fits tells whether a column of a type can hold what the kind says.
func (k Kind) fits(s Store, columnType string) bool { return slices.Contains(keptAs[k][s], columnType) }

// identified tells whether the kind needs to know the kind of its ids.
func (k Kind) identified() bool { return k == ID || k == NoID || k == BareID || k == IDs || k == Path }
