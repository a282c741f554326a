package fiberhttp

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// Route describes one operation: what the document says of it, and nothing that the server does not do.
type Route struct {
	ID          string // Unique, such as "get-cart".
	Method      string
	Path        string // With parameters in braces, such as /api/v1/carts/{id}.
	Tag         string // The heading under which the document lists it.
	Summary     string // One line.
	Description string // Markdown; may be empty.

	// Success is the status of a good answer; 0 means 200. Body is the shape of it when the handler answers with Raw.
	Success int
	Body    any

	// Also are further answers without a problem, such as 304, with the words that describe them.
	Also map[int]string

	// Problems are the cases that the handler can answer; their statuses are documented, each with its codes. The cases
	// of the edge are added as they apply: unknown_parameter always; for a JSON body those of reading it; for
	// parameters and bodies with rules, invalid. A call that reads a store lists fault.Unexpected and fault.Down,
	// one that writes also fault.Lost.
	Problems []fault.Class

	// Auth and Permission say who may call; the zero values let in anybody. A permission is what staff or an API key must
	// have, and decides alone. Handlers read PrincipalOf; what belongs to somebody else is the service's to refuse.
	Auth       Auth
	Permission access.Permission

	// CrossSite lets the pages of any site call an operation that changes something, as those do that machines call and
	// that prove themselves by a signature. Others refuse a page that is neither the shop's nor of a listed origin.
	CrossSite bool

	// NeedsKey makes a Command refuse who brings no Idempotency-Key; others may.
	NeedsKey bool
	command  bool // Registered by Command.
	anyBody  bool // Takes a body of whatever media type, or none; the handler reads the exchange's request.

	// Class says how much the operation matters when there is more to do than can be done; 0 follows from the rest.
	Class Class

	// Timeout is the deadline of a request's context; 0 takes the server's.
	Timeout time.Duration
}

// Op registers an operation. I and O are structs as huma reads them: fields tagged path, query and header, and Body.
// Errors of the handler become problems, see ProblemOf. It panics when the route contradicts itself, as huma does: a
// route is code, and a wrong one never starts.
//
// Call it before the server listens.
func Op[I, O any](s *Server, route Route, handler func(context.Context, *I) (*O, error)) {
	shape := bodyOf(reflect.TypeFor[I]())
	op := operationOf(s, route, shape, reflect.TypeFor[I]())
	handler = traced(s, route.ID, handler)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			problem := ProblemOf(err, route.Method, RequestID(ctx))
			s.report(exchangeIn(ctx), problem)
			return nil, problem
		}
		return out, nil
	})
	settle(&op, route)
	route.documentReplay(&op)
	schemas := s.api.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel") // What huma would answer with.
	delete(schemas, "ErrorDetail")
}

// settle makes the responses exact: statuses are listed one by one, an error status without a problem has the body of a
// good answer, and the media type is no header of its own.
func settle(op *huma.Operation, route Route) {
	delete(op.Responses, "default")
	good := op.Responses[strconv.Itoa(op.DefaultStatus)]
	for status := range route.Also {
		if status >= http.StatusBadRequest && good != nil {
			op.Responses[strconv.Itoa(status)].Content = good.Content
		}
	}
	for _, response := range op.Responses {
		delete(response.Headers, "Content-Type")
	}
}

func operationOf(s *Server, route Route, shape, input reflect.Type) huma.Operation {
	op := huma.Operation{
		OperationID: route.ID, Method: route.Method, Path: route.Path,
		Summary: route.Summary, Description: route.Description, Tags: []string{route.Tag},
		DefaultStatus: route.Success, MaxBodyBytes: -1, // The server's limit stands.
		Responses: make(map[string]*huma.Response),
		Metadata:  map[string]any{metaOurs: true, metaRoute: route},
	}
	if op.DefaultStatus == 0 {
		op.DefaultStatus = http.StatusOK
	}
	if shape != nil {
		op.Metadata[metaShape] = shape
	}
	if route.Body != nil {
		schema := s.schemas().Schema(reflect.TypeOf(route.Body), true, route.ID+"Body")
		op.Responses[strconv.Itoa(op.DefaultStatus)] = &huma.Response{
			Description: http.StatusText(op.DefaultStatus),
			Content:     map[string]*huma.MediaType{jsonType: {Schema: schema}},
		}
	}
	for status, words := range route.Also {
		op.Responses[strconv.Itoa(status)] = &huma.Response{Description: words}
	}
	s.documentProblems(&op, slices.Concat(edgeCases(shape, input), route.siteCases(), route.authCases(), route.commandCases(), route.Problems))
	route.documentAuth(&op)
	route.documentKey(&op)
	if route.anyBody {
		op.RequestBody = &huma.RequestBody{
			Description: "The message as the provider signed it.",
			Content:     map[string]*huma.MediaType{anyMedia: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		}
	}
	return op
}

// documentProblems adds a response for each status of the cases, which names their codes.
func (s *Server) documentProblems(op *huma.Operation, classes []fault.Class) {
	codes := make(map[int][]string)
	for _, class := range classes {
		s.classes[class.Code()] = class
		status := StatusOf(class)
		if !slices.Contains(codes[status], class.Code()) {
			codes[status] = append(codes[status], class.Code())
		}
	}
	for status, names := range codes {
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status) + ": `" + strings.Join(names, "`, `") + "`",
			Content:     map[string]*huma.MediaType{problemType: {Schema: s.problemSchema()}},
		}
	}
}

// problemSchema is a reference to the one schema of problems.
func (s *Server) problemSchema() *huma.Schema {
	reference := s.schemas().Schema(reflect.TypeFor[Problem](), true, "")
	for _, name := range []string{"Problem", "ProblemEntry"} {
		s.schemas().Map()[name].AdditionalProperties = true
	}
	return reference
}

// Describe makes the document show the schema of D wherever a T stands, for types that must not know of huma: D
// implements huma.SchemaProvider, or is a struct of the same JSON. Call it before the first Op that uses T.
func Describe[T, D any](s *Server) {
	s.schemas().RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[D]())
}

func bodyOf(input reflect.Type) reflect.Type {
	if field, ok := input.FieldByName("Body"); ok {
		return field.Type
	}
	return nil
}

// edgeCases are the cases that the edge itself can answer for such an input.
func edgeCases(shape, input reflect.Type) []fault.Class {
	classes := []fault.Class{UnknownParameter}
	if shape != nil {
		classes = append(classes, MalformedJSON, DuplicateField, UnknownField, BodyTooLarge, UnsupportedMediaType, fault.Bad)
	}
	for _, field := range reflect.VisibleFields(input) {
		switch {
		case field.Tag.Get("header") == keyHeader:
			classes = append(classes, MissingIdempotencyKey, fault.Bad)
		case field.Tag.Get("path") != "" && ruled(field):
			classes = append(classes, fault.Missing)
		case field.Tag.Get("query") != "" && ruled(field), field.Tag.Get("header") != "" && ruled(field):
			classes = append(classes, fault.Bad)
		}
	}
	return classes
}

// ruled tells whether a parameter can break a rule: text without one takes anything.
func ruled(field reflect.StructField) bool {
	if field.Type.Kind() != reflect.String {
		return true
	}
	for _, rule := range []string{"required", "minLength", "maxLength", "pattern", "enum", "format"} {
		if field.Tag.Get(rule) != "" {
			return true
		}
	}
	return false
}
