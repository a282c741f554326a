package fiberhttp

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// editing is a change by staff of something of the catalogue that has a version: a brand, a category, a collection.
type editing[T any] struct {
	noun, id, action string // As in "brand", its id as the path names it, "changed".
	expected         Expecting
	version          *int64 // Of the body; nil when it names none.
	read             func(context.Context, string) (T, error)
	versionOf        func(T) ref.Version
}

// edited reads the thing and changes it over the version that the caller expects, with an entry in the audit log. A text
// that is no id is nothing that was tried, so it leaves none.
func edited[K ref.Kind, T any](ctx context.Context, r *routes, e editing[T], change func(context.Context, T) (T, error)) (T, error) {
	if _, err := idOf[K](e.id, e.noun); err != nil {
		var none T
		return none, err
	}
	return audited(ctx, r, access.CatalogWrite, "catalog."+e.noun+"_"+e.action, e.id, func(ctx context.Context) (T, error) {
		present, err := e.read(ctx, e.id)
		if err != nil {
			return present, err
		}
		if _, err := e.expected.over(e.versionOf(present), e.version); err != nil {
			return present, err
		}
		return change(ctx, present)
	})
}
