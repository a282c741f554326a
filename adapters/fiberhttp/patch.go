package fiberhttp

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// clearable is a text of a PATCH that null clears: unlike a pointer it tells null from a member that is not there, which
// leaves the text as it is. Where null makes no sense a pointer with omitempty will do.
type clearable struct{ text *string }

// UnmarshalJSON takes null for the empty text.
func (c *clearable) UnmarshalJSON(data []byte) error {
	c.text = new(string)
	return json.Unmarshal(data, c.text) // Which leaves the text empty for null.
}

// Schema is that of a text or null.
func (clearable) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true}
}

// stated is a value of a PATCH that can be changed and not cleared: null, which would tell nothing, is refused.
type stated[T any] struct{ value *T }

// UnmarshalJSON refuses null.
func (s *stated[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return fault.Bad.New("must not be null; leave it out to keep what there is")
	}
	s.value = new(T)
	return json.Unmarshal(data, s.value)
}

// Schema is that of the value.
func (stated[T]) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[T]())
}

// expects is the version that the caller expects, or 0 for any.
func (e Expecting) expects() ref.Version {
	if v := e.version(); v != nil {
		return *v
	}
	return 0
}

// refused is the error of a change in the words of If-Match: who named a version that is not the present one is told so,
// and who named none is not told of a conflict with others, which may be tried again.
func (e Expecting) refused(err error) error {
	switch {
	case !fault.Is(err, fault.VersionConflict):
		return err
	case e.version() != nil:
		return ordering.ExpectedVersion.New("it has another version by now; read it again").At("If-Match").Because(err)
	default:
		return busy(err)
	}
}

// busy is the error of a change that named no version and met others, again and again.
func busy(err error) error {
	if !fault.Is(err, fault.VersionConflict) {
		return err
	}
	return fault.Down.New("too many change this at once; nothing was done, try again").Because(err)
}
