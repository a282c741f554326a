package sqlite

import "database/sql"

// Reader gives the tests what reads the file.
func (s *Store) Reader() *sql.DB { return s.reader }
