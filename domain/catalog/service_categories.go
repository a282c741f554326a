package catalog

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// SaveCategory makes a category (Version 0), as the last of its parent's children, or replaces the texts and the slug of
// the version it was read with; MoveCategory moves it. Without a slug a new one gets one of its name. Errors: Bad with
// the fields, Missing for a parent that is not there, CategoryTaken, TreeTooDeep, TreeTooLarge, VersionConflict.
func (s *Service) SaveCategory(ctx context.Context, c Category) (Category, error) {
	now := s.parts.Clock.Now()
	if c.Version == 0 && c.ID.IsZero() {
		c.ID = ref.NewID[ref.CategoryKind](s.parts.IDs.New())
	}
	out := c
	err := s.decided(ctx, func(on *placing) (Commit, error) {
		var err error
		if out, err = s.placed(c, on.tree, now); err != nil {
			return Commit{}, err
		}
		stored, known := on.tree.Get(c.ID)
		if known && reflect.DeepEqual(out, stored) {
			return Commit{}, nil
		}
		out.Version, out.UpdatedAt = c.Version+1, now
		if err := out.Validate(); err != nil {
			return Commit{}, err
		}
		return Commit{
			Categories: []Write[Category]{{State: out, Expected: c.Version}},
			Events:     s.tell(out.ID.String(), now, CategorySaved{Category: out.ID, Slug: out.Slug, Version: out.Version}),
		}, nil
	})
	if err != nil {
		return Category{}, err
	}
	return out, nil
}

// placed gives the category in its place in the tree.
func (s *Service) placed(c Category, t Tree, now time.Time) (Category, error) {
	stored, known := t.Get(c.ID)
	if c.Version > 0 || known {
		c.Parent, c.Position, c.CreatedAt, c.UpdatedAt = stored.Parent, stored.Position, stored.CreatedAt, stored.UpdatedAt
		return c, current(c.Version, stored.Version, "category")
	}
	c.CreatedAt = now
	if c.Slug == "" && c.Name != "" {
		c.Slug, _ = freeSlug(s.slug(c.Name, c.ID.String()), func(slug string) (bool, error) {
			_, taken := t.BySlug(slug)
			return !taken, nil
		})
	}
	return t.Put(c)
}

// EnsureCategory gives the root category of the name, compared by NameKey, and makes it when there is none. Errors: Bad
// with the fields.
func (s *Service) EnsureCategory(ctx context.Context, name string) (Category, error) {
	on, err := s.look(ctx)
	if err != nil {
		return Category{}, err
	}
	for range decideAttempts {
		for _, c := range on.tree.Children(ref.CategoryID{}) {
			if NameKey(c.Name) == NameKey(name) {
				return c, nil
			}
		}
		made, err := s.SaveCategory(ctx, Category{Text: Text{Name: strings.Join(strings.Fields(name), " ")}})
		if !fault.Is(err, CategoryTaken) {
			return made, err
		}
		if on, err = s.look(ctx); err != nil {
			return Category{}, err
		}
	}
	return Category{}, CategoryTaken.New("the name is being taken by others; try again")
}

// MoveCategory brings a category, with all below it, to a place among the children of a parent; the zero parent is
// none. Errors: Missing, VersionConflict, CategoryCycle, TreeTooDeep.
func (s *Service) MoveCategory(ctx context.Context, id ref.CategoryID, expected ref.Version, parent ref.CategoryID, place int) (Category, error) {
	now := s.parts.Clock.Now()
	var out Category
	err := s.decided(ctx, func(on *placing) (Commit, error) {
		before, known := on.tree.Get(id)
		if !known {
			return Commit{}, fault.Missing.New("there is no such category")
		}
		if err := current(expected, before.Version, "category"); err != nil {
			return Commit{}, err
		}
		changed, err := on.tree.Move(id, parent, place)
		out = before
		if err != nil || len(changed) == 0 {
			return Commit{}, err
		}
		var c Commit
		for i, w := range changed {
			version := w.Version
			w.Version, w.UpdatedAt = version+1, now
			c.Categories = append(c.Categories, Write[Category]{State: w, Expected: version})
			if i == 0 {
				out = w
			}
		}
		c.Events = s.tell(id.String(), now, CategoryMoved{Category: id, From: before.Parent, To: parent, Position: out.Position})
		c.Sweep = sweepAnew(before.Parent != parent && len(on.Ruled) > 0)
		return c, nil
	})
	if err != nil {
		return Category{}, err
	}
	return out, nil
}

// RemoveCategory removes a category that no product names and below which none stands. Errors: Missing,
// VersionConflict, InUse.
func (s *Service) RemoveCategory(ctx context.Context, id ref.CategoryID, expected ref.Version) error {
	return s.decided(ctx, func(on *placing) (Commit, error) {
		c, known := on.tree.Get(id)
		if !known {
			return Commit{}, fault.Missing.New("there is no such category")
		}
		if err := current(expected, c.Version, "category"); err != nil {
			return Commit{}, err
		}
		return Commit{
			Removals: []Removal{{Category: id, Expected: expected}},
			Events:   s.tell(id.String(), s.parts.Clock.Now(), CategoryRemoved{Category: id, Slug: c.Slug}),
		}, nil
	})
}
