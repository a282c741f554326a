package fiberhttp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

func describeType(schema *huma.Schema) *referenceType {
	if schema == nil {
		return &referenceType{Before: "anything"}
	}
	out := &referenceType{}
	switch {
	case schema.Ref != "":
		out.Link = schema.Ref[strings.LastIndexByte(schema.Ref, '/')+1:]
	case schema.Type == huma.TypeArray:
		out = describeType(schema.Items)
		out.Before = "list of " + out.Before
	case schema.Type == huma.TypeObject:
		out = describeMap(schema)
	case schema.Type == "":
		out.Before = "anything"
	case schema.Format != "" && schema.Type == huma.TypeString:
		out.Before = schema.Type + " (" + schema.Format + ")"
	default:
		out.Before = schema.Type
	}
	if schema.Nullable {
		out.After += " or null"
	}
	return out
}

func describeMap(schema *huma.Schema) *referenceType {
	if values, ok := schema.AdditionalProperties.(*huma.Schema); ok {
		out := describeType(values)
		out.Before = "map of " + out.Before
		return out
	}
	if len(schema.Properties) == 0 {
		return &referenceType{Before: "object"}
	}
	names := make([]string, 0, len(schema.Properties))
	for name := range schema.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return &referenceType{Before: "object {" + strings.Join(names, ", ") + "}"}
}

// rulesOf says in short what a value must be.
func rulesOf(schema *huma.Schema) string {
	if schema == nil {
		return ""
	}
	var out []string
	if len(schema.Enum) > 0 {
		values := make([]string, len(schema.Enum))
		for i, value := range schema.Enum {
			values[i] = fmt.Sprint(value)
		}
		out = append(out, "one of "+strings.Join(values, ", "))
	}
	if schema.Default != nil {
		out = append(out, fmt.Sprintf("default %v", schema.Default))
	}
	out = appendBounds(out, "", schema.Minimum, schema.Maximum, func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) })
	out = appendBounds(out, " characters", schema.MinLength, schema.MaxLength, strconv.Itoa)
	out = appendBounds(out, " items", schema.MinItems, schema.MaxItems, strconv.Itoa)
	if schema.PatternDescription != "" {
		out = append(out, schema.PatternDescription)
	} else if schema.Pattern != "" {
		out = append(out, "pattern "+schema.Pattern)
	}
	return strings.Join(out, "; ")
}

func appendBounds[T any](out []string, unit string, low, high *T, text func(T) string) []string {
	switch {
	case low != nil && high != nil:
		return append(out, text(*low)+" to "+text(*high)+unit)
	case low != nil:
		return append(out, "at least "+text(*low)+unit)
	case high != nil:
		return append(out, "at most "+text(*high)+unit)
	default:
		return out
	}
}
