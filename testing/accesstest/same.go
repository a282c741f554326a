package accesstest

import (
	"reflect"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// same checks that two values are the same.
func (w *world) same(what string, got, want any) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Errorf("%s is\n%+v, want\n%+v", what, got, want)
	}
}

// read fails the clause when a read does.
func read[T any](w *world, v T, err error) T {
	w.Helper()
	if err != nil {
		w.Fatalf("reading: %v", err)
	}
	return v
}

// missing checks that there is no such thing.
func (w *world) missing(what string, err error) {
	w.Helper()
	if !fault.Is(err, fault.Missing) {
		w.Errorf("%s: %v, want not_found", what, err)
	}
}

// stored reads an account.
func (w *world) stored(id ref.AccountID) access.Account {
	w.Helper()
	a, err := w.h.Accounts.Account(w.Context(), id)
	return read(w, a, err)
}

// log reads the newest entries of the audit log.
func (w *world) log(q access.AuditQuery) []ports.AuditEntry {
	w.Helper()
	entries, err := w.h.Audit.Entries(w.Context(), q)
	return read(w, entries, err)
}

// notes reads which of the suite's own events are in the outbox, in its order.
func (w *world) notes() []string {
	w.Helper()
	events, err := w.h.Events(w.Context())
	var out []string
	for _, e := range read(w, events, err) {
		if e.Name == (note{}).EventName() {
			out = append(out, string(e.Data))
		}
	}
	return out
}
