package bridge

import (
	"io"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ImportFile is what a reader made of a file of products.
type ImportFile struct {
	Products []ImportProduct
	Rows     int
	Ignored  []string // Columns that were not read.
	Notes    []ImportNote
}

// ImportNote tells that something was read in another way than it stands in the file.
type ImportNote struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Text   string `json:"text"`
}

// ImportRejection is one thing that is wrong with a file or with a product in it.
type ImportRejection struct {
	Line   int    `json:"line"`   // In the file; 0 when nothing closer is known.
	Column string `json:"column"` // As the file names it, or the path of the field.
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// ImportReader reads a file of products in a currency. A file that it refuses is an error of kind Invalid, whose detail
// rejections lists why and whose detail count says how many there are.
type ImportReader func(r io.Reader, currency money.Currency) (ImportFile, error)

// ImportRecord is an import with its report.
type ImportRecord struct {
	ID         ref.ImportID `json:"id"`
	Kind       string       `json:"kind"`
	DryRun     bool         `json:"dry_run"`
	State      ImportState  `json:"state"`
	Channel    ref.Channel  `json:"channel"`
	Currency   string       `json:"currency"`
	CreatedAt  time.Time    `json:"created_at"`
	FinishedAt time.Time    `json:"finished_at,omitzero"`
	File       string       `json:"file"`
	SHA256     string       `json:"sha256"`
	Bytes      int          `json:"bytes"`
	Total      int          `json:"total"` // Products of the file, once it was read; Products of them are done.
	Rows       int          `json:"rows"`
	ImportReport
	Ignored  []string          `json:"ignored_columns"`
	Notes    []ImportNote      `json:"notes"`
	Rejected []ImportRejection `json:"rejected"`
	Reasons  int               `json:"rejected_count"`
	Message  string            `json:"message"` // Why it failed, or was interrupted.
	Seconds  float64           `json:"seconds"` // Of the last attempt.
}

// Ended tells whether nothing more happens to the import.
func (r ImportRecord) Ended() bool {
	return r.State == ImportDone || r.State == ImportBroken || r.State == ImportFailed
}
