package memory

import "slices"

// attachmentKey names an attached row.
type attachmentKey struct{ kind, key string }

// Attachments reads the rows that adopters attached to commits. Safe for concurrent use.
type Attachments struct{ store *Store }

// Attachments gives the rows that adopters attached to commits.
func (s *Store) Attachments() Attachments { return Attachments{s} }

// Get gives the row of a kind and key as last committed, and whether there is one. The bytes are the caller's.
func (a Attachments) Get(kind, key string) ([]byte, bool) {
	a.store.mu.RLock()
	defer a.store.mu.RUnlock()
	data, known := a.store.ordering.attachments[attachmentKey{kind, key}]
	return slices.Clone(data), known
}

// Keys lists the keys of the rows of a kind in ascending order.
func (a Attachments) Keys(kind string) []string {
	a.store.mu.RLock()
	defer a.store.mu.RUnlock()
	var out []string
	for k := range a.store.ordering.attachments {
		if k.kind == kind {
			out = append(out, k.key)
		}
	}
	slices.Sort(out)
	return out
}
