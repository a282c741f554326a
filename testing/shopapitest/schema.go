package shopapitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// decode reads one JSON value and keeps its numbers as they are written.
func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return value, nil
}

// validate holds a decoded value against a schema and lists what is wrong. A keyword that it does not know is wrong
// too, so that nothing passes unchecked.
func (d *Document) validate(schema, value any) []string {
	v := validation{document: d}
	v.check("", schema, value)
	return v.wrong
}

type validation struct {
	document *Document
	wrong    []string
}

func (v *validation) fail(at, format string, arguments ...any) {
	if at == "" {
		at = "the body"
	}
	v.wrong = append(v.wrong, at+": "+fmt.Sprintf(format, arguments...))
}

// place is one keyword of a schema and the value that it is about.
type place struct {
	at, keyword     string
	argument, value any
	schema          map[string]any
}

// rules are the keywords that are checked.
var rules map[string]func(v *validation, p place)

func init() {
	rules = map[string]func(v *validation, p place){
		"$ref": reference, "type": typed, "enum": enumerated, "const": constant, "format": formatted,
		"properties": properties, "required": required, "additionalProperties": additional,
		"items": items, "minItems": counted, "maxItems": counted, "uniqueItems": unique,
		"minLength": counted, "maxLength": counted, "pattern": patterned,
		"minimum": bounded, "maximum": bounded, "exclusiveMinimum": bounded, "exclusiveMaximum": bounded,
		"allOf": combined, "anyOf": combined, "oneOf": combined,
	}
}

// annotations are the keywords that say nothing about what is valid.
var annotations = []string{
	"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "contentEncoding", "$schema", "$comment",
	"patternDescription", // Of huma: the pattern in words.
}

func (v *validation) check(at string, schema, value any) {
	switch schema := schema.(type) {
	case bool:
		if !schema {
			v.fail(at, "nothing is allowed here")
		}
	case map[string]any:
		for _, keyword := range slices.Sorted(maps.Keys(schema)) {
			if rule, ok := rules[keyword]; ok {
				rule(v, place{at, keyword, schema[keyword], value, schema})
			} else if !slices.Contains(annotations, keyword) && !strings.HasPrefix(keyword, "x-") {
				v.fail(at, "the schema has %q, which this validator does not know", keyword)
			}
		}
	default:
		v.fail(at, "the schema is a %T", schema)
	}
}

// reference checks against another place of the document, such as #/components/schemas/Cart.
func reference(v *validation, p place) {
	pointer, _ := p.argument.(string)
	target := v.document.follow(pointer)
	if target == nil {
		v.fail(p.at, "the schema refers to %q, which is not in the document", pointer)
		return
	}
	v.check(p.at, target, p.value)
}

// follow gives what a pointer inside the document names, nil when there is no such place.
func (d *Document) follow(pointer string) any {
	path, local := strings.CutPrefix(pointer, "#/")
	if !local {
		return nil
	}
	var target any = d.root
	for part := range strings.SplitSeq(path, "/") {
		members, _ := target.(map[string]any)
		target = members[strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")]
	}
	return target
}

func typed(v *validation, p place) {
	names, ok := p.argument.([]any)
	if !ok {
		names = []any{p.argument}
	}
	if !slices.ContainsFunc(names, func(name any) bool { return isOf(name, p.value) }) {
		v.fail(p.at, "%s is not of type %v", brief(p.value), p.argument)
	}
}

// isOf tells whether a value has a type by the names of JSON Schema; 1.0 is an integer there.
func isOf(name, value any) bool {
	switch value := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	case json.Number:
		number, ok := new(big.Rat).SetString(value.String())
		return name == "number" || name == "integer" && ok && number.IsInt()
	default:
		return false
	}
}

func enumerated(v *validation, p place) {
	allowed, _ := p.argument.([]any)
	if !slices.ContainsFunc(allowed, func(one any) bool { return reflect.DeepEqual(one, p.value) }) {
		v.fail(p.at, "%s is none of %v", brief(p.value), p.argument)
	}
}

func constant(v *validation, p place) {
	if !reflect.DeepEqual(p.argument, p.value) {
		v.fail(p.at, "%s is not %v", brief(p.value), p.argument)
	}
}

func properties(v *validation, p place) {
	schemas, _ := p.argument.(map[string]any)
	members, _ := p.value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if schema, ok := schemas[name]; ok {
			v.check(join(p.at, name), schema, members[name])
		}
	}
}

func required(v *validation, p place) {
	names, _ := p.argument.([]any)
	members, ok := p.value.(map[string]any)
	if !ok {
		return
	}
	for _, name := range names {
		text, _ := name.(string)
		if _, ok := members[text]; !ok {
			v.fail(join(p.at, text), "is missing")
		}
	}
}

func additional(v *validation, p place) {
	known, _ := p.schema["properties"].(map[string]any)
	members, _ := p.value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if _, ok := known[name]; !ok {
			if p.argument == false {
				v.fail(join(p.at, name), "is not documented")
				continue
			}
			v.check(join(p.at, name), p.argument, members[name])
		}
	}
}

func items(v *validation, p place) {
	elements, _ := p.value.([]any)
	for i, element := range elements {
		v.check(fmt.Sprintf("%s[%d]", p.at, i), p.argument, element)
	}
}

func unique(v *validation, p place) {
	elements, _ := p.value.([]any)
	for i, element := range elements {
		if p.argument == true && slices.ContainsFunc(elements[:i], func(e any) bool { return reflect.DeepEqual(e, element) }) {
			v.fail(fmt.Sprintf("%s[%d]", p.at, i), "%s stands there twice", brief(element))
		}
	}
}

// counted checks the bounds of lengths: characters of a text, elements of an array.
func counted(v *validation, p place) {
	bound := rational(p.argument)
	if bound == nil {
		return
	}
	var n int
	switch value := p.value.(type) {
	case string:
		n = utf8.RuneCountInString(value)
		if strings.HasSuffix(p.keyword, "Items") {
			return
		}
	case []any:
		n = len(value)
		if strings.HasSuffix(p.keyword, "Length") {
			return
		}
	default:
		return
	}
	order := new(big.Rat).SetInt64(int64(n)).Cmp(bound)
	if strings.HasPrefix(p.keyword, "min") && order < 0 || strings.HasPrefix(p.keyword, "max") && order > 0 {
		v.fail(p.at, "length %d is beyond %s %v", n, p.keyword, p.argument)
	}
}

func bounded(v *validation, p place) {
	number, bound := rational(p.value), rational(p.argument)
	if number == nil || bound == nil {
		return
	}
	order := number.Cmp(bound)
	within := map[string]bool{
		"minimum": order >= 0, "maximum": order <= 0, "exclusiveMinimum": order > 0, "exclusiveMaximum": order < 0,
	}
	if !within[p.keyword] {
		v.fail(p.at, "%v is beyond %s %v", p.value, p.keyword, p.argument)
	}
}

// rational is the exact value of a JSON number, nil of anything else.
func rational(value any) *big.Rat {
	number, ok := value.(json.Number)
	if !ok {
		return nil
	}
	out, _ := new(big.Rat).SetString(number.String())
	return out
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// brief shows a value in a message without flooding it.
func brief(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%T", value)
	}
	if len(text) > 80 {
		return strings.ToValidUTF8(string(text[:80]), "") + "…"
	}
	return string(text)
}
