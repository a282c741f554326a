package shopapitest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// request is a good request for an operation until a try spoils it.
type request struct {
	op          *operation
	method      string
	place       *location
	path        map[string]string // Values of the template's parameters, not encoded.
	rawPath     string            // Instead of template and values.
	query       [][2]string
	rawQuery    string // Behind the query.
	header      [][2]string
	body        any    // The tree of a JSON body, nil without one.
	raw         []byte // Instead of it.
	media       string
	chunked     bool
	slow        bool
	mistargeted bool // It is no longer for this operation.
}

// intact tells whether it is still one for its operation at a place that exists.
func (r *request) intact() bool { return !r.mistargeted && r.rawPath == "" && r.method == r.op.method }

// target is the path and the query, encoded.
func (r *request) target() string {
	path := r.rawPath
	if path == "" {
		segments := strings.Split(r.op.path, "/")
		for i, part := range segments {
			if isParameter(part) {
				segments[i] = url.PathEscape(r.path[part[1:len(part)-1]])
				if r.op.path == mediaTemplate {
					segments[i] = strings.ReplaceAll(segments[i], "%2F", "/")
				}
			}
		}
		path = strings.Join(segments, "/")
	}
	var pairs []string
	for _, pair := range r.query {
		pairs = append(pairs, url.QueryEscape(pair[0])+"="+url.QueryEscape(pair[1]))
	}
	if r.rawQuery != "" {
		pairs = append(pairs, r.rawQuery)
	}
	if len(pairs) == 0 {
		return path
	}
	return path + "?" + strings.Join(pairs, "&")
}

// set gives a header a value, instead of those it had.
func (r *request) set(name, value string) {
	r.header = slices.DeleteFunc(r.header, func(h [2]string) bool { return strings.EqualFold(h[0], name) })
	r.header = append(r.header, [2]string{name, value})
}

// drop leaves a header out.
func (r *request) drop(name string) {
	r.header = slices.DeleteFunc(r.header, func(h [2]string) bool { return strings.EqualFold(h[0], name) })
}

func (r *request) get(name string) string {
	for _, h := range r.header {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

func (r *request) shot() shot {
	s := shot{method: r.method, target: r.target(), header: r.header, chunked: r.chunked, slow: r.slow}
	switch {
	case r.raw != nil:
		s.body = r.raw
	case r.body != nil:
		s.body = encode(r.body)
	}
	if len(s.body) > 0 && r.media != "" {
		s.header = append(slices.Clone(s.header), [2]string{"Content-Type", r.media})
	}
	return s
}

// literal is JSON that is written as it stands, for what no encoder would write.
type literal string

// encode writes a tree as JSON.
func encode(value any) []byte {
	switch value := value.(type) {
	case literal:
		return []byte(value)
	case map[string]any:
		out := []byte{'{'}
		for i, name := range slices.Sorted(maps.Keys(value)) {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(append(out, encode(name)...), ':'), encode(value[name])...)
		}
		return append(out, '}')
	case []any:
		out := []byte{'['}
		for i, element := range value {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, encode(element)...)
		}
		return append(out, ']')
	default:
		out, err := json.Marshal(value)
		if err != nil {
			return []byte("null")
		}
		return out
	}
}

var errNoPlace = errors.New("there is nothing to send it to: no answer so far told of such an object, and none could be made")

// request makes a good request. A full one has every member that its schema knows.
func (f *fighter) request(ctx context.Context, op *operation, full bool, depth int) (*request, error) {
	return f.requestTo(ctx, op, full, false, depth)
}

// requestTo is request for an object that is fresh, if it can be made.
func (f *fighter) requestTo(ctx context.Context, op *operation, full, fresh bool, depth int) (*request, error) {
	r := &request{op: op, method: op.method, path: make(map[string]string), media: jsonType}
	if prefix := placeOf(op.path); prefix != "" {
		if r.place = f.supply(ctx, op, fresh, depth); r.place == nil {
			_, name, _ := cutParameter(prefix)
			if _, excused := f.siege.Unreached[op.String()]; !excused && known[name] == "" {
				return nil, errNoPlace
			}
			r.place = &location{prefix: prefix, values: f.fiction(prefix), fiction: true}
		}
		maps.Copy(r.path, r.place.values)
	}
	for _, in := range op.inputs() {
		if in.in == "path" || !in.required && (full || f.random.IntN(3) > 0) {
			continue
		}
		value, ok := f.text(in.name, in.schema)
		switch {
		case !ok:
		case in.in == "query":
			r.query = append(r.query, [2]string{in.name, value})
		case in.in == "header":
			r.set(in.name, value)
		}
	}
	if r.place != nil && r.place.token != "" && slices.Contains(op.parameters, parameter{"X-Order-Token", "header"}) {
		r.set("X-Order-Token", r.place.token)
	}
	f.identify(ctx, r)
	switch {
	case op.body != nil:
		r.body = f.body(ctx, op, r.place, full)
	case op.form():
		r.fill()
	}
	return r, nil
}
