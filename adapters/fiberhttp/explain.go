package fiberhttp

import (
	"bytes"
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
)

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// explain finds every place where raw does not decode into t, after the decoder said that some place does not: it
// names only the first one, in terms of Go types, and for a type with its own decoder not even where.
func explain(raw json.RawMessage, t reflect.Type, path string) []*fault.Error {
	optional := t.Kind() == reflect.Pointer
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	decodes := reflect.PointerTo(t).Implements(jsonUnmarshaler) || reflect.PointerTo(t).Implements(textUnmarshaler)
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) && (optional || !decodes) {
		return nil
	}
	if decodes {
		return explainLeaf(raw, t, path)
	}
	switch t.Kind() {
	case reflect.Struct:
		return explainStruct(raw, t, path)
	case reflect.Map:
		return explainMap(raw, t, path)
	case reflect.Slice, reflect.Array:
		var elements []json.RawMessage
		if t.Elem().Kind() == reflect.Uint8 || json.Unmarshal(raw, &elements) != nil {
			return explainLeaf(raw, t, path)
		}
		var out []*fault.Error
		for i, element := range elements {
			out = append(out, explain(element, t.Elem(), path+"["+strconv.Itoa(i)+"]")...)
		}
		return out
	default:
		return explainLeaf(raw, t, path)
	}
}

func explainStruct(raw json.RawMessage, t reflect.Type, path string) []*fault.Error {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return explainLeaf(raw, t, path)
	}
	var out []*fault.Error
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if member, given := members[name]; given && field.IsExported() {
			out = append(out, explain(member, field.Type, join(path, name))...)
		}
	}
	return out
}

func explainMap(raw json.RawMessage, t reflect.Type, path string) []*fault.Error {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return explainLeaf(raw, t, path)
	}
	var out []*fault.Error
	for _, name := range slices.Sorted(maps.Keys(members)) {
		out = append(out, explain(members[name], t.Elem(), join(path, name))...)
	}
	return out
}

func explainLeaf(raw json.RawMessage, t reflect.Type, path string) []*fault.Error {
	err := json.Unmarshal(raw, reflect.New(t).Interface())
	if err == nil {
		return nil
	}
	if known := fault.Of(err); known != nil {
		if path != "" {
			known = known.Under(path)
		}
		return []*fault.Error{known}
	}
	return []*fault.Error{fault.Bad.New(expectation(t)).At(path)}
}

// expectation says what a type takes, in the words of JSON.
func expectation(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "expected integer, written without a decimal point and within range"
	case reflect.String:
		return "expected string"
	case reflect.Bool:
		return "expected boolean"
	case reflect.Float32, reflect.Float64:
		return "expected number"
	case reflect.Slice, reflect.Array:
		return "expected array"
	case reflect.Struct, reflect.Map:
		return "expected object"
	default:
		return "expected another kind of value"
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
