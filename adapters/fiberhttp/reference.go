package fiberhttp

import (
	"cmp"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// reference is the API document in the order in which a page shows it.
type reference struct {
	Title, Version string
	Introduction   string
	Style          template.CSS
	Groups         []referenceGroup
	Schemas        []referenceSchema
	Errors         []referenceError
}

type referenceGroup struct {
	Name       string
	Operations []referenceOperation
}

type referenceOperation struct {
	ID, Method, Path     string
	Summary, Description string
	Callers              string // Whom it lets in; empty for anybody.
	Parameters           []referenceField
	Body                 *referenceType
	BodyRequired         bool
	Responses            []referenceResponse
}

type referenceResponse struct {
	Status, Description string
	Media               string
	Type                *referenceType
}

type referenceSchema struct {
	Name, Description string
	Type              *referenceType // Of a schema that is no object.
	Fields            []referenceField
}

type referenceField struct {
	Name, In    string
	Required    bool
	Type        *referenceType
	Description string
	Rules       string
}

// referenceType is a type in words around a link to a schema: Before Link After.
type referenceType struct{ Before, Link, After string }

type referenceError struct {
	Code, Meaning string
	Status        int
}

func (s *Server) reference() reference {
	document := s.api.OpenAPI()
	out := reference{
		Title: document.Info.Title, Version: document.Info.Version, Introduction: document.Info.Description, Style: pageStyle,
	}
	byTag := make(map[string][]referenceOperation)
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		item := document.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				tag := strings.Join(op.Tags, ", ")
				byTag[tag] = append(byTag[tag], describeOperation(op))
			}
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(byTag)) {
		out.Groups = append(out.Groups, referenceGroup{Name: tag, Operations: byTag[tag]})
	}
	schemas := document.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		out.Schemas = append(out.Schemas, describeSchema(name, schemas[name]))
	}
	for _, class := range s.classes {
		out.Errors = append(out.Errors, referenceError{Code: class.Code(), Meaning: class.Meaning(), Status: StatusOf(class)})
	}
	slices.SortFunc(out.Errors, func(a, b referenceError) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Code, b.Code))
	})
	return out
}

func describeOperation(op *huma.Operation) referenceOperation {
	out := referenceOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description}
	if route, ok := op.Metadata[metaRoute].(Route); ok {
		out.Callers = route.callers()
	}
	for _, parameter := range op.Parameters {
		out.Parameters = append(out.Parameters, referenceField{
			Name: parameter.Name, In: parameter.In, Required: parameter.Required, Type: describeType(parameter.Schema),
			Description: cmp.Or(parameter.Description, descriptionOf(parameter.Schema)), Rules: rulesOf(parameter.Schema),
		})
	}
	if op.RequestBody != nil {
		out.BodyRequired = op.RequestBody.Required
		for _, media := range op.RequestBody.Content {
			out.Body = describeType(media.Schema)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		response := op.Responses[status]
		code, _ := strconv.Atoi(status)
		shown := referenceResponse{Status: status, Description: cmp.Or(response.Description, http.StatusText(code))}
		for name, media := range response.Content {
			shown.Media, shown.Type = name, describeType(media.Schema)
		}
		out.Responses = append(out.Responses, shown)
	}
	return out
}

func describeSchema(name string, schema *huma.Schema) referenceSchema {
	out := referenceSchema{Name: name, Description: schema.Description}
	if len(schema.Properties) == 0 {
		out.Type = describeType(schema)
		return out
	}
	for _, property := range slices.Sorted(maps.Keys(schema.Properties)) {
		field := schema.Properties[property]
		out.Fields = append(out.Fields, referenceField{
			Name: property, Required: slices.Contains(schema.Required, property), Type: describeType(field),
			Description: field.Description, Rules: rulesOf(field),
		})
	}
	return out
}

func descriptionOf(schema *huma.Schema) string {
	if schema == nil {
		return ""
	}
	return schema.Description
}
