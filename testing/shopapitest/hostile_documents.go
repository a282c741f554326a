package shopapitest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// absent leaves a member out.
func absent(at string) try {
	return try{name: "absent " + at, full: true, spoil: func(f *fighter, r *request) expectation {
		s, ok := f.site(r, at)
		if !ok || s.remove == nil {
			return expectation{}
		}
		s.remove()
		if s.required {
			return expectation{refuse: true, field: at}
		}
		return expectation{}
	}}
}

// memberTries add members to one object of a body that it must not have.
func memberTries(at string, names []string) []try {
	var out []try
	add := func(name string, field string, codes []string, change func(object map[string]any) any) {
		out = append(out, try{name: name + " at " + field, full: true, spoil: func(f *fighter, r *request) expectation {
			s, ok := f.site(r, at)
			object, isObject := s.value.(map[string]any)
			if !ok || !isObject {
				return expectation{}
			}
			changed := change(maps.Clone(object))
			if open := s.schema["additionalProperties"]; changed == nil || codes[0] == "unknown_field" && open != nil && open != false {
				return expectation{}
			}
			s.put(changed)
			return expectation{refuse: true, statuses: []int{400}, codes: codes, field: field}
		}})
	}
	with := func(name string, value any) func(map[string]any) any {
		return func(object map[string]any) any { object[name] = value; return object }
	}
	unknown := []string{"unknown_field"}
	add("unknown field", join(at, "no_such_field"), unknown, with("no_such_field", "x"))
	for _, name := range slices.Sorted(maps.Keys(usurped)) {
		if !slices.Contains(names, name) {
			for _, value := range usurped[name] {
				out = append(out, usurp(at, name, value))
			}
		}
	}
	for _, name := range names {
		for _, other := range []string{strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:], strings.ReplaceAll(name, "_", "-")} {
			if !slices.Contains(names, other) {
				add("case of a field", join(at, other), unknown, func(object map[string]any) any { object[other] = object[name]; return object })
			}
		}
		add("duplicate field", join(at, name), []string{"duplicate_field"}, func(object map[string]any) any {
			if _, ok := object[name]; !ok {
				return nil
			}
			text := encode(object)
			again := fmt.Sprintf(",%s:%s}", encode(name), encode(object[name]))
			return literal(string(text[:len(text)-1]) + again)
		})
		add("duplicate field in disguise", join(at, name), []string{"duplicate_field"}, func(object map[string]any) any {
			if _, ok := object[name]; !ok {
				return nil
			}
			text := encode(object)
			return literal(fmt.Sprintf("%s,\"\\u%04x%s\":null}", text[:len(text)-1], name[0], name[1:]))
		})
	}
	return out
}

// usurped are members that decide over money, ownership or rights, or that the shop alone assigns, with values that a
// cheat would like. No body may have one that its schema does not name.
var usurped = map[string][]any{
	"price": {json.Number("0"), map[string]any{"amount": "0.01", "currency": "GBP"}}, "unit_price": {map[string]any{"amount": "0.00", "currency": "GBP"}},
	"total": {json.Number("0"), map[string]any{"amount": "0.01", "currency": "GBP"}}, "totals": {map[string]any{"total": map[string]any{"amount": "0.01", "currency": "GBP"}}},
	"subtotal": {"0.01"}, "amount": {"0.01", json.Number("-1")}, "currency": {"JPY"}, "discount": {"100"}, "tax": {"0"}, "shipping": {[]any{}},
	"status": {"completed", "placed"}, "payment_status": {"paid"}, "fulfilment_status": {"delivered"}, "owner": {"cus_00000000000000000000000000"},
	"customer_id": {"cus_00000000000000000000000000"}, "customer": {map[string]any{"id": "x"}}, "user_id": {json.Number("1")}, "role": {"admin"}, "roles": {[]any{"owner"}},
	"permissions": {[]any{"*"}}, "scopes": {[]any{"*"}}, "is_admin": {true}, "admin": {true}, "verified": {true}, "created_at": {"2020-01-01T00:00:00Z"}, "updated_at": {"2020-01-01T00:00:00Z"},
	"version": {json.Number("999")}, "id": {"ord_00000000000000000000000000"}, "number": {"1"}, "token": {"x"}, "channel": {"other"}, "metadata": {map[string]any{}}, "paid": {true}, "captured": {"1.00"},
	"__proto__": {map[string]any{"is_admin": true}}, "$set": {map[string]any{"price": json.Number("0")}},
}

// usurp adds one of them.
func usurp(at, name string, value any) try {
	return try{name: "tampering at " + join(at, name), full: true, spoil: func(f *fighter, r *request) expectation {
		s, ok := f.site(r, at)
		object, isObject := s.value.(map[string]any)
		properties, _ := s.schema["properties"].(map[string]any)
		open := s.schema["additionalProperties"] // A map of the caller's own names.
		if _, known := properties[name]; !ok || !isObject || known || open != nil && open != false {
			return expectation{}
		}
		object[name] = value
		return expectation{refuse: true, statuses: []int{400}, codes: []string{"unknown_field"}, field: join(at, name)}
	}}
}

// documentTries send bodies that are no JSON for any operation.
func documentTries(op *operation) []try {
	var out []try
	raw := func(name, body string, want expectation) {
		out = append(out, try{name: "document " + name, spoil: func(_ *fighter, r *request) expectation {
			r.raw = []byte(body)
			return want
		}})
	}
	needed := map[string]any{}
	if body, ok := op.whole["requestBody"].(map[string]any); ok {
		needed = body
	}
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		want := expectation{refuse: true, statuses: []int{400}}
		switch {
		case name == "empty" && needed["required"] != true:
			want = expectation{}
		case name == "many members":
			want = expectation{refuse: true, statuses: []int{400, 422}}
		}
		raw(name, documents[name], want)
	}
	for _, value := range otherValues {
		raw("of another kind: "+value, value, expectation{refuse: true, statuses: []int{400, 422}})
	}
	out = append(out, try{name: "document followed by another", spoil: func(_ *fighter, r *request) expectation {
		r.raw = append(encode(r.body), encode(r.body)...)
		return expectation{refuse: true, statuses: []int{400}}
	}}, try{name: "document with space around", spoil: func(_ *fighter, r *request) expectation {
		r.raw = []byte("\r\n\t " + string(encode(r.body)) + " \n")
		return expectation{sound: true}
	}}, try{name: "document too large", spoil: func(_ *fighter, r *request) expectation {
		r.raw = []byte(strings.Repeat(" ", bodyBeyond))
		return expectation{refuse: true, statuses: []int{413}}
	}}, try{name: "document too large, chunked", spoil: func(_ *fighter, r *request) expectation {
		r.raw, r.chunked = []byte(strings.Repeat(" ", bodyBeyond/8)), true
		return expectation{refuse: true, statuses: []int{413}}
	}}, try{name: "document chunked", full: true, spoil: func(_ *fighter, r *request) expectation {
		r.chunked = true
		return expectation{sound: true}
	}}, try{name: "document slow", full: true, spoil: func(_ *fighter, r *request) expectation {
		r.slow = true
		return expectation{sound: true}
	}})
	return append(out, mediaTries()...)
}

// mediaTries declare bodies as something that they are not, or that is not read.
func mediaTries() []try {
	var out []try
	for _, media := range []string{
		"", "text/plain", "text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/json; charset=latin1",
		"application/json; charset=utf-16", "application/json; charset=utf-7", "application/vnd.shop+json", "application/merge-patch+json", "json", "application/json; =",
		"application/json, text/plain", "application/jsonx", "*/*", "application/json\t;", "application/json; charset=\"utf-8", strings.Repeat("a", 300) + "/json",
	} {
		out = append(out, try{name: "media type " + excerpt(media, 40), spoil: func(_ *fighter, r *request) expectation {
			r.media = media
			want := expectation{refuse: true, statuses: []int{415}}
			if media == "application/json\t;" {
				want = expectation{}
			}
			return want
		}})
	}
	for _, media := range []string{"application/json; charset=utf-8", "application/json;charset=UTF-8", "APPLICATION/JSON"} {
		out = append(out, try{name: "media type " + media, full: true, spoil: func(_ *fighter, r *request) expectation {
			r.media = media
			return expectation{sound: true}
		}})
	}
	return out
}
