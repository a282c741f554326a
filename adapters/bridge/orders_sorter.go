package bridge

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// orderSorter puts the rows of each invoice together in bounded memory: rows are dealt into drawers, each of some invoices
// and of about as many rows, and a drawer is sorted when it is taken out. Drawers lie in one temporary file, in pieces.
type orderSorter struct {
	spread   *spread
	currency money.Currency
	file     *os.File
	end      int64
	of       []int // The drawer of each place.
	drawers  []drawer
}

// drawer is some invoices with all of their rows.
type drawer struct {
	filling []byte // The piece that is not written yet.
	pieces  []piece
	rows    int
}

// piece is a part of the file, of whole rows.
type piece struct {
	at   int64
	size int
}

// pieceSize is from when on a piece is written.
const pieceSize = 16 << 10

// newOrderSorter makes the temporary file, without a name where the system allows: then nothing is left of it, whatever
// ends the program.
func newOrderSorter(s *spread, c money.Currency) (*orderSorter, error) {
	file, err := os.CreateTemp("", "shop-orders-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // Where an open file keeps its name, close removes it.
	out := &orderSorter{spread: s, currency: c, file: file}
	var many int
	out.of, many = s.drawers()
	out.drawers = make([]drawer, many)
	return out, nil
}

// close leaves nothing behind.
func (s *orderSorter) close() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // It is gone already but for systems that keep what is open.
}

// put lays a row into its drawer. Errors: FileChanged for an invoice that was not there before.
func (s *orderSorter) put(r ordering.ImportedRow) error {
	place, known := s.spread.known(r)
	if !known {
		return fileChanged()
	}
	d := &s.drawers[s.of[place]]
	d.filling = appendRow(d.filling, r)
	d.rows++
	if len(d.filling) < pieceSize {
		return nil
	}
	if _, err := s.file.WriteAt(d.filling, s.end); err != nil {
		return fmt.Errorf("sorting the file by invoices: %w", err)
	}
	d.pieces = append(d.pieces, piece{s.end, len(d.filling)})
	s.end += int64(len(d.filling))
	d.filling = d.filling[:0]
	return nil
}

// each takes the rows out, invoice by invoice in the order in which these begin, those of an invoice as they came.
func (s *orderSorter) each(ctx context.Context, take func(ordering.ImportedRow) error) error {
	for i := range s.drawers {
		rows, err := s.takeOut(&s.drawers[i])
		if err != nil {
			return fmt.Errorf("sorting the file by invoices: %w", err)
		}
		for _, r := range rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := take(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeOut reads a drawer and sorts it.
func (s *orderSorter) takeOut(d *drawer) ([]ordering.ImportedRow, error) {
	rows := make([]ordering.ImportedRow, 0, d.rows)
	read := func(text []byte) error {
		for len(text) > 0 {
			r, rest, err := cutRow(text, s.currency)
			if err != nil {
				return err
			}
			rows, text = append(rows, r), rest
		}
		return nil
	}
	var text []byte
	for _, p := range d.pieces {
		text = slices.Grow(text[:0], p.size)[:p.size]
		if n, err := s.file.ReadAt(text, p.at); n < p.size {
			return nil, cmp.Or(err, io.ErrUnexpectedEOF)
		}
		if err := read(text); err != nil {
			return nil, err
		}
	}
	if err := read(d.filling); err != nil {
		return nil, err
	}
	*d = drawer{} // Its memory is the next one's.
	slices.SortStableFunc(rows, func(a, b ordering.ImportedRow) int {
		return cmp.Or(cmp.Compare(s.spread.places[a.Invoice], s.spread.places[b.Invoice]), cmp.Compare(a.Ordinal, b.Ordinal))
	})
	return rows, nil
}
