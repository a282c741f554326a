package bridge

import "github.com/ipswich-retail/commerce/domain/ordering"

// spread tells where the rows of each invoice lie in a file. Where they lie far apart, an import in the order of the file
// would lengthen each order with each of its rows; then it goes by invoices (see orderSorter).
type spread struct {
	places map[string]int // By invoice, the how-manieth that is there.
	counts []int          // By place: how many rows it has…
	last   []int64        // …and which of all is the last.
	rows   int64
	torn   int64 // Rows that lie more than a batch behind the one of their invoice before.
}

func newSpread() *spread { return &spread{places: map[string]int{}} }

// add counts a row.
func (s *spread) add(invoice string) {
	s.rows++
	at, seen := s.places[invoice]
	if !seen {
		s.places[invoice] = len(s.counts)
		s.counts, s.last = append(s.counts, 1), append(s.last, s.rows)
		return
	}
	if s.rows-s.last[at] > batchEnough {
		s.torn++
	}
	s.counts[at]++
	s.last[at] = s.rows
}

// wide tells whether putting the rows of each invoice together pays: more than one row in twenty would lengthen an order.
func (s *spread) wide() bool { return s.torn > 20 && s.torn*20 > s.rows }

// drawerRows is how many rows a drawer has, but for the last invoice that is laid into it.
const drawerRows = 5 * batchMost

// drawers deals the invoices out in the order in which they come, about so many rows in each drawer. It gives the drawer of
// each place, and how many there are.
func (s *spread) drawers() (of []int, many int) {
	of = make([]int, len(s.counts))
	held := 0
	for place, n := range s.counts {
		if held >= drawerRows {
			many, held = many+1, 0
		}
		of[place] = many
		held += n
	}
	return of, many + 1
}

// known is the place of a row's invoice; ok is false for one of a file that changed meanwhile.
func (s *spread) known(r ordering.ImportedRow) (place int, ok bool) {
	place, ok = s.places[r.Invoice]
	return place, ok
}
