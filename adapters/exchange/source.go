package exchange

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strings"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Source is a file of products that is read pass by pass: Check judges all of it, Each then gives what is in it, one thing
// after the other. Nothing of the file is held between two things but which handles and SKUs it has, so that a file may be
// far larger than the memory; it must not change meanwhile. Not safe for concurrent use.
type Source struct {
	in       io.ReaderAt
	seed     maphash.Seed
	size     int64
	format   Format
	currency money.Currency
	index    *index
	rows     int
	ignored  []string
	remarks  []Note
}

// index is what is known of a file as a whole after its first pass.
type index struct {
	handles map[string]int // The line on which each product starts, by slug.
	skus    map[ref.SKU]wish
	clashes bool // Generated SKUs meet others.
	sum     uint64
	woo     wooIndex
}

// wish is who wants a SKU.
type wish struct {
	line   int
	stated bool // The file says so.
	count  int  // How many want it.
}

// Open looks at a file and finds its format, unless one is named. Errors: money.CurrencyMismatch without a currency of
// its prices, a *FileError for what has no format, the reader's own error.
func Open(in io.ReaderAt, size int64, as Format, currency money.Currency) (*Source, error) {
	if currency.IsZero() {
		return nil, money.CurrencyMismatch.New("a product file is read in a currency; name the one of its prices")
	}
	if as == "" {
		var err error
		if as, err = detect(io.NewSectionReader(in, 0, size)); err != nil {
			return nil, reading(err)
		}
	}
	return &Source{in: in, seed: maphash.MakeSeed(), size: size, format: as, currency: currency}, nil
}

// reading tells what was done when a reader failed.
func reading(err error) error { return fmt.Errorf("reading the product file: %w", err) }

// Format is that of the file, as named or found.
func (s *Source) Format() Format { return s.format }

// Rows is how many rows, or lines, have something in them, without the header; once Check has read them.
func (s *Source) Rows() int { return s.rows }

// Ignored are the columns that are not read, as the file names them; once Check has seen them.
func (s *Source) Ignored() []string { return s.ignored }

// Notes tell what was read in another way than it stands, at most ListMax; once Check has read all.
func (s *Source) Notes() []Note { return s.remarks }

// Check reads the file to its end and judges it as a whole. It tells now and then how far it is. Errors: *FileError with
// all that is wrong, the reader's own error otherwise.
func (s *Source) Check(tell func(rows int, bytes int64)) error {
	s.index = &index{handles: map[string]int{}, skus: map[ref.SKU]wish{}}
	p := s.pass(learn, nil)
	p.tell = tell
	err := p.run()
	s.rows, s.remarks = p.rows, p.notes
	if err != nil || !s.index.clashes {
		return err
	}
	return s.pass(settle, nil).run()
}

// Each gives what is in the file, in its order, once Check has found nothing wrong. It ends with the first error of
// yield. Errors: that one, the reader's own, *FileError for a file that was changed meanwhile.
func (s *Source) Each(yield func(Item) error) error {
	if s.index == nil {
		if err := s.Check(nil); err != nil {
			return err
		}
	}
	return s.pass(give, yield).run()
}

// stage is what a pass is for.
type stage int

const (
	learn  stage = iota // Judges, and gathers what is known of the file as a whole.
	settle              // Judges the SKUs that generated ones got instead.
	give                // Gives what is in the file.
)

// pass is one way through a file.
type pass struct {
	findings
	*Source

	stage   stage
	yield   func(Item) error
	tell    func(rows int, bytes int64)
	table   *table
	rows    int
	settled map[ref.SKU]int // The line of each SKU that was given instead of a generated one.
}

func (s *Source) pass(stage stage, yield func(Item) error) *pass {
	return &pass{Source: s, stage: stage, yield: yield, settled: map[ref.SKU]int{}}
}

// run goes through the file.
func (p *pass) run() error {
	read := &summed{Reader: io.NewSectionReader(p.in, 0, p.size)}
	read.sum.SetSeed(p.seed)
	p.table = newTable(read)
	var err error
	switch p.format {
	case WooCommerce:
		err = readWoo(p)
	case CSV:
		err = readOwn(p)
	case JSONL:
		err = readLines(p)
	default:
		err = readShopifyRows(p)
	}
	var broken *brokenError
	var stopped *stoppedError
	switch {
	case errors.As(err, &broken):
		p.refuse(broken.Rejection)
	case errors.As(err, &stopped):
		return stopped.error
	case err != nil:
		return reading(err)
	case p.stage == learn:
		p.index.sum = read.sum.Sum64()
	case p.count == 0 && p.index.sum != read.sum.Sum64():
		p.refuse(Rejection{Line: 1, Code: CodeChanged, Reason: "the file was changed while it was read; import it again"})
	}
	return p.err()
}

// summed is what of a file a pass has read, so that the next one knows whether it is the same.
type summed struct {
	io.Reader

	sum maphash.Hash
}

// Read sums up what it reads.
func (s *summed) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	_, _ = s.sum.Write(p[:n]) // Cannot fail.
	return n, err
}

// stoppedError carries an error of who takes what a pass gives.
type stoppedError struct{ error }

// tellEvery is how many rows are read between two times that a pass tells how far it is.
const tellEvery = 500

// next gives the next row with something in it, and counts it.
func (p *pass) next(h *header) (row, error) {
	for {
		r, err := p.table.next()
		if err != nil {
			if bad := (*brokenError)(nil); errors.As(err, &bad) && h != nil {
				bad.Column = h.title(bad.cell)
			}
			return row{}, err
		}
		if r.empty() {
			continue
		}
		if h == nil { // It is the header.
			return r, nil
		}
		p.counted()
		return r, nil
	}
}

// ended tells whether a file ended, wholly or because it is broken, which is a finding like others.
func (p *pass) ended(err error) bool {
	bad := (*brokenError)(nil)
	if errors.As(err, &bad) {
		p.refuse(bad.Rejection)
	}
	return bad != nil || errors.Is(err, io.EOF)
}

// counted counts a row that was read.
func (p *pass) counted() {
	p.rows++
	if p.tell != nil && p.rows%tellEvery == 0 {
		p.tell(p.rows, p.table.offset)
	}
}

// empty tells whether a row has nothing in it.
func (r row) empty() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// first gives the header's row.
func (p *pass) first() (row, error) {
	r, err := p.next(nil)
	if errors.Is(err, io.EOF) {
		return row{}, broken(1, CodeEmptyFile, "the file is empty; its first line names the columns")
	}
	return r, err
}

// fits refuses a row that has not as many cells as there are columns.
func (p *pass) fits(r row, h *header) bool {
	have, want := len(r.cells), len(h.labels)
	if have != want {
		p.refuse(Rejection{Line: r.line, Code: CodeFieldCount, Column: h.title(min(have, want)), Reason: fmt.Sprintf(
			"the row has %d cells and the first line names %d columns; most often a quote is missing or a comma is not quoted", have, want)})
	}
	return have == want
}

// out gives a thing, if the pass is for that.
func (p *pass) out(i Item) error {
	if p.stage != give {
		return nil
	}
	i.Rows, i.Bytes = p.rows, p.table.offset
	if err := p.yield(i); err != nil {
		return &stoppedError{err}
	}
	return nil
}
