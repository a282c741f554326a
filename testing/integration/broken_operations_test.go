package integration_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// described is what these tests read of the document of an API.
type described struct {
	Paths      map[string]map[string]describedOperation
	Components struct{ Schemas map[string]describedSchema }
}

type describedOperation struct {
	Permission  string `json:"x-permission"`
	Auth        string `json:"x-auth"`
	Responses   map[string]any
	Parameters  []describedParameter
	RequestBody struct {
		Content map[string]struct{ Schema describedSchema }
	}
}

type describedParameter struct {
	Name, In string
	Required bool
	Schema   describedSchema
	Example  any
}

type describedSchema struct {
	Ref        string `json:"$ref"`
	Type       any
	Format     string
	Enum       []any
	Examples   []any
	Example    any
	Default    any
	MinLength  int
	MinItems   int
	Minimum    *float64
	Items      *describedSchema
	Required   []string
	Properties map[string]describedSchema
}

// bearerOfNobody has the form of an access token, so that somebody must look whose it is.
var bearerOfNobody = "Bearer sat_" + strings.Repeat("0", 32)

// everyOperation gives a call of each operation of the document that can fail beneath, so that a new one is covered by
// itself: with the credentials that it takes and the least body that its schema lets in. With lines of coverage it gives
// those alone of which one is about 500. Who shows credentials is looked up before anything else of a request is; a
// public operation whose call is refused before it reaches the database needs an example in its schema, or a call of its
// own in brokenCalls.
func everyOperation(t *testing.T, document []byte, missing []string) []brokenCall {
	t.Helper()
	var d described
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	var out []brokenCall
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			op, upper := d.Paths[path][method], strings.ToUpper(method)
			if strings.HasSuffix(path, "/webhooks") {
				continue // No provider of the program takes any, see seenWebhooks.
			}
			if op.Responses["500"] == nil || missing != nil && !slices.Contains(missing, upper+" "+path+" 500") {
				continue
			}
			out = append(out, d.call(t, upper, path, op))
		}
	}
	return out
}

// call makes the call of one operation.
func (d described) call(t *testing.T, method, path string, op describedOperation) brokenCall {
	t.Helper()
	c := brokenCall{method: method, path: path}
	for _, p := range op.Parameters {
		value := fmt.Sprint(d.least(p.Schema))
		switch {
		case p.In == "path":
			c.path = strings.ReplaceAll(c.path, "{"+p.Name+"}", value)
		case p.In == "header" && p.Required && p.Name != "Idempotency-Key": // Which every call has.
			c.headers = append(c.headers, p.Name, value)
		case p.In == "query" && p.Required:
			c.path += map[bool]string{true: "?", false: "&"}[!strings.Contains(c.path, "?")] + p.Name + "=" + value
		}
	}
	if body, takes := op.RequestBody.Content["application/json"]; takes {
		text, err := json.Marshal(d.least(body.Schema))
		if err != nil {
			t.Fatal(err)
		}
		c.body = string(text)
	}
	switch {
	case op.Permission != "":
		c.headers = append(c.headers, "X-API-Key", adminKey)
	case op.Auth != "public":
		c.headers = append(c.headers, "Authorization", bearerOfNobody)
	}
	return c
}

// least is a small value that a schema lets in.
func (d described) least(s describedSchema) any {
	if s.Ref != "" {
		return d.least(d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]])
	}
	for _, v := range []any{s.Example, first(s.Examples), first(s.Enum), s.Default} {
		if v != nil {
			return v
		}
	}
	kind, _ := s.Type.(string)
	switch kind {
	case "object":
		out := map[string]any{}
		for _, name := range s.Required {
			out[name] = d.least(s.Properties[name])
		}
		return out
	case "array":
		out := []any{}
		for range s.MinItems {
			out = append(out, d.least(*s.Items))
		}
		return out
	case "integer", "number":
		if s.Minimum != nil {
			return *s.Minimum
		}
		return 1
	case "boolean":
		return true
	default:
		return d.text(s)
	}
}

// text is a text of a format, or of a length that most rules like.
func (d described) text(s describedSchema) string {
	switch s.Format {
	case "email":
		return "ada@example.org"
	case "date-time":
		return "2026-11-23T10:00:00Z"
	case "password":
		return goodPassword
	}
	return strings.Repeat("a", max(s.MinLength, 1))
}

func first(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

// lookedUpAtTheDoor are the tables that tell who calls.
const lookedUpAtTheDoor = `'accounts', 'sessions', 'roles', 'account_roles', 'api_keys'`

// wantHonestBehindTheDoor makes the calls of staff while all tables are away but those that tell who calls, so that it is
// the operations themselves that fail. Whatever they answer is documented and has its form, and nothing but what needs
// no other table succeeds.
func wantHonestBehindTheDoor(t *testing.T, coverage *shopapitest.Coverage, base string, conn *pgx.Conn, calls []brokenCall) {
	t.Helper()
	move := func(from, to string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), fmt.Sprintf(`CREATE SCHEMA IF NOT EXISTS %s; DO $$ DECLARE t text; BEGIN
			FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = '%s' AND tablename NOT IN (%s) LOOP
				EXECUTE format('ALTER TABLE %s.%%I SET SCHEMA %s', t);
			END LOOP; END $$`, to, from, lookedUpAtTheDoor, from, to)); err != nil {
			t.Fatal(err)
		}
	}
	move("commerce", "behind")
	defer move("behind", "commerce")
	failed := 0
	for _, c := range calls {
		if !slices.Contains(c.headers, adminKey) {
			continue
		}
		got := ask(t, base, c)
		check(t, coverage, c.method, c.path, got)
		switch {
		case got.status == http.StatusInternalServerError:
			failed++
			if !strings.Contains(string(got.body), `"code":"internal"`) {
				t.Errorf("%s %s: %s", c.method, c.path, got.body)
			}
		case got.status >= http.StatusInternalServerError:
			t.Errorf("%s %s without its tables: %d %s", c.method, c.path, got.status, got.body)
		}
	}
	if failed == 0 {
		t.Error("no operation of staff failed behind the door")
	}
	t.Logf("%d of the operations of staff failed behind the door", failed)
}
