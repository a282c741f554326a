package compose

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// filePrefix begins the address of a shop in a file.
const filePrefix = "sqlite:"

// ParsePlace reads where a shop is kept: sqlite:FILE, or the address of a PostgreSQL database. What cannot be one is a
// *SettingError of the flag, which holds nothing of an address that may have a password in it.
func ParsePlace(flag, text string) (Place, error) {
	file, isFile := strings.CutPrefix(text, filePrefix)
	switch {
	case text == StoreMemory:
		return Place{}, wrong(flag, "a shop in memory ends with its program and cannot be copied: sqlite:FILE or postgres://…")
	case isFile && !hasSQLite:
		return Place{}, wrong(flag, "this program was built without SQLite and knows no shops in files: take one that was not built with the tag nosqlite, as go build makes it")
	case isFile:
		if file == "" || strings.HasPrefix(file, "//") || strings.HasSuffix(file, string(os.PathSeparator)) {
			return Place{}, wrong(flag, "sqlite: goes before the name of a file, as in sqlite:shop.db or sqlite:/var/lib/shop/shop.db")
		}
		return Place{Store: StoreSQLite, SQLiteFile: file}, nil
	case strings.HasPrefix(text, "postgres://"), strings.HasPrefix(text, "postgresql://"):
		if _, err := pgx.ParseConfig(text); err != nil {
			return Place{}, wrong(flag, "cannot be read; write postgres://USER:PASSWORD@HOST:5432/NAME, special characters of the password as %XX")
		}
		return Place{Store: StorePostgres, DatabaseURL: text}, nil
	}
	return Place{}, wrong(flag, "sqlite:FILE or postgres://USER:PASSWORD@HOST:5432/NAME")
}

// String is the place without what is secret of it.
func (p Place) String() string {
	if p.StoreName() == StoreSQLite {
		return filePrefix + p.SQLiteFile
	}
	if c, err := pgx.ParseConfig(p.DatabaseURL); err == nil && p.StoreName() == StorePostgres {
		return fmt.Sprintf("postgres://%s:%d/%s", c.Host, c.Port, c.Database)
	}
	return p.StoreName()
}

// same tells whether two places are one, as far as can be told from outside: two addresses of one database are found out
// by its store.
func (p Place) same(as Place) bool {
	if p.StoreName() != as.StoreName() {
		return false
	}
	if p.StoreName() == StorePostgres {
		return p.String() == as.String()
	}
	one, err := os.Stat(p.SQLiteFile)
	other, e := os.Stat(as.SQLiteFile)
	if err == nil && e == nil {
		return os.SameFile(one, other)
	}
	a, err := filepath.Abs(p.SQLiteFile)
	b, e := filepath.Abs(as.SQLiteFile)
	return err == nil && e == nil && a == b
}
