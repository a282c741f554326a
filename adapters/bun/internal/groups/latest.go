package groups

// Latest keeps the last value of each key, in the order in which the keys came, and whether the key is new: what a group
// makes of a thing that several of its members write. The zero value is ready; not safe for concurrent use.
type Latest[K comparable, V any] struct {
	Items []V
	index map[K]int
	fresh []bool
}

// Put keeps a value; a key stays as new as it first was.
func (l *Latest[K, V]) Put(key K, value V, fresh bool) {
	if i, ok := l.index[key]; ok {
		l.Items[i] = value
		return
	}
	if l.index == nil {
		l.index = map[K]int{}
	}
	l.index[key] = len(l.Items)
	l.Items, l.fresh = append(l.Items, value), append(l.fresh, fresh)
}

// Split gives the new values and the others.
func (l *Latest[K, V]) Split() (fresh, known []V) {
	for i, v := range l.Items {
		if l.fresh[i] {
			fresh = append(fresh, v)
		} else {
			known = append(known, v)
		}
	}
	return fresh, known
}
