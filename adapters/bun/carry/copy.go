package carry

import (
	"context"
	"fmt"
)

// Phase is what a copy does.
type Phase string

// The phases of a copy, in their order.
const (
	Copies  Phase = "copying"
	Checks  Phase = "checking"
	Derives Phase = "making lists"
)

// Progress is how far a copy is.
type Progress struct {
	Phase    Phase
	Rows     int64 // Of all tables, in this phase.
	Products int   // Of which lists were made.
}

// Copied is a table that was copied.
type Copied struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"` // Of its rows, the same in every store.
}

// Bounds of what is in memory at once.
const (
	rowsMost   = 1000
	weightMost = 4 << 20
)

// Copy moves all rows of a shop into an empty one, and reads them back before any of it becomes true. A target that is
// not empty is a *NotEmptyError, and whatever the error is, nothing was written when Close has followed; but the answer of
// the last step, the target's Commit, may be lost.
func Copy(ctx context.Context, from Source, to Target, tell func(Progress)) ([]Copied, error) {
	held, err := to.Held(ctx)
	if err != nil {
		return nil, err
	}
	if len(held) > 0 {
		return nil, &NotEmptyError{held}
	}
	c := &copying{from: from, to: to, tell: tell}
	given := make([]Digest, len(Tables))
	for i, t := range Tables {
		if given[i], err = c.copy(ctx, t); err != nil {
			return nil, fmt.Errorf("copying %s: %w", t.Name, err)
		}
	}
	c.told = Progress{Phase: Checks}
	out := make([]Copied, len(Tables))
	for i, t := range Tables {
		if err := c.check(ctx, t, given[i]); err != nil {
			return nil, fmt.Errorf("reading %s back: %w", t.Name, err)
		}
		out[i] = Copied{t.Name, given[i].Rows, given[i].String()}
	}
	c.told = Progress{Phase: Derives}
	if err := to.Derive(ctx, func(products int) {
		c.told.Products = products
		c.tell(c.told)
	}); err != nil {
		return nil, fmt.Errorf("making what lists show: %w", err)
	}
	return out, to.Commit(ctx)
}

// copying is a copy under way.
type copying struct {
	from Source
	to   Target
	tell func(Progress)
	told Progress
}

// copy moves the rows of a table, some at once.
func (c *copying) copy(ctx context.Context, t *Table) (d Digest, err error) {
	c.told.Phase = Copies
	var rows []Row
	weight := 0
	put := func() error {
		err := c.to.Put(ctx, t, rows)
		rows, weight = rows[:0], 0
		return err
	}
	err = c.from.Each(ctx, t, func(r Row) error {
		if err := d.add(r); err != nil {
			return err
		}
		c.count()
		rows, weight = append(rows, r), weight+r.weight()
		if len(rows) < rowsMost && weight < weightMost {
			return nil
		}
		return put()
	})
	if err == nil && len(rows) > 0 {
		err = put()
	}
	if err != nil || t.Counted == "" {
		return d, err
	}
	last, err := c.from.Last(ctx, t)
	if err == nil {
		err = c.to.Advance(ctx, t, last)
	}
	return d, err
}

// check reads a table back.
func (c *copying) check(ctx context.Context, t *Table, want Digest) error {
	var got Digest
	err := c.to.Each(ctx, t, func(r Row) error {
		c.count()
		return got.add(r)
	})
	if err == nil && got != want {
		err = fmt.Errorf("carry: the target has %d rows of digest %s, and was given %d of %s", got.Rows, got, want.Rows, want)
	}
	return err
}

// count tells of one more row.
func (c *copying) count() {
	c.told.Rows++
	c.tell(c.told)
}
