package orderingtest_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// The flaws of what a sketch finds of orders, and of its inbox.
const (
	paymentAlone     flaw = "an order by its payment has no other payment"
	inventsPayments  flaw = "an unknown payment has an order"
	listsOldest      flaw = "orders are listed oldest first"
	skipsTwins       flaw = "what has the key of the last one is left out"
	listsAllStatuses flaw = "the status is not asked for with a prefix"
	foldsNothing     flaw = "e-mail addresses are compared as they were written"
	repeatsLast      flaw = "the next page begins with the last one"
	dueByID          flaw = "what is due comes by id"
	dueForEver       flaw = "what was due once stays so"
	dueTooLate       flaw = "what is due now is not"
	keepsDone        flaw = "what is done with waits"
	keepsFirstEvent  flaw = "an event that is kept is not replaced"
	oneProvider      flaw = "an event is known by its id alone"
	waitsTooLong     flaw = "an event that is due now is not"
	inboxUnbounded   flaw = "more events are given than asked for"
	sweepsYoung      flaw = "events that are done with go at any age"
	sweepsAll        flaw = "more events go than asked for"
	sweepsWaiting    flaw = "events that wait go"
	sweepsAgain      flaw = "events that went are counted again"
)

// orderMutants break what finds orders.
func orderMutants() []clausetest.Mutant[orderingtest.Harness] {
	return []clausetest.Mutant[orderingtest.Harness]{
		mutant(paymentAlone, "orders-payment"),
		mutant(inventsPayments, "orders-payment"),
		mutant(listsOldest, "orders-list"),
		mutant(skipsTwins, "orders-list"),
		mutant(listsAllStatuses, "orders-list"),
		mutant(foldsNothing, "orders-list"),
		mutant(repeatsLast, "orders-list"),
		mutant(dueByID, "orders-unsettled"),
		mutant(dueForEver, "orders-unsettled"),
		mutant(dueTooLate, "orders-unsettled"),
	}
}

// OfPayment is ordering.Orders's.
func (s *sketch) OfPayment(ctx context.Context, id ref.PaymentID) (ordering.Order, []ordering.Payment, error) {
	s.mu.RLock()
	var order ref.OrderID
	for o, payments := range s.payments {
		for _, p := range payments {
			if p.ID == id || s.flaw == inventsPayments && order.IsZero() {
				order = o
			}
		}
	}
	s.mu.RUnlock()
	if order.IsZero() {
		return ordering.Order{}, nil, fault.Missing.New("there is no such payment")
	}
	o, payments, err := s.Order(ctx, order)
	if s.flaw == paymentAlone {
		payments = slices.DeleteFunc(payments, func(p ordering.Payment) bool { return p.ID != id })
	}
	return o, payments, err
}

// List is ordering.Orders's.
func (s *sketch) List(ctx context.Context, q ordering.OrderQuery) (ordering.OrderListing, error) {
	s.mu.RLock()
	var found []ordering.OrderCursor
	for _, o := range s.orders {
		asked := q.Matches(o)
		switch {
		case s.flaw == listsAllStatuses && q.Prefix != "":
			asked = strings.HasPrefix(q.Key(o), q.Compared())
		case s.flaw == foldsNothing && q.Prefix != "" && !q.ByNumber():
			asked = asked && strings.HasPrefix(o.Email, q.Prefix)
		}
		c := q.Cursor(o)
		if after := q.After; after != nil {
			behind := s.compare(q, c, *after)
			asked = asked && (behind > 0 || behind == 0 && s.flaw == repeatsLast)
			if s.flaw == skipsTwins && q.Prefix != "" && c.Key == after.Key {
				asked = false
			}
		}
		if asked {
			found = append(found, c)
		}
	}
	s.mu.RUnlock()
	slices.SortFunc(found, func(a, b ordering.OrderCursor) int { return s.compare(q, a, b) })
	var out ordering.OrderListing
	if len(found) > q.Limit {
		found = found[:q.Limit]
		out.Next = &found[q.Limit-1]
	}
	for _, c := range found {
		o, payments, err := s.Order(ctx, c.ID)
		if err != nil {
			return ordering.OrderListing{}, err
		}
		out.Items = append(out.Items, ordering.Sale{Order: o, Payments: payments})
	}
	return out, nil
}

// compare orders cursors.
func (s *sketch) compare(q ordering.OrderQuery, a, b ordering.OrderCursor) int {
	if s.flaw == listsOldest && q.Prefix == "" {
		return a.ID.Compare(b.ID)
	}
	return q.CompareTo(a, b)
}

// Unsettled is ordering.Orders's.
func (s *sketch) Unsettled(_ context.Context, at time.Time, limit int) ([]ref.OrderID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []ref.OrderID
	for id, due := range s.due {
		if due.Before(at) || due.Equal(at) && s.flaw != dueTooLate {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b ref.OrderID) int {
		if s.flaw == dueByID {
			return a.Compare(b)
		}
		return cmp.Or(s.due[a].Compare(s.due[b]), a.Compare(b))
	})
	return out[:min(len(out), limit)], nil
}

// schedule notes when an order is due.
func (s *sketch) schedule(o ordering.Order) {
	switch {
	case !o.Due.IsZero():
		s.due[o.ID] = o.Due
	case s.flaw != dueForEver:
		delete(s.due, o.ID)
	}
}

// receive writes to the inbox.
func (s *sketch) receive(events []ordering.InboxEvent) {
	for _, e := range events {
		key := e.Event.Provider + "/" + e.Event.ID
		if s.flaw == oneProvider {
			key = e.Event.ID
		}
		_, known := s.inbox[key]
		switch {
		case known && s.flaw == keepsFirstEvent && !e.Due.IsZero():
		case e.Due.IsZero() && s.flaw != keepsDone:
			delete(s.inbox, key)
			s.doneWith[key] = e
		case !e.Due.IsZero():
			s.inbox[key] = e
		}
	}
}

// SweepInbox is ordering.InboxSweeper's.
func (s *sketch) SweepInbox(_ context.Context, before time.Time, limit int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for key, e := range s.doneWith {
		if (n < limit || s.flaw == sweepsAll) && (e.KeptAt.Before(before) || s.flaw == sweepsYoung) {
			if n++; s.flaw != sweepsAgain {
				delete(s.doneWith, key)
			}
		}
	}
	for key := range s.inbox {
		if n < limit && s.flaw == sweepsWaiting {
			delete(s.inbox, key)
			n++
		}
	}
	return n, nil
}

// Waiting is ordering.PaymentInbox's.
func (s *sketch) Waiting(_ context.Context, at time.Time, limit int) ([]ordering.InboxEvent, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := slices.DeleteFunc(slices.Collect(maps.Values(s.inbox)), func(e ordering.InboxEvent) bool {
		return e.Due.After(at) || e.Due.Equal(at) && s.flaw == waitsTooLong
	})
	slices.SortFunc(out, func(a, b ordering.InboxEvent) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Event.Provider, b.Event.Provider), cmp.Compare(a.Event.ID, b.Event.ID))
	})
	if s.flaw == inboxUnbounded {
		limit = len(out)
	}
	return out[:min(len(out), limit)], nil
}
