package customerstest

import (
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// CommitterClauses are the clauses of customers.Committer.
func CommitterClauses() []Clause {
	return []Clause{
		{ID: "customers-atomic", Case: "nothing of what is refused", Run: atomicRefused},
		{ID: "customers-decide", Case: "versions before addresses", Run: decideOrder},
		{ID: "customers-decide", Case: "a commit that contradicts itself", Run: decideMalformed},
		{ID: "customers-decide", Case: "a group that is there already", Run: groupTaken},
		{ID: "customers-version", Case: "of a customer", Run: customerVersions},
		{ID: "customers-version", Case: "of a group", Run: groupVersions},
		{ID: "customers-version", Case: "one of many writers wins", Run: oneWriterWins},
		{ID: "customers-email", Case: "once", Run: emailOnce},
		{ID: "customers-email", Case: "one of many wins", Run: oneEmailWins},
		{ID: "customers-email", Case: "two customers exchange theirs", Run: emailsExchanged},
		{ID: "customers-reference", Case: "once", Run: referenceOnce},
		{ID: "customers-reference", Case: "one of many wins", Run: oneReferenceWins},
		{ID: "customers-consent", Case: "added to what is there", Run: consentsAdded},
		{ID: "customers-events", Case: "in their order", Run: eventsInOrder},
		{ID: "customers-audit", Case: "once each", Run: audited},
		{ID: "customers-durable", Case: "all parts", Run: durable},
	}
}

func atomicRefused(t TB, open func(TB) Harness) {
	w := begin(t, open)
	there := w.customer("ada@example.org")
	w.accept(writes(there))
	fresh, taken := w.full("new@example.org"), w.customer("ada@example.org")
	c := writes(fresh, taken)
	c.Groups = groups(w.group("trade")).Groups
	c.Consents = []customers.Consent{w.consent(there.ID, 0)}
	c.Events, c.Audit = []event.Event{w.note(1)}, []ports.AuditEntry{w.entry("refused")}
	w.refuses(c, customers.EmailTaken)
	w.missing(fresh.ID)
	all, err := w.h.Customers.Groups(w.Context())
	w.same("the number of groups", len(read(w, all, err)), 0)
	w.same("the number of consents", len(w.consents(there.ID)), 0)
	w.same("the events", w.notes(), []string(nil))
	w.same("the number of entries", w.entries("refused"), 0)
}

func decideOrder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, b := w.customer("ada@example.org"), w.customer("bob@example.org")
	w.accept(writes(a, b))
	b.Version, b.Email = 3, a.Email
	w.refuses(writes(b), fault.VersionConflict)
	b.Version = 2
	w.refuses(writes(b), customers.EmailTaken)
}

func decideMalformed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.customer("ada@example.org")
	w.refuses(writes(a, a), customers.MalformedCommit)
	w.refuses(customers.Commit{Groups: []customers.Write[customers.Group]{{State: w.group("trade"), Expected: 4}}}, customers.MalformedCommit)
	w.accept(customers.Commit{})
}

func groupTaken(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.accept(groups(w.group("trade")))
	w.refuses(groups(w.group("trade")), customers.GroupTaken)
}

func customerVersions(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.full("ada@example.org")
	at := func(v ref.Version) customers.Commit {
		c.Version = v
		return writes(c)
	}
	w.refuses(at(2), fault.VersionConflict) // It does not exist.
	for _, v := range []ref.Version{1, 2, 3} {
		w.accept(at(v))
		w.refuses(at(1), fault.VersionConflict) // It exists.
		w.refuses(at(v), fault.VersionConflict)
		w.refuses(at(v+2), fault.VersionConflict)
	}
}

func groupVersions(t TB, open func(TB) Harness) {
	w := begin(t, open)
	g := w.group("trade")
	w.accept(groups(g))
	for _, v := range []ref.Version{3, 2} {
		g.Version = v
		if err := w.commit(groups(g)); (v == 2) != (err == nil) || v != 2 && !fault.Is(err, fault.VersionConflict) {
			w.Errorf("version %d over 1: %v", v, err)
		}
	}
	w.refuses(groups(g), fault.VersionConflict)
}

func oneWriterWins(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.customer("ada@example.org")
	w.accept(writes(c))
	var all []customers.Commit
	for range racers {
		next := c
		next.Version, next.Name = 2, "Writer"
		all = append(all, writes(next))
	}
	if won := w.race(fault.VersionConflict, all...); won != 1 {
		w.Errorf("%d of %d writers of one version won, want 1", won, racers)
	}
}

func emailOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, other := w.customer("ada@example.org"), w.customer("ada@example.org")
	w.accept(writes(a))
	w.refuses(writes(other), customers.EmailTaken)
	w.accept(writes(w.customer(""), w.customer(""))) // None is nobody's.
	erased, err := a.Apply(customers.Erase, w.at)
	w.accept(writes(read(w, erased, err)))
	w.accept(writes(other))
	w.refuses(writes(w.customer("cy@example.org"), w.customer("cy@example.org")), customers.EmailTaken)
}

func oneEmailWins(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var all []customers.Commit
	for range racers {
		all = append(all, writes(w.customer("ada@example.org")))
	}
	if won := w.race(customers.EmailTaken, all...); won != 1 {
		w.Errorf("%d of %d customers with one address were made, want 1", won, racers)
	}
}

func emailsExchanged(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, b := w.customer("ada@example.org"), w.customer("bob@example.org")
	w.accept(writes(a, b))
	a.Version, b.Version, a.Email, b.Email = 2, 2, b.Email, a.Email
	w.accept(writes(a, b))
	w.same("the address of the one", w.stored(a.ID).Email, ref.Email("bob@example.org"))
}

// referred makes a customer with a reference.
func (w *world) referred(source, text string) customers.Customer {
	c := w.customer("")
	c.References = []customers.Reference{{Source: source, Ref: text}}
	return c
}

func referenceOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a := w.referred("old", "17850")
	w.accept(writes(a, w.referred("old", "17851")))
	w.accept(writes(w.referred("other", "17850")))
	w.refuses(writes(w.referred("old", "17850")), customers.ReferenceTaken)
	w.refuses(writes(w.referred("old", "1"), w.referred("old", "1")), customers.ReferenceTaken)
	a.Version = 2
	w.accept(writes(a)) // Its own.
	a.Version, a.References = 3, nil
	w.accept(writes(a))
	w.accept(writes(w.referred("old", "17850")))
}

func oneReferenceWins(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var all []customers.Commit
	for range racers {
		all = append(all, writes(w.referred("old", "17850")))
	}
	if won := w.race(customers.ReferenceTaken, all...); won != 1 {
		w.Errorf("%d of %d customers with one reference were made, want 1", won, racers)
	}
}

func consentsAdded(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := w.customer("")
	w.accept(writes(c))
	var want []customers.Consent
	for n := range 3 {
		entries := []customers.Consent{w.consent(c.ID, 2*n), w.consent(c.ID, 2*n+1)}
		want = append(want, entries...)
		w.accept(customers.Commit{Consents: entries})
	}
	w.accept(customers.Commit{Consents: want[:1]}) // Said again, it stands twice.
	w.same("the number of consents", len(w.consents(c.ID)), 7)
}

func eventsInOrder(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var want []string
	for n := range 3 {
		w.accept(customers.Commit{Events: []event.Event{w.note(2 * n), w.note(2*n + 1)}})
	}
	for n := range 6 {
		want = append(want, string(w.note(n).Data))
	}
	w.same("the events", w.notes(), want)
}

func audited(t TB, open func(TB) Harness) {
	w := begin(t, open)
	c := writes(w.customer(""))
	c.Audit = []ports.AuditEntry{w.entry("with"), w.entry("with")}
	w.accept(c)
	e := w.entry("alone")
	w.accept(customers.Commit{Audit: []ports.AuditEntry{e}})
	w.same("the number of entries of a commit", w.entries("with"), 2)
	got, err := w.h.Audit(w.Context(), "alone")
	w.same("the entries of a commit of nothing else", read(w, got, err), []ports.AuditEntry{e})
}

func durable(t TB, open func(TB) Harness) {
	w := begin(t, open)
	a, g := w.full("ada@example.org"), w.group("trade")
	c := writes(a)
	c.Groups, c.Consents = groups(g).Groups, []customers.Consent{w.consent(a.ID, 0)}
	w.accept(c)
	w.h = w.h.Reopen(w.TB)
	w.same("the customer", w.stored(a.ID), a)
	all, err := w.h.Customers.Groups(w.Context())
	w.same("the groups", read(w, all, err), []customers.Group{g})
	w.same("the consents", w.consents(a.ID), c.Consents)
	w.refuses(writes(a), fault.VersionConflict)
}
