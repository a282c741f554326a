package memory

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// placeIndex holds places from old to new, so that a page is found by binary search and read backwards, and a new
// product is appended without moving the others.
type placeIndex struct{ places []catalog.Place }

// placeOf is the key of a product in the list.
func placeOf(p catalog.Product) catalog.Place {
	return catalog.Place{CreatedAt: p.CreatedAt, ID: p.ID}
}

// comparePlaces orders places from old to new.
func comparePlaces(a, b catalog.Place) int {
	if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
		return c
	}
	return a.ID.Compare(b.ID)
}

func (x *placeIndex) insert(p catalog.Place) {
	if i, found := slices.BinarySearchFunc(x.places, p, comparePlaces); !found {
		x.places = slices.Insert(x.places, i, p)
	}
}

func (x *placeIndex) remove(p catalog.Place) {
	if i, found := slices.BinarySearchFunc(x.places, p, comparePlaces); found {
		x.places = slices.Delete(x.places, i, i+1)
	}
}

// page gives at most limit places after the given one, newest first, and whether more follow.
func (x *placeIndex) page(after *catalog.Place, limit int) (page []catalog.Place, more bool) {
	end := len(x.places)
	if after != nil {
		end, _ = slices.BinarySearchFunc(x.places, *after, comparePlaces)
	}
	start := max(end-limit, 0)
	page = slices.Clone(x.places[start:end])
	slices.Reverse(page)
	return page, start > 0
}
