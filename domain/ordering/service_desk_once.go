package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// The commands of staff that make something, for callers who may have to give one again without knowing what became of
// it: the id or the key of what is made is theirs, and what is there already is not made a second time. Whatever else
// staff do leads to a state; done again it is found there, or refused.

// FulfilAs is Fulfil under an id of the caller's. Of a fulfilment that the order has under it already nothing is changed.
// Errors: as of Fulfil.
func (s *Service) FulfilAs(ctx context.Context, id ref.OrderID, fulfilment ref.FulfilmentID, lines []SendLine, tracking *Tracking) (Sale, Fulfilment, error) {
	var made Fulfilment
	sale, err := s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		var known bool
		if made, known = x.Order.Fulfilment(fulfilment); known {
			return x, Commit{}, false, nil
		}
		next, f, c, err := fulfil(x, fulfilment, lines, tracking, m)
		made = f
		return next, c, true, err
	})
	return sale, made, err
}

// AddNoteAs is AddNote under a key of the caller's, "" for none. A note that the order has under it already is not
// written again. Errors: as of AddNote.
func (s *Service) AddNoteAs(ctx context.Context, id ref.OrderID, key, author, text string) (Sale, error) {
	return s.staff(ctx, id, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		for _, n := range x.Order.Notes {
			if key != "" && n.Key == key {
				return x, Commit{}, false, nil
			}
		}
		next, c, err := addNote(x, key, author, text, m)
		return next, c, true, err
	})
}
