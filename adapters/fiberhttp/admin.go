package fiberhttp

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// adminPath stands before the path of every route for staff.
const adminPath = apiPath + "/admin"

// The cases that reads and changes for staff can answer besides those of what they are about.
var (
	staffReads   = []fault.Class{fault.Unexpected, fault.Down}
	staffWrites  = []fault.Class{fault.Unexpected, fault.Down, fault.Lost}
	staffChanges = append([]fault.Class{fault.Missing, fault.VersionConflict, ordering.ExpectedVersion}, staffWrites...)
)

// also adds cases to those that a group of routes has in common.
func also(common []fault.Class, more ...fault.Class) []fault.Class {
	return append(append([]fault.Class(nil), more...), common...)
}

// audited runs a change of a context whose commits carry no entry of the audit log, between two entries of it. Subject
// is the public id of what is changed.
func audited[T any](ctx context.Context, r *routes, perm access.Permission, action, subject string, change func(context.Context) (T, error)) (T, error) {
	var out T
	err := r.Access.Audited(ctx, PrincipalOf(ctx), perm, action, subject, func(ctx context.Context) error {
		var err error
		out, err = change(ctx)
		return err
	})
	return out, err
}

// over checks the versions that the caller names in If-Match and in the body against the present one, which a change is
// then made over. Errors: ordering.ExpectedVersion, fault.VersionConflict.
func (e Expecting) over(present ref.Version, body *int64) (ref.Version, error) {
	if v := e.version(); v != nil && *v != present {
		return 0, ordering.ExpectedVersion.Newf("it has version %d; read it again", present).With("version", int64(present))
	}
	if body != nil && ref.Version(*body) != present {
		return 0, fault.VersionConflict.Newf("it has version %d; read it again", present).At("version").With("version", int64(present))
	}
	return present, nil
}

// Outdated is embedded in the input of calls without a body that change something of a version.
type Outdated struct {
	Version int64 `query:"version" minimum:"1" doc:"The version that is to be changed; 409 when it is no longer the present one. Without it whatever is present is changed."`
}

// named is the version, if the caller names one.
func (o Outdated) named() *int64 {
	if o.Version == 0 {
		return nil
	}
	return &o.Version
}

// idOf reads the id of something in a path: a text that is no id is answered like the id of nothing.
func idOf[K ref.Kind](text, what string) (ref.ID[K], error) {
	id, err := ref.ParseID[K](text)
	if err != nil || id.IsZero() {
		return ref.ID[K]{}, fault.Missing.Newf("there is no such %s", what)
	}
	return id, nil
}

// The years that a moment may be in: before and behind them stores differ.
const (
	firstYear = 1970
	lastYear  = 9999
)

// instantOf reads a moment that may be left out. Its error names the field.
func instantOf(field string, at *time.Time) (time.Time, *fault.Error) {
	if at == nil || at.IsZero() {
		return time.Time{}, nil
	}
	out := ref.Instant(*at)
	if y := out.Year(); y < firstYear || y > lastYear {
		return time.Time{}, fault.Bad.Newf("a moment is in the years %d to %d", firstYear, lastYear).At(field)
	}
	return out, nil
}

// shownInstant is a moment, or nothing for none.
func shownInstant(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// put sets what a change names, if it does.
func put[T any](to, named *T) {
	if named != nil {
		*to = *named
	}
}
