package shopapitest

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// parameterTries put the corpus into the parameters of an operation: those of the path, the query, and its headers.
func parameterTries(d *Document, op *operation) []try {
	var out []try
	for _, in := range op.inputs() {
		switch in.in {
		case "path":
			out = append(out, pathTries(op, in.name)...)
		case "query":
			out = append(out, queryTries(d, in)...)
		case "header":
			out = append(out, headerTries(d, in)...)
		}
	}
	out = append(out, try{name: "unknown parameter", spoil: func(_ *fighter, r *request) expectation {
		r.query = append(r.query, [2]string{"no_such_parameter", "1"})
		return expectation{refuse: true, statuses: []int{400}, codes: []string{"unknown_parameter"}, field: "no_such_parameter"}
	}})
	for _, raw := range []string{"%", "%zz", "%ff=1", "a=%ff", "a=%00", "%00=1", "x=%c0%af"} {
		out = append(out, try{name: "query " + raw, spoil: func(_ *fighter, r *request) expectation {
			r.rawQuery = raw
			return expectation{refuse: true, statuses: []int{400}}
		}})
	}
	return out
}

// freely are the templates whose parameter may be any text: any name is drawn.
var freely = []string{mediaTemplate}

// pathTries name what does not exist: ids of other kinds, of nobody, and what is no id.
func pathTries(op *operation, name string) []try {
	if slices.Contains(freely, op.path) {
		return nil
	}
	var out []try
	gone := expectation{refuse: true, statuses: []int{400, 404, 409}} // 409 tells of what another case made.
	if op.path == "/api/v1/me/consents/{purpose}" {
		gone = expectation{statuses: []int{204, 400, 404, 422}} // What is a code is a purpose, whether somebody had it before or not.
	}
	for _, text := range slices.Concat(injections, brokenLines, alphabets, controls, []string{"x", " ", strings.Repeat("x", 4000), ".", "..", "*", "{" + name + "}"}) {
		kind := "path"
		if slices.Contains(injections, text) || slices.Contains(brokenLines, text) {
			kind = "injection into the path"
		}
		out = append(out, try{name: kind + ", " + name + ": " + excerpt(text, 40), spoil: func(_ *fighter, r *request) expectation {
			r.path[name] = text
			r.mistargeted = true
			want := gone
			want.slug = text
			return want
		}})
	}
	for _, raw := range []string{"%00", "%ff", "a%00b", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%2f..%2fetc%2fpasswd", "%c0%ae%c0%ae%2f", "%", "%zz", "a%0d%0aX-Injected:%201", "%252e%252e%252f"} {
		out = append(out, try{name: "injection into the path, " + name + ": " + raw, spoil: func(_ *fighter, r *request) expectation {
			r.rawPath = strings.Replace(r.op.path, "{"+name+"}", raw, 1)
			for other, value := range r.path {
				r.rawPath = strings.Replace(r.rawPath, "{"+other+"}", url.PathEscape(value), 1)
			}
			r.mistargeted = true
			return gone
		}})
	}
	return append(out, try{name: "path, " + name + " of another kind", spoil: func(f *fighter, r *request) expectation {
		other := f.pool.stranger(f.random, name)
		if other == "" {
			other = "x"
		}
		r.path[name] = other
		r.mistargeted = true
		return gone
	}}, try{name: "path, " + name + " in capitals", spoil: func(_ *fighter, r *request) expectation {
		r.path[name] = strings.ToUpper(r.path[name])
		r.mistargeted = true
		return expectation{}
	}})
}

// stranger gives the id of an object of another kind than the parameter stands for.
func (p *pool) stranger(random interface{ IntN(int) int }, name string) string {
	p.mu.Lock()
	others := make(map[string]bool)
	for prefix := range p.places {
		if _, last, ok := cutParameter(prefix); ok && last != name && prefix != mediaTemplate {
			others[last] = true
		}
	}
	p.mu.Unlock()
	var names []string
	for other := range others {
		names = append(names, other)
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return p.id(random, names[random.IntN(len(names))])
}

// queryTries put the corpus into one parameter of the query, and repeat it.
func queryTries(d *Document, in input) []try {
	var out []try
	schema := d.resolve(in.schema)
	for _, text := range texts() {
		out = append(out, try{name: text.kind + " into " + in.name + ": " + excerpt(text.text, 40), spoil: func(f *fighter, r *request) expectation {
			r.query = slices.DeleteFunc(r.query, func(q [2]string) bool { return q[0] == in.name })
			r.query = append(r.query, [2]string{in.name, text.text})
			if strings.ContainsFunc(text.text, func(r rune) bool { return (r < 0x20 && r != '\t' && r != '\n' && r != '\r') || r == 0x7f }) {
				return expectation{refuse: true, statuses: []int{400}} // No address may hold it, whatever the parameter.
			}
			return f.taken(in, schema, text.text)
		}})
	}
	if !slices.Contains(kinds(schema), "array") {
		out = append(out, try{name: "twice " + in.name, spoil: func(f *fighter, r *request) expectation {
			value, ok := f.text(in.name, in.schema)
			if !ok {
				value = "x"
			}
			r.query = append(r.query, [2]string{in.name, value}, [2]string{in.name, value})
			return expectation{refuse: true, statuses: []int{400}, codes: []string{"unknown_parameter"}, field: in.name}
		}})
	}
	if in.name == "cursor" {
		out = append(out, cursorTries()...)
	}
	if in.required {
		out = append(out, try{name: "without " + in.name, spoil: func(_ *fighter, r *request) expectation {
			r.query = slices.DeleteFunc(r.query, func(q [2]string) bool { return q[0] == in.name })
			return expectation{refuse: true, field: in.name}
		}})
	}
	return out
}

// taken says what must come of a text as the value of a parameter: what the schema does not allow is refused and the
// parameter named. A text without value is taken as none by some and as empty by others.
func (f *fighter) taken(in input, schema map[string]any, text string) expectation {
	var value any = text
	types := kinds(schema)
	if !slices.Contains(types, "string") && len(types) > 0 {
		decoded, err := decode([]byte(text))
		if _, isText := decoded.(string); err != nil || isText {
			decoded = text
		}
		value = decoded
		if _, err := strconv.ParseBool(text); slices.Contains(types, "boolean") && err == nil {
			return expectation{} // 0, T: addresses are written in many ways.
		}
		if slices.Contains(types, "array") {
			return expectation{}
		}
	}
	if text == "" || len(f.document.validate(schema, value)) == 0 {
		return expectation{}
	}
	return expectation{refuse: true, field: in.name}
}

// cursorTries forge cursors.
func cursorTries() []try {
	var out []try
	refused := expectation{refuse: true, statuses: []int{400}, codes: []string{"invalid_cursor"}}
	for _, forged := range []string{
		"x", "AAAA", strings.Repeat("A", 40), strings.Repeat("A", 4096), "null", "eyJpZCI6MX0", base64.RawURLEncoding.EncodeToString([]byte("' OR 1=1 --")),
		base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 30)), base64.RawURLEncoding.EncodeToString(append([]byte{1}, make([]byte, 29)...)),
	} {
		out = append(out, try{name: "forged cursor " + excerpt(forged, 40), spoil: func(_ *fighter, r *request) expectation {
			r.query = slices.DeleteFunc(r.query, func(q [2]string) bool { return q[0] == "cursor" })
			r.query = append(r.query, [2]string{"cursor", forged})
			return refused
		}})
	}
	return out
}

// headerTries put into one header what a header can hold, and twice.
func headerTries(d *Document, in input) []try {
	var out []try
	schema := d.resolve(in.schema)
	for _, text := range texts() {
		if strings.ContainsFunc(text.text, func(r rune) bool { return r < 0x20 || r == 0x7f }) || text.text != strings.TrimSpace(text.text) || len(text.text) > 4000 {
			continue
		}
		out = append(out, try{name: text.kind + " into " + in.name + ": " + excerpt(text.text, 40), spoil: func(f *fighter, r *request) expectation {
			r.set(in.name, text.text)
			if text.text == "" && in.required {
				return expectation{refuse: true}
			}
			return f.taken(in, schema, text.text)
		}})
	}
	out = append(out, try{name: "twice " + in.name, spoil: func(f *fighter, r *request) expectation {
		value, ok := f.text(in.name, in.schema)
		if !ok {
			value = "x"
		}
		if strings.EqualFold(in.name, "If-None-Match") {
			return expectation{} // A list, which may come in several headers.
		}
		r.set(in.name, value)
		r.header = append(r.header, [2]string{in.name, value})
		return expectation{refuse: true, statuses: []int{400}, field: in.name}
	}})
	if in.required {
		out = append(out, try{name: "without " + in.name, spoil: func(_ *fighter, r *request) expectation {
			r.drop(in.name)
			return expectation{refuse: true, field: in.name}
		}})
	}
	return out
}

type oddText struct{ kind, text string }

// texts are what parameters are tried with.
func texts() []oddText {
	var out []oddText
	for _, text := range slices.Concat(injections, brokenLines) {
		out = append(out, oddText{"injection", text})
	}
	for _, text := range slices.Concat(alphabets, controls, spaces, []string{strings.Repeat("x", 256), strings.Repeat("x", 4000), strings.Repeat("é", 300)}) {
		out = append(out, oddText{"text", text})
	}
	for _, number := range slices.Concat(numbers, noNumbers) {
		out = append(out, oddText{"number", string(number)})
	}
	for _, number := range []string{"100", "101", "true", "false", "[]", "{}", "1,2", "1 ", "+1", "١"} {
		out = append(out, oddText{"number", number})
	}
	return out
}
