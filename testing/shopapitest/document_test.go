package shopapitest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// documentWith is a document of one operation whose 200 has the schema, and whose 204 has no body.
func documentWith(t *testing.T, schema string) *shopapitest.Document {
	t.Helper()
	d, err := shopapitest.ParseDocument([]byte(`{"openapi":"3.1.0","paths":{"/x":{"get":{"operationId":"x","responses":{
		"200":{"content":{"application/json":{"schema":` + schema + `},"image/*":{"schema":{"type":"string","format":"binary"}}}},
		"204":{"description":"nothing"},
		"404":{"content":{"application/problem+json":{"schema":{"type":"object","required":["code"]}}}}
	}}}},"components":{"schemas":{
		"Money":{"type":"object","additionalProperties":false,"required":["amount","currency"],"properties":{
			"amount":{"type":"string","pattern":"^[0-9]+\\.[0-9]{2}$"},"currency":{"type":"string","enum":["GBP","EUR"]}}},
		"Tree":{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/components/schemas/Tree"}},"name":{"type":"string"}}},
		"a/b~c":{"type":"integer"}
	}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSchema plants a violation of each keyword: one that is named, at its place.
func TestSchema(t *testing.T) {
	t.Parallel()
	const reference = `{"$ref":"#/components/schemas/Money"}`
	for name, c := range map[string]struct {
		schema, good, bad string
		wrong             string // What is said of bad, in part.
	}{
		"type":               {`{"type":"string"}`, `"x"`, `1`, "the body: 1 is not of type string"},
		"integer":            {`{"type":"integer"}`, `12`, `1.5`, "1.5 is not of type integer"},
		"integer as decimal": {`{"type":"integer"}`, `1.0`, `"1"`, "not of type integer"},
		"number":             {`{"type":"number"}`, `1.5`, `null`, "null is not of type number"},
		"boolean":            {`{"type":"boolean"}`, `false`, `0`, "0 is not of type boolean"},
		"array not null":     {`{"type":"array","items":{"type":"string"}}`, `[]`, `null`, "null is not of type array"},
		"nullable":           {`{"type":["string","null"]}`, `null`, `1`, "1 is not of type [string null]"},
		"required":           {reference, `{"amount":"1.00","currency":"GBP"}`, `{"amount":"1.00"}`, "currency: is missing"},
		"additional":         {reference, `{"amount":"1.00","currency":"GBP"}`, `{"amount":"1.00","currency":"GBP","x":1}`, "x: is not documented"},
		"pattern":            {reference, `{"amount":"1.00","currency":"GBP"}`, `{"amount":"1.0","currency":"GBP"}`, `amount: "1.0" is not of the form`},
		"enum":               {reference, `{"amount":"1.00","currency":"EUR"}`, `{"amount":"1.00","currency":"gbp"}`, `currency: "gbp" is none of`},
		"additional schema":  {`{"type":"object","additionalProperties":{"type":"integer"}}`, `{"a":1}`, `{"a":1,"b":"x"}`, `b: "x" is not of type integer`},
		"items":              {`{"type":"array","items":{"type":"integer"}}`, `[1,2]`, `[1,"2"]`, `[1]: "2" is not of type integer`},
		"minItems":           {`{"minItems":1}`, `[1]`, `[]`, "length 0 is beyond minItems 1"},
		"maxItems":           {`{"maxItems":1}`, `[1]`, `[1,2]`, "length 2 is beyond maxItems 1"},
		"unique":             {`{"uniqueItems":true}`, `[1,2]`, `[{"a":1},{"a":1}]`, `[1]: {"a":1} stands there twice`},
		"minLength":          {`{"minLength":2}`, `"é€"`, `"é"`, "length 1 is beyond minLength 2"},
		"maxLength":          {`{"maxLength":2}`, `"é€"`, `"abc"`, "length 3 is beyond maxLength 2"},
		"minimum":            {`{"minimum":1}`, `1`, `0.999`, "0.999 is beyond minimum 1"},
		"maximum":            {`{"maximum":9007199254740993}`, `9007199254740993`, `9007199254740994`, "is beyond maximum"},
		"exclusiveMinimum":   {`{"exclusiveMinimum":1}`, `2`, `1`, "is beyond exclusiveMinimum"},
		"exclusiveMaximum":   {`{"exclusiveMaximum":1}`, `0`, `1`, "is beyond exclusiveMaximum"},
		"const":              {`{"const":"a"}`, `"a"`, `"b"`, `"b" is not a`},
		"date-time":          {`{"type":"string","format":"date-time"}`, `"2026-11-23T10:00:00.5Z"`, `"2026-11-23 10:00"`, "is no date-time"},
		"date":               {`{"format":"date"}`, `"2026-11-23"`, `"2026-02-30"`, "is no date"},
		"email":              {`{"format":"email"}`, `"a@b.example"`, `"a b"`, "is no email"},
		"uri":                {`{"format":"uri"}`, `"https://x.example/"`, `"/x"`, "is no uri"},
		"uri-reference":      {`{"format":"uri-reference"}`, `"/media/a.svg"`, `"/a b"`, "is no uri-reference"},
		"uuid":               {`{"format":"uuid"}`, `"01a208aa-0f2e-717f-bdb0-be3dc583a0dc"`, `"01a208aa"`, "is no uuid"},
		"int32":              {`{"format":"int32"}`, `-2147483648`, `2147483648`, "is no int32"},
		"int64":              {`{"format":"int64"}`, `9223372036854775807`, `-9223372036854775809`, "is no int64"},
		"allOf":              {`{"allOf":[{"type":"integer"},{"minimum":2}]}`, `2`, `1`, "is beyond minimum 2"},
		"anyOf":              {`{"anyOf":[{"type":"integer"},{"type":"null"}]}`, `null`, `"x"`, "fits 0 alternatives of anyOf"},
		"oneOf":              {`{"oneOf":[{"type":"integer"},{"minimum":2}]}`, `1`, `3`, "fits 2 alternatives of oneOf"},
		"recursive":          {`{"$ref":"#/components/schemas/Tree"}`, `{"children":[{"name":"a"}]}`, `{"children":[{"children":[{"name":1}]}]}`, "children[0].children[0].name: 1 is not of type string"},
		"escaped reference":  {`{"$ref":"#/components/schemas/a~1b~0c"}`, `1`, `"x"`, "not of type integer"},
		"false":              {`{"properties":{"a":false}}`, `{"b":1}`, `{"a":1}`, "a: nothing is allowed here"},
		"no JSON":            {`{}`, `{}`, `{`, "no JSON"},
		"two values":         {`{}`, `{}`, `{}{}`, "more than one JSON value"},
		"annotations":        {`{"title":"x","description":"x","examples":[1],"x-own":1,"type":"integer"}`, `1`, `"x"`, "integer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := documentWith(t, c.schema)
			if wrong := d.Check(http.MethodGet, "/x", 200, "application/json; charset=utf-8", []byte(c.good)); len(wrong) > 0 {
				t.Errorf("%s is refused: %q", c.good, wrong)
			}
			wrong := d.Check(http.MethodGet, "/x?y=1", 200, "application/json", []byte(c.bad))
			if len(wrong) != 1 || !strings.Contains(wrong[0], c.wrong) {
				t.Errorf("%s: %q, want one about %q", c.bad, wrong, c.wrong)
			}
		})
	}
}

// TestSchemaUnknown sees to it that nothing passes because the validator does not know it.
func TestSchemaUnknown(t *testing.T) {
	t.Parallel()
	for schema, part := range map[string]string{
		`{"not":{"type":"string"}}`:              `"not", which this validator does not know`,
		`{"type":"string","format":"colour"}`:    `format "colour", which`,
		`{"$ref":"#/components/schemas/Nobody"}`: "is not in the document",
		`{"$ref":"https://x.example/schema"}`:    "is not in the document",
		`{"pattern":"("}`:                        "the schema's pattern",
		`7`:                                      "the schema is a",
	} {
		wrong := documentWith(t, schema).Check(http.MethodGet, "/x", 200, "application/json", []byte(`"x"`))
		if len(wrong) != 1 || !strings.Contains(wrong[0], part) {
			t.Errorf("%s: %q, want one about %q", schema, wrong, part)
		}
	}
}

// TestCheck plants answers that no schema is about.
func TestCheck(t *testing.T) {
	t.Parallel()
	d := documentWith(t, `{"type":"object"}`)
	for name, c := range map[string]struct {
		method, path string
		status       int
		mediaType    string
		body         string
		wrong        string // "" when all is well.
	}{
		"well":               {"GET", "/x", 200, "application/json", `{}`, ""},
		"picture":            {"GET", "/x", 200, "image/svg+xml", "<svg/>", ""},
		"empty":              {"GET", "/x", 204, "", "", ""},
		"head":               {"HEAD", "/x", 200, "application/json", "", ""},
		"problem":            {"GET", "/x", 404, "application/problem+json", `{"code":"not_found"}`, ""},
		"bad problem":        {"GET", "/x", 404, "application/problem+json", `{}`, "code: is missing"},
		"head status":        {"HEAD", "/x", 500, "", "", "GET /x does not document 500"},
		"undocumented":       {"GET", "/x", 500, "application/json", `{}`, "GET /x does not document 500"},
		"operation":          {"POST", "/x", 200, "application/json", `{}`, "no such operation"},
		"path":               {"GET", "/y", 200, "application/json", `{}`, "no such operation"},
		"media type":         {"GET", "/x", 200, "text/html", `{}`, "does not document text/html for 200"},
		"no media type":      {"GET", "/x", 200, "", `{}`, "media type"},
		"body where none is": {"GET", "/x", 204, "application/json", `{}`, "documents 204 without a body"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := d.Check(c.method, c.path, c.status, c.mediaType, []byte(c.body))
			if c.wrong == "" && len(wrong) > 0 || c.wrong != "" && (len(wrong) != 1 || !strings.Contains(wrong[0], c.wrong)) {
				t.Errorf("%q, want %q", wrong, c.wrong)
			}
		})
	}
}
