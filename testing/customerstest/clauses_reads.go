package customerstest

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CustomersClauses are the clauses of customers.Customers.
func CustomersClauses() []Clause {
	return []Clause{
		{ID: "customers-read", Case: "all of it", Run: customerWhole},
		{ID: "customers-read", Case: "a value of the reader's own", Run: customerOwn},
		{ID: "customers-find", Case: "by address", Run: customerByEmail},
		{ID: "customers-find", Case: "by reference", Run: customersByReference},
		{ID: "customers-list", Case: "newest first, each once", Run: customersPaged},
		{ID: "customers-list", Case: "of a group", Run: customersOfGroup},
		{ID: "customers-groups", Case: "by key", Run: groupsListed},
		{ID: "customers-consents", Case: "in the order of their writing", Run: consentsListed},
		{ID: "customers-count", Case: "of those that are not erased", Run: customersCounted},
	}
}

func customerWhole(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c, plain := w.full("ada@example.org"), w.customer("")
	w.accept(writes(c, plain))
	w.same("the customer", w.stored(c.ID), c)
	w.same("the customer", w.stored(plain.ID), plain)
	c.Version, c.Status, c.Email, c.Name, c.Phone = 2, customers.Disabled, "new@example.org", "", ""
	c.Groups, c.References, c.Addresses = c.Groups[:1], c.References[1:], slices.Clone(c.Addresses[1:])
	c.VerifiedAt, c.UpdatedAt = time.Time{}, w.at.Add(time.Hour)
	w.accept(writes(c))
	w.same("the customer", w.stored(c.ID), c)
	erased, err := c.Apply(customers.Erase, w.at.Add(2*time.Hour))
	w.accept(writes(read(w, erased, err)))
	w.same("the customer", w.stored(c.ID), erased)
	w.missing(ref.NewID[ref.CustomerKind](w.id()))
}

func customerOwn(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.full("ada@example.org")
	city, group := c.Addresses[0].City, c.Groups[0]
	w.accept(writes(c))
	c.Addresses[0].City, c.Groups[0] = "Changed by its writer", "changed"
	got := w.stored(c.ID)
	w.same("the city, once its writer changed it", got.Addresses[0].City, city)
	got.Addresses[0].City, got.Groups[0] = "Changed by a reader", "changed"
	got = w.stored(c.ID)
	w.same("the city, once a reader changed it", got.Addresses[0].City, city)
	w.same("the group", got.Groups[0], group)
}

func customerByEmail(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.full("ada@example.org")
	w.accept(writes(c, w.customer("bob@example.org"), w.customer("")))
	got, err := w.h.Customers.ByEmail(w.Context(), "ada@example.org")
	w.same("the customer with the address", read(w, got, err), &c)
	for _, nobody := range []ref.Email{"nobody@example.org", ""} {
		got, err = w.h.Customers.ByEmail(w.Context(), nobody)
		w.same("the customer with an address that nobody has", read(w, got, err), (*customers.Customer)(nil))
	}
	c.Version, c.Email = 2, "new@example.org"
	w.accept(writes(c))
	got, err = w.h.Customers.ByEmail(w.Context(), "ada@example.org")
	w.same("the customer with a former address", read(w, got, err), (*customers.Customer)(nil))
}

func customersByReference(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, b, other := w.referred("old", "1"), w.referred("old", "2"), w.referred("new", "3")
	w.accept(writes(a, b, other))
	got, err := w.h.Customers.ByReference(w.Context(), "old", []string{"1", "2", "3", "4"})
	w.same("the customers of a source", read(w, got, err), map[string]ref.CustomerID{"1": a.ID, "2": b.ID})
	b.Version, b.References = 2, []customers.Reference{{Source: "old", Ref: "4"}}
	w.accept(writes(b))
	got, err = w.h.Customers.ByReference(w.Context(), "old", []string{"1", "2", "4"})
	w.same("the customers of a source", read(w, got, err), map[string]ref.CustomerID{"1": a.ID, "4": b.ID})
}

// list reads the ids of a page.
func (w *world) list(q customers.ListQuery) []ref.CustomerID {
	w.Helper()
	page, err := w.h.Customers.List(w.Context(), q)
	var ids []ref.CustomerID
	for _, c := range read(w, page, err) {
		ids = append(ids, c.ID)
		w.same("a customer of the page", c, w.stored(c.ID))
	}
	if len(ids) > q.Limit {
		w.Errorf("a page has %d customers, want %d at most", len(ids), q.Limit)
	}
	return ids
}

func customersPaged(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var want []ref.CustomerID
	for range 7 {
		c := w.customer("")
		want = append(want, c.ID)
		w.accept(writes(c))
	}
	slices.Reverse(want)
	var got []ref.CustomerID
	q := customers.ListQuery{Limit: 3}
	for range 4 {
		page := w.list(q)
		got = append(got, page...)
		if len(page) == 0 {
			break
		}
		q.Before = page[len(page)-1]
		w.accept(writes(w.customer("")))
	}
	w.same("the pages together", got, want)
}

func customersOfGroup(t TB, open func(TB) Harness) {
	w := begin(t, open)
	one, two, none := w.full("one@example.org"), w.full("two@example.org"), w.customer("")
	two.References = nil
	w.accept(writes(one, two, none))
	w.same("the members", w.list(customers.ListQuery{Limit: 10, Group: "trade"}), []ref.CustomerID{two.ID, one.ID})
	w.same("the members behind one", w.list(customers.ListQuery{Limit: 10, Group: "trade", Before: two.ID}), []ref.CustomerID{one.ID})
	one.Version, one.Groups = 2, []string{"staff"}
	w.accept(writes(one))
	w.same("the members, once one left", w.list(customers.ListQuery{Limit: 10, Group: "trade"}), []ref.CustomerID{two.ID})
}

func groupsListed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	all, err := w.h.Customers.Groups(w.Context())
	w.same("no groups", read(w, all, err), []customers.Group{})
	b, a := w.group("b"), w.group("a")
	w.accept(groups(b, a))
	b.Version, b.Archived, b.Name, b.UpdatedAt = 2, true, "Archived", w.at.Add(time.Hour)
	w.accept(groups(b))
	all, err = w.h.Customers.Groups(w.Context())
	w.same("the groups", read(w, all, err), []customers.Group{a, b})
}

func consentsListed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c, other := w.customer(""), w.customer("")
	w.accept(writes(c, other))
	w.same("no consents", w.consents(c.ID), []customers.Consent{})
	var want []customers.Consent
	for n := range 3 {
		entry := w.consent(c.ID, 5-n)
		want = append(want, entry)
		w.accept(customers.Commit{Consents: []customers.Consent{entry, w.consent(other.ID, n)}})
	}
	w.same("the consents", w.consents(c.ID), want)
	var many []customers.Consent
	for n := range customers.ConsentsMax {
		many = append(many, w.consent(c.ID, n))
	}
	w.accept(customers.Commit{Consents: many})
	w.same("the newest consents", w.consents(c.ID), many)
}

func customersCounted(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.customer("")
	w.accept(writes(a, w.customer(""), w.full("ada@example.org")))
	erased, err := a.Apply(customers.Erase, w.at)
	w.accept(writes(read(w, erased, err)))
	n, err := w.h.Customers.Count(w.Context())
	w.same("the number of customers", read(w, n, err), int64(2))
}
