package inventory

import "slices"

// rows are facts by key and what became of them. Since keep, every change can be taken back.
type rows[K comparable, V any] struct {
	all   map[K]row[V]
	saved map[K]row[V] // As they were at keep, of those that were changed since.
}

// row is a value, and whether it is there and was changed since the ledger began.
type row[V any] struct {
	value   V
	known   bool
	changed bool
}

func newRows[K comparable, V any](values []V, key func(V) K) rows[K, V] {
	r := rows[K, V]{all: make(map[K]row[V], len(values)), saved: map[K]row[V]{}}
	for _, v := range values {
		r.all[key(v)] = row[V]{value: v, known: true}
	}
	return r
}

// get gives a value and whether it is there.
func (r *rows[K, V]) get(key K) (V, bool) {
	found := r.all[key]
	return found.value, found.known
}

// set changes a value.
func (r *rows[K, V]) set(key K, value V) {
	if _, saved := r.saved[key]; !saved {
		r.saved[key] = r.all[key]
	}
	r.all[key] = row[V]{value: value, known: true, changed: true}
}

// keep makes what was changed so far certain.
func (r *rows[K, V]) keep() { clear(r.saved) }

// back takes back what was changed since keep.
func (r *rows[K, V]) back() {
	for key, was := range r.saved {
		r.all[key] = was
	}
	clear(r.saved)
}

// changes lists what changed since the ledger began, in order.
func (r *rows[K, V]) changes(compare func(a, b V) int) []V {
	var out []V
	for _, found := range r.all {
		if found.changed {
			out = append(out, found.value)
		}
	}
	slices.SortFunc(out, compare)
	return out
}
