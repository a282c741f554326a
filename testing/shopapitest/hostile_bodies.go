package shopapitest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// try is one way to spoil a good request, or to take it to a bound. Spoil changes the request and says what must come
// of it.
type try struct {
	name  string
	full  bool // The request has every member before.
	spoil func(f *fighter, r *request) expectation
}

// tries lists the ways to spoil requests for an operation, always in the same order.
func (f *fighter) tries(ctx context.Context, op *operation) []try {
	out := slices.Concat(parameterTries(f.document, op), edgeTries(op))
	if op.body != nil {
		out = slices.Concat(out, f.bodyTries(ctx, op), documentTries(op))
	}
	if op.form() {
		out = append(out, formTries()...)
	}
	return out
}

// site is a place in a body: how to read and write what stands there.
type site struct {
	at       string
	schema   map[string]any
	required bool
	value    any
	put      func(any)
	remove   func() // Nil where that is no member.
}

// sites walks through a body and its schema together.
func (d *Document) sites(in any, at string, value any, put func(any), visit func(site)) {
	schema := d.resolve(in)
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if options, ok := schema[keyword].([]any); ok && len(options) > 0 {
			schema = d.resolve(options[0])
		}
	}
	visit(site{at: at, schema: schema, value: value, put: put})
	switch value := value.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		must, _ := schema["required"].([]any)
		for _, name := range sortedNames(value) {
			property, named := properties[name]
			if !named {
				property = schema["additionalProperties"]
			}
			d.sites(property, join(at, name), value[name], func(v any) { value[name] = v }, func(s site) {
				if s.at == join(at, name) {
					s.required = slices.Contains(must, any(name))
					s.remove = func() { delete(value, name) }
				}
				visit(s)
			})
		}
	case []any:
		if len(value) > 0 {
			d.sites(schema["items"], at+"[0]", value[0], func(v any) { value[0] = v }, visit)
		}
	}
}

func sortedNames(members map[string]any) []string {
	out := make([]string, 0, len(members))
	for name := range members {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// find gives the site of a path, with false when the body has none.
func (f *fighter) site(r *request, at string) (found site, ok bool) {
	f.document.sites(r.op.body, "", r.body, func(v any) { r.body = v }, func(s site) {
		if s.at == at {
			found, ok = s, true
		}
	})
	return found, ok
}

// bodyTries puts every value of the corpus at every place of the body.
func (f *fighter) bodyTries(ctx context.Context, op *operation) []try {
	var out []try
	f.document.sites(op.body, "", f.body(ctx, op, nil, true), func(any) {}, func(s site) {
		if s.at == "" {
			return
		}
		for _, candidate := range f.candidates(s) {
			out = append(out, candidate.at(s.at))
		}
		out = append(out, absent(s.at))
	})
	f.document.sites(op.body, "", f.body(ctx, op, nil, true), func(any) {}, func(s site) {
		if members, ok := s.value.(map[string]any); ok {
			out = append(out, memberTries(s.at, sortedNames(members))...)
		}
	})
	return out
}

// candidate is a value for one place.
type candidate struct {
	kind       string
	value      any
	unreadable bool // It is no strict JSON, and the whole body is refused.
	bound      bool // It is at a bound: the field must not be blamed.
}

// at makes a try of a candidate.
func (c candidate) at(at string) try {
	name := fmt.Sprintf("%s at %s: %s", c.kind, at, excerpt(string(encode(c.value)), 60))
	return try{name: name, full: true, spoil: func(f *fighter, r *request) expectation {
		s, ok := f.site(r, at)
		if !ok {
			return expectation{}
		}
		s.put(c.value)
		if c.unreadable {
			return expectation{refuse: true, statuses: []int{400}}
		}
		decoded, err := decode(encode(c.value))
		if err != nil {
			return expectation{refuse: true}
		}
		if len(f.document.validate(s.schema, decoded)) > 0 {
			if decoded == nil && !s.required {
				return expectation{} // Null where a member may be left out is taken for that.
			}
			return expectation{refuse: true, field: at}
		}
		want := expectation{}
		if c.bound && joint[r.op.id] != at {
			want.accept = at
		}
		if text, ok := decoded.(string); ok && free(s.schema) {
			want.keep = &kept{name: at[strings.LastIndexByte(at, '.')+1:], text: text}
		}
		return want
	}}
}

// joint are the members whose bound depends on what is there too, by the id of the operation.
var joint = map[string]string{"admin-receive-stock": "quantity"}

// free tells whether a schema takes any text, so that it must come back as it was sent.
func free(schema map[string]any) bool {
	return slices.Contains(kinds(schema), "string") && schema["pattern"] == nil && schema["format"] == nil && schema["enum"] == nil && schema["maxLength"] != nil
}

// candidates are the values to try where a schema stands.
func (f *fighter) candidates(s site) []candidate {
	var out []candidate
	add := func(kind string, values ...any) {
		for _, value := range values {
			out = append(out, candidate{kind: kind, value: value})
		}
	}
	add("kind", wrongKinds...)
	for _, l := range unreadable {
		out = append(out, candidate{kind: "unreadable", value: l, unreadable: true})
	}
	types := kinds(s.schema)
	if slices.Contains(types, "string") || len(types) == 0 {
		for kind, list := range map[string][]string{
			"injection": slices.Concat(injections, brokenLines), "alphabet": alphabets, "space": spaces, "control": controls,
		} {
			for _, text := range list {
				add(kind, text)
			}
		}
		add("long", strings.Repeat("x", 10_000), strings.Repeat("é", 5_000), strings.Repeat("x", 500_000))
		ruled := known[strings.ToLower(s.at[strings.LastIndexByte(s.at, '.')+1:])] != ""
		out = append(out, lengths(s.schema, !ruled)...)
	}
	if slices.Contains(types, "integer") || slices.Contains(types, "number") {
		for _, l := range numbers {
			add("number", l)
		}
		for _, l := range noNumbers {
			out = append(out, candidate{kind: "number", value: l, unreadable: true})
		}
		out = append(out, bounds(s.schema)...)
	}
	if options, ok := s.schema["enum"].([]any); ok {
		for _, option := range options {
			out = append(out, candidate{kind: "option", value: option, bound: true})
		}
		if text, ok := options[0].(string); ok {
			add("option", strings.ToUpper(text), text+" ", text+"x", " "+text)
		}
	}
	if slices.Contains(types, "array") {
		out = append(out, counts(s)...)
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return strings.Compare(a.kind, b.kind) })
	return out
}

// lengths are texts at the bounds of their length and beyond. A plain one is under no other rule.
func lengths(schema map[string]any, plain bool) []candidate {
	var out []candidate
	plain = plain && schema["pattern"] == nil && schema["format"] == nil && schema["enum"] == nil
	for _, keyword := range []string{"minLength", "maxLength"} {
		bound := rational(schema[keyword])
		if bound == nil || !bound.IsInt() || bound.Num().Int64() > 1<<18 {
			continue
		}
		n := int(bound.Num().Int64())
		for _, length := range []int{n - 1, n, n + 1} {
			if length >= 0 {
				for _, letter := range []string{"x", "é", "👾"} { // Of one, two and four bytes: what is counted is characters.
					out = append(out, candidate{kind: "length", value: strings.Repeat(letter, length), bound: plain && length == n && free(schema)})
				}
			}
		}
	}
	return out
}

// bounds are numbers at their bounds and beyond.
func bounds(schema map[string]any) []candidate {
	var out []candidate
	for _, keyword := range []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"} {
		bound := rational(schema[keyword])
		if bound == nil || !bound.IsInt() {
			continue
		}
		for _, off := range []int64{-1, 0, 1} {
			n := new(big.Int).Add(bound.Num(), big.NewInt(off))
			inclusive := off == 0 && !strings.HasPrefix(keyword, "exclusive")
			out = append(out, candidate{kind: "bound", value: json.Number(n.String()), bound: inclusive})
		}
	}
	return out
}

// counts are arrays of one element too many, of none, and with elements that are none.
func counts(s site) []candidate {
	element := any("x")
	if list, ok := s.value.([]any); ok && len(list) > 0 {
		element = list[0]
	}
	out := []candidate{
		{kind: "count", value: []any{}},
		{kind: "count", value: []any{nil}},
		{kind: "count", value: []any{element, nil}},
		{kind: "count", value: []any{element, element}},
		{kind: "count", value: []any{[]any{element}}},
	}
	if bound := rational(s.schema["maxItems"]); bound != nil && bound.IsInt() && bound.Num().Int64() <= 5000 {
		out = append(out, candidate{kind: "count", value: slices.Repeat([]any{element}, int(bound.Num().Int64())+1)})
	}
	return out
}
