package shopapitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Document is an OpenAPI 3.1 document, read as far as answers can be held against it. It does not change and is safe
// for concurrent use.
type Document struct {
	root       map[string]any
	operations []*operation
}

// operation is a method at a path template.
type operation struct {
	id, method, path string
	parameters       []parameter
	body             map[string]any // Schema of a JSON body, nil without one.
	responses        map[int]*response
	permission, auth string         // Whom it lets in: x-permission, else x-auth.
	whole            map[string]any // All that the document says of it.
}

// parameter is what a caller may send beside the body.
type parameter struct {
	Name string `json:"name"`
	In   string `json:"in"`
}

// response is one documented answer: the schema by media type. Empty means that it has no body.
type response struct {
	content map[string]any
}

// ParseDocument reads a document. It fails when that is not OpenAPI 3.1 in JSON, or an operation has answers without a
// status of their own.
func ParseDocument(document []byte) (*Document, error) {
	var in struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(document, &in); err != nil {
		return nil, fmt.Errorf("no OpenAPI document: %w", err)
	}
	if in.OpenAPI != "3.1" && !strings.HasPrefix(in.OpenAPI, "3.1.") {
		return nil, fmt.Errorf("openapi is %q, not 3.1", in.OpenAPI)
	}
	root, err := decode(document)
	if err != nil {
		return nil, err
	}
	members, ok := root.(map[string]any)
	if !ok || len(in.Paths) == 0 {
		return nil, errors.New("the document has no paths")
	}
	d := &Document{root: members}
	for _, path := range slices.Sorted(maps.Keys(in.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(in.Paths[path])) {
			upper := strings.ToUpper(method)
			if !slices.Contains(operationMethods, upper) {
				continue // What a path has besides operations: a summary, parameters of all.
			}
			op, err := parseOperation(upper, path, in.Paths[path][method])
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", upper, path, err)
			}
			d.operations = append(d.operations, op)
		}
	}
	return d, nil
}

var operationMethods = []string{
	http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions, http.MethodTrace,
}

func parseOperation(method, path string, raw json.RawMessage) (*operation, error) {
	type content map[string]struct {
		Schema json.RawMessage `json:"schema"`
	}
	var in struct {
		ID          string                               `json:"operationId"`
		Parameters  []parameter                          `json:"parameters"`
		Permission  string                               `json:"x-permission"`
		Auth        string                               `json:"x-auth"`
		RequestBody struct{ Content content }            `json:"requestBody"`
		Responses   map[string]struct{ Content content } `json:"responses"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, err
	}
	op := &operation{id: in.ID, method: method, path: path, parameters: in.Parameters, responses: make(map[int]*response), permission: in.Permission, auth: in.Auth}
	whole, err := decode(raw)
	if err != nil {
		return nil, err
	}
	op.whole, _ = whole.(map[string]any)
	if media, ok := in.RequestBody.Content[jsonType]; ok {
		schema, err := decode(media.Schema)
		if err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
		op.body, _ = schema.(map[string]any)
	}
	for text, described := range in.Responses {
		status, err := strconv.Atoi(text)
		if err != nil || status < 200 || status > 599 {
			return nil, fmt.Errorf("answer %q: list each status", text)
		}
		out := &response{content: make(map[string]any)}
		for mediaType, media := range described.Content {
			if out.content[mediaType], err = decode(media.Schema); err != nil {
				return nil, fmt.Errorf("answer %d: %w", status, err)
			}
		}
		op.responses[status] = out
	}
	if len(op.responses) == 0 {
		return nil, errors.New("no answers")
	}
	return op, nil
}

// Check holds an answer against the document and lists what is wrong: an operation or a status that it does not name,
// another media type, a body that breaks the schema. The body of a HEAD is not looked at.
func (d *Document) Check(method, path string, status int, contentType string, body []byte) []string {
	op := d.find(method, path)
	if op == nil {
		return []string{"no such operation is documented"}
	}
	documented := op.responses[status]
	switch {
	case documented == nil:
		return []string{fmt.Sprintf("%s does not document %d", op, status)}
	case method == http.MethodHead:
		return nil
	case len(documented.content) == 0 && len(body) > 0:
		return []string{fmt.Sprintf("%s documents %d without a body", op, status)}
	case len(documented.content) == 0:
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return []string{fmt.Sprintf("media type %q: %v", contentType, err)}
	}
	family, _, _ := strings.Cut(mediaType, "/")
	schema, ok := documented.content[mediaType]
	if !ok {
		if schema, ok = documented.content[family+"/*"]; !ok {
			return []string{fmt.Sprintf("%s does not document %s for %d", op, mediaType, status)}
		}
	}
	if mediaType != jsonType && !strings.HasSuffix(mediaType, "+json") {
		return nil
	}
	value, err := decode(body)
	if err != nil {
		return []string{"no JSON: " + err.Error()}
	}
	return d.validate(schema, value)
}

// find gives the operation that answers a request, nil when there is none.
func (d *Document) find(method, path string) *operation {
	path, _, _ = strings.Cut(path, "?")
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var best *operation
	for _, op := range d.operations {
		if op.method == method && op.matches(path) && (best == nil || op.literals() > best.literals()) {
			best = op
		}
	}
	return best
}

// matches tells whether a path is one of the template. A parameter at the end takes slashes too when it is the key of
// something that has them, as the keys of media do: OpenAPI has no words for that.
func (o *operation) matches(path string) bool {
	template, segments := strings.Split(o.path, "/"), strings.Split(path, "/")
	last := len(template) - 1
	if o.path == mediaTemplate && len(segments) > len(template) {
		segments = append(segments[:last:last], strings.Join(segments[last:], "/"))
	}
	if len(segments) != len(template) {
		return false
	}
	for i, part := range template {
		if isParameter(part) && segments[i] == "" || !isParameter(part) && part != segments[i] {
			return false
		}
	}
	return true
}

const mediaTemplate = "/media/{key}"

func isParameter(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

// literals counts the segments that are no parameters: of two templates the one with more is meant.
func (o *operation) literals() int {
	n := 0
	for segment := range strings.SplitSeq(o.path, "/") {
		if !isParameter(segment) {
			n++
		}
	}
	return n
}

// String is the method and the template.
func (o *operation) String() string { return o.method + " " + o.path }

func (o *operation) line(status int) string { return o.String() + " " + strconv.Itoa(status) }

// lines lists all documented answers, sorted.
func (d *Document) lines() []string {
	var out []string
	for _, op := range d.operations {
		for status := range op.responses {
			out = append(out, op.line(status))
		}
	}
	slices.Sort(out)
	return out
}
