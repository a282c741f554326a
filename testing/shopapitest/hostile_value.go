package shopapitest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// input is a parameter of an operation as the document describes it.
type input struct {
	name, in string
	required bool
	schema   map[string]any
}

func (o *operation) inputs() []input {
	listed, _ := o.whole["parameters"].([]any)
	var out []input
	for _, one := range listed {
		members, _ := one.(map[string]any)
		in := input{}
		in.name, _ = members["name"].(string)
		in.in, _ = members["in"].(string)
		in.required, _ = members["required"].(bool)
		in.schema, _ = members["schema"].(map[string]any)
		out = append(out, in)
	}
	return out
}

// known are values that rules outside the schema allow, by the name of a member or parameter in lower case.
var known = map[string]string{
	"provider": "manual", "shipping_option": "standard", "country": "GB", "x-country": "GB", "accept-language": "en-GB", "postal_code": "IP4 1AA",
	"email": "ada@example.com", "if-none-match": `"x"`, "if-match": "*", "key": "drawn/blue-mug.svg", "locale": "en-GB", "timezone": "Europe/London",
	"password": "pass of somebody 7319", "channel": "web", "location": "main", "consumer": "log", "scope": "catalog.read", "permission": "orders.read", "purpose": "newsletter", "token": "tok_ok", "x-order-token": "none", "url": "https://example.com/x",
}

// body makes a good body for the object at a place, which may be nil. A full one has every member, and nothing that
// excludes another.
func (f *fighter) body(ctx context.Context, op *operation, at *location, full bool) any {
	value := f.sample("", op.body, full, 0)
	members, _ := value.(map[string]any)
	if _, versioned := members["version"]; versioned {
		members["version"] = json.Number("1") // What is new has it; nobody else can know.
		if !full {
			delete(members, "version")
		}
	}
	if mend, ok := recipes[op.id]; ok && members != nil {
		mend(ctx, f, at, members)
	}
	return value
}

// line asks for one thing that was in stock.
func (f *fighter) line() map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.goods) == 0 {
		return map[string]any{"sku": "NONE", "quantity": json.Number("1")}
	}
	v := f.goods[f.random.IntN(len(f.goods))]
	if f.random.IntN(2) == 0 {
		return map[string]any{"sku": v.SKU, "quantity": json.Number("1")}
	}
	return map[string]any{"variant_id": v.ID, "quantity": json.Number("1")}
}

// deepest bounds the bodies of schemas that contain themselves.
const deepest = 6

// resolve follows references to the schema that they mean.
func (d *Document) resolve(schema any) map[string]any {
	for range deepest {
		members, _ := schema.(map[string]any)
		pointer, ok := members["$ref"].(string)
		if !ok {
			return members
		}
		schema = d.follow(pointer)
	}
	return nil
}

// kinds lists the types that a schema allows.
func kinds(schema map[string]any) []string {
	switch named := schema["type"].(type) {
	case string:
		return []string{named}
	case []any:
		var out []string
		for _, one := range named {
			text, _ := one.(string)
			out = append(out, text)
		}
		return out
	}
	return nil
}

// sample makes a value that a schema allows.
func (f *fighter) sample(name string, in any, full bool, depth int) any {
	schema := f.document.resolve(in)
	if options, ok := schema["enum"].([]any); ok && len(options) > 0 {
		return options[f.random.IntN(len(options))]
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if options, ok := schema[keyword].([]any); ok && len(options) > 0 {
			return f.sample(name, options[0], full, depth+1)
		}
	}
	switch types := kinds(schema); {
	case slices.Contains(types, "object") || schema["properties"] != nil:
		return f.object(schema, full, depth)
	case slices.Contains(types, "array"):
		if depth >= deepest {
			return []any{}
		}
		return []any{f.sample(strings.TrimSuffix(name, "s"), schema["items"], full, depth+1)}
	case slices.Contains(types, "integer"), slices.Contains(types, "number"):
		return f.number(schema)
	case slices.Contains(types, "boolean"):
		return f.random.IntN(2) == 0
	case slices.Contains(types, "string"), len(types) == 0:
		return f.string(name, schema)
	}
	return nil
}

func (f *fighter) object(schema map[string]any, full bool, depth int) any {
	out := make(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	must, _ := schema["required"].([]any)
	for name, property := range properties {
		if slices.Contains(must, any(name)) || depth < deepest && (full || f.random.IntN(2) == 0) {
			out[name] = f.sample(name, property, full, depth+1)
		}
	}
	return out
}

func (f *fighter) number(schema map[string]any) any {
	if example, ok := exampleOf(schema).(json.Number); ok {
		return example
	}
	low, high := int64(1), int64(100)
	if bound := rational(schema["minimum"]); bound != nil && bound.IsInt() {
		low = bound.Num().Int64()
		high = max(high, low)
	}
	if bound := rational(schema["maximum"]); bound != nil && bound.IsInt() {
		high = min(high, bound.Num().Int64())
	}
	return json.Number(strconv.FormatInt(low+f.random.Int64N(max(1, high-low+1)), 10))
}

func exampleOf(schema map[string]any) any {
	if list, ok := schema["examples"].([]any); ok && len(list) > 0 {
		return list[0]
	}
	if one, ok := schema["example"]; ok {
		return one
	}
	return schema["default"]
}

// string makes a text: what answers showed under the name, what is known of it, what the document gives as an example,
// or something of the form.
func (f *fighter) string(name string, schema map[string]any) string {
	lower := strings.ToLower(name)
	fresh := rand.Text()
	guesses := []string{known[lower]}
	for _, from := range []string{lower, strings.TrimPrefix(lower, "x-")} {
		if word, ok := f.pool.word(f.random, from); ok && (lower == "sku" || lower == "slug" || strings.HasSuffix(lower, "_id") || lower == "currency" || lower == "x-currency") {
			guesses = append(guesses, word)
		}
	}
	if lower == "role" {
		guesses = append(guesses, f.pool.id(f.random, lower))
	}
	if strings.HasSuffix(lower, "_id") {
		if found := f.pool.id(f.random, strings.TrimSuffix(lower, "_id")); found != "" {
			guesses = append(guesses, found)
		}
	}
	if lower == "idempotency-key" {
		guesses = []string{fresh}
	}
	text, _ := exampleOf(schema).(string)
	guesses = append(
		guesses, text, "Word "+fresh[:8], fresh, strings.ToLower(fresh[:12]), "2030-01-02T03:04:05Z", "2030-01-02", fresh[:8]+"@example.com",
		"https://example.com/"+fresh[:8], "1.00", "GB", "GBP", "en-GB", "1", "a", `"1"`, "*", "01a208aa-0f2e-717f-bdb0-be3dc583a0dc",
	)
	for _, guess := range guesses {
		if guess != "" && len(f.document.validate(schema, guess)) == 0 {
			return guess
		}
	}
	return fresh
}

// id gives the id of an object by the name of the parameter that stands for it.
func (p *pool) id(random interface{ IntN(int) int }, name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []string
	for prefix, places := range p.places {
		if _, last, ok := cutParameter(prefix); ok && last == name {
			for _, one := range places {
				found = append(found, one.values[last])
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	slices.Sort(found)
	return found[random.IntN(len(found))]
}

// text makes a good value of a parameter, as it is written in an address or a header.
func (f *fighter) text(name string, schema map[string]any) (string, bool) {
	switch value := f.sample(name, schema, false, 0).(type) {
	case string:
		if strings.EqualFold(name, "X-Channel") || strings.EqualFold(name, "cursor") {
			return "", false // There is no telling which.
		}
		return value, true
	case nil:
		return "", false
	default:
		return fmt.Sprint(value), true
	}
}

// fiction makes values for a place that nobody has.
func (f *fighter) fiction(prefix string) map[string]string {
	out := make(map[string]string)
	for part := range strings.SplitSeq(prefix, "/") {
		if isParameter(part) {
			name := part[1 : len(part)-1]
			if out[name] = known[strings.ToLower(name)]; out[name] == "" {
				out[name] = "x"
			}
		}
	}
	return out
}
