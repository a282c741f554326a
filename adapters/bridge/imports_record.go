package bridge

import (
	"io"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ImportRejection is one thing that is wrong with a file or with a product in it.
type ImportRejection struct {
	Line   int    `json:"line"`   // In the file; 0 when nothing closer is known.
	Column string `json:"column"` // As the file names it, or the path of the field.
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// ImportOpener opens a file of products, in the format that is named or else found, with prices in a currency. A file that
// it refuses is an error as of ImportSource.Check; a format that is not known, of class fault.Bad.
type ImportOpener func(in io.ReaderAt, size int64, as string, currency money.Currency) (ImportSource, error)

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
	As         string       `json:"as"` // The format that was named; "" to find it.
	Bytes      int          `json:"bytes"`
	Phase      ImportPhase  `json:"phase"`      // "" until it begins.
	RowsDone   int          `json:"rows_done"`  // In the phase.
	BytesDone  int64        `json:"bytes_done"` // In the phase.
	Total      int          `json:"total"`      // Products of the file, once it was judged; Products of them are done.
	Rows       int          `json:"rows"`       // Of the file, once it was read.
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
