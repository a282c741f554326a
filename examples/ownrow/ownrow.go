// Package ownrow shows how a row of one's own becomes true together with an order: a gift message, for the printer in
// the packing room. A buyer writes it into the cart's metadata; when the order is made there is a row for it, in the
// same commit. A row that was written after the order could be missing, and one before it could be of no order.
//
// The place for that is a decorator of ordering.Committer, the one way by which orders change. It sees each commit
// before it is made and may add attachments (ordering.Attachment) to it, which the store writes with all the rest or not
// at all: the memory store keeps them by kind and key, the one of PostgreSQL in the table commerce.attachments.
package ownrow

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// MessageKey is the name in the cart's metadata under which the shop's page puts the message.
const MessageKey = "gift_message"

// kind tells our rows from those of other decorators.
const kind = "gift"

// Gift is the row.
type Gift struct {
	Order   ref.OrderID `json:"order"`
	Number  string      `json:"number"` // What stands on the parcel.
	Message string      `json:"message"`
}

// Committer adds the rows. Safe for concurrent use, as what it wraps is.
type Committer struct{ next ordering.Committer }

var _ ordering.Committer = (*Committer)(nil)

// New decorates a committer.
func New(next ordering.Committer) *Committer { return &Committer{next: next} }

// Unwrap lets ports.As see what the wrapped one can do besides; a decorator without it would hide that.
func (c *Committer) Unwrap() any { return c.next }

// Commit adds a row for each new order with a message. It decides from the commit alone: what it would read anywhere
// else could be another thing by the time the commit is made.
func (c *Committer) Commit(ctx context.Context, commit ordering.Commit) (ordering.Outcome, error) {
	for _, w := range commit.Orders {
		message := w.State.Metadata[MessageKey]
		if w.Expected != 0 || message == "" {
			continue // Changed later, the order keeps the message that it was made with.
		}
		data, err := json.Marshal(Gift{Order: w.State.ID, Number: w.State.Number, Message: message})
		if err != nil {
			return ordering.Outcome{}, err
		}
		// The commit is the caller's; its list is not appended to but replaced.
		commit.Attach = append(slices.Clone(commit.Attach), ordering.Attachment{Kind: kind, Key: w.State.ID.String(), Data: data})
	}
	return c.next.Commit(ctx, commit)
}

// Rows is where a store shows attachments; memory.Attachments is one.
type Rows interface {
	Get(kind, key string) (data []byte, found bool)
}

// Of gives the gift of an order; found is false for an order that is none.
func Of(rows Rows, order ref.OrderID) (g Gift, found bool, err error) {
	data, found := rows.Get(kind, order.String())
	if !found {
		return Gift{}, false, nil
	}
	err = json.Unmarshal(data, &g)
	return g, err == nil, err
}
