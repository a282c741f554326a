package memory

import (
	"cmp"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// index holds keys in the reverse of the order in which they are read, so that a page is found by binary search and
// read backwards, and the newest is appended without moving the others.
type index[K any] struct {
	compare func(a, b K) int // In the reverse of the order of reading.
	keys    []K
}

func (x *index[K]) insert(k K) {
	if i, found := slices.BinarySearchFunc(x.keys, k, x.compare); !found {
		x.keys = slices.Insert(x.keys, i, k)
	}
}

func (x *index[K]) remove(k K) {
	if i, found := slices.BinarySearchFunc(x.keys, k, x.compare); found {
		x.keys = slices.Delete(x.keys, i, i+1)
	}
}

// page gives at most limit of the keys after the given one that are to be kept, in the order of reading, and whether
// more follow.
func (x *index[K]) page(after *K, limit int, keep func(K) bool) (page []K, more bool) {
	end := len(x.keys)
	if after != nil {
		end, _ = slices.BinarySearchFunc(x.keys, *after, x.compare)
	}
	for _, k := range slices.Backward(x.keys[:end]) {
		switch {
		case !keep(k):
		case len(page) == limit:
			return page, true
		default:
			page = append(page, k)
		}
	}
	return page, false
}

// placeOf is the key of a product in the list.
func placeOf(p catalog.Product) catalog.Place {
	return catalog.Place{CreatedAt: p.CreatedAt, ID: p.ID}
}

// comparePlaces orders places from old to new.
func comparePlaces(a, b catalog.Place) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), a.ID.Compare(b.ID))
}

// compareMembers orders places in a collection from the last to the first.
func compareMembers(a, b catalog.MemberPlace) int {
	return cmp.Or(cmp.Compare(b.Position, a.Position), comparePlaces(a.Place, b.Place))
}
