package integration_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// apiDocument is what the matrix of rights reads of the document of the API.
type apiDocument struct {
	Paths      map[string]map[string]apiOperation
	Components struct{ Schemas map[string]apiSchema }
}

// apiOperation is one operation of the document.
type apiOperation struct {
	OperationID string `json:"operationId"`
	Permission  string `json:"x-permission"`
	Auth        string `json:"x-auth"`
	Parameters  []struct {
		Name, In string
		Required bool
		Schema   apiSchema
	}
	RequestBody struct {
		Content map[string]struct{ Schema apiSchema }
	} `json:"requestBody"`

	method, path string
}

// apiSchema is as much of a schema as a smallest valid value needs.
type apiSchema struct {
	Ref        string `json:"$ref"`
	Type       any
	Format     string
	Required   []string
	Properties map[string]apiSchema
	Items      *apiSchema
	Examples   []any
	Enum       []any
	Default    any
	Minimum    *float64
	MinItems   int `json:"minItems"`
	MinLength  int `json:"minLength"`
	OneOf      []apiSchema
	AnyOf      []apiSchema
}

// operations lists those of the API itself, sorted by their ids; health, media and documents are for everybody.
func (d apiDocument) operations() []apiOperation {
	var out []apiOperation
	for path, methods := range d.Paths {
		for method, op := range methods {
			op.method, op.path = strings.ToUpper(method), path
			out = append(out, op)
		}
	}
	slices.SortFunc(out, func(a, b apiOperation) int { return strings.Compare(a.OperationID, b.OperationID) })
	return out
}

// whoMay is the permission that the operation names, or whom it lets in without one.
func (o apiOperation) whoMay() string {
	if o.Permission != "" {
		return o.Permission
	}
	return o.Auth
}

// body is the smallest valid JSON body of the operation, with the members given put over it, or nil when it takes none.
func (d apiDocument) body(o apiOperation, over map[string]any) any {
	content, ok := o.RequestBody.Content["application/json"]
	if !ok {
		return nil
	}
	value := d.smallest(content.Schema, 0)
	if object, isObject := value.(map[string]any); isObject {
		maps.Copy(object, over)
	}
	return value
}

// smallest is a value that the schema takes, with required members only; examples go before what is made up.
func (d apiDocument) smallest(s apiSchema, depth int) any {
	switch {
	case s.Ref != "":
		return d.smallest(d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]], depth+1)
	case len(s.Examples) > 0:
		return s.Examples[0]
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Default != nil:
		return s.Default
	case len(s.OneOf) > 0:
		return d.smallest(s.OneOf[0], depth+1)
	case len(s.AnyOf) > 0:
		return d.smallest(s.AnyOf[0], depth+1)
	}
	switch typeName(s.Type) {
	case "object":
		out := make(map[string]any)
		for _, name := range s.Required {
			if depth < 8 {
				out[name] = d.smallest(s.Properties[name], depth+1)
			}
		}
		return out
	case "array":
		out := []any{}
		for range s.MinItems {
			out = append(out, d.smallest(*s.Items, depth+1))
		}
		return out
	case "integer", "number":
		if s.Minimum != nil {
			return json.Number(fmt.Sprintf("%.0f", *s.Minimum))
		}
		return 1
	case "boolean":
		return false
	case "string":
		if s.Format == "date-time" {
			return "2030-01-02T03:04:05Z"
		}
		return strings.Repeat("x", max(s.MinLength, 3))
	}
	return nil
}

// typeName is the type of a schema that is not null.
func typeName(t any) string {
	if names, ok := t.([]any); ok {
		for _, name := range names {
			if name != "null" {
				return fmt.Sprint(name)
			}
		}
	}
	return fmt.Sprint(t)
}

// namings are names of members and parameters that name a thing; the rest of the body is the thing's own facts.
var namings = regexp.MustCompile(`(^|_)(id|ids|cart|order|customer|address|session|key|token|location|product|variant|collection|category|brand|role|roles|group|groups)$`)

// naming lists the members of the operation's body, as paths, and its query parameters that name things.
func (d apiDocument) naming(o apiOperation) []string {
	var out []string
	for _, p := range o.Parameters {
		if p.In == "query" && namings.MatchString(p.Name) {
			out = append(out, "?"+p.Name)
		}
	}
	for _, content := range o.RequestBody.Content {
		d.namingMembers(content.Schema, "", 0, &out)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (d apiDocument) namingMembers(s apiSchema, at string, depth int, out *[]string) {
	if s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	if s.Items != nil && depth < 8 {
		d.namingMembers(*s.Items, at+"[]", depth+1, out)
	}
	for name, member := range s.Properties {
		path := strings.TrimPrefix(at+"."+name, ".")
		if namings.MatchString(name) && typeName(member.Type) != "object" && member.Ref == "" {
			*out = append(*out, path)
		}
		if depth < 8 {
			d.namingMembers(member, path, depth+1, out)
		}
	}
}
