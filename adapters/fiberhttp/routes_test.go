package fiberhttp_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// shopDocument is what the tests read of the document of a mounted shop.
type shopDocument struct {
	Paths map[string]map[string]struct {
		Parameters []struct{ Name, In string }
		Responses  map[string]struct {
			Description string
			Headers     map[string]any
		}
	}
	Components struct {
		Schemas map[string]struct {
			Required   []string
			Properties map[string]struct {
				Ref  string `json:"$ref"`
				Type any
				Enum []string
			}
		}
	}
}

func mountedDocument(t *testing.T) shopDocument {
	t.Helper()
	server, err := fiberhttp.New(fiberhttp.Options{
		Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), NewID: func() string { return "id" }, Now: func() time.Time { return moment },
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Mount(fiberhttp.Services{}) // The document is made of the routes alone.
	text, err := server.Document()
	if err != nil {
		t.Fatal(err)
	}
	var out shopDocument
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// holds checks the parameters of an operation and its statuses with their codes.
func (d shopDocument) holds(t *testing.T, name, wantParameters, wantAnswers string) {
	t.Helper()
	method, path, _ := strings.Cut(name, " ")
	op, ok := d.Paths[path][method]
	if !ok {
		t.Errorf("no %s in %v", name, slices.Sorted(maps.Keys(d.Paths)))
		return
	}
	var parameters []string
	for _, p := range op.Parameters {
		parameters = append(parameters, p.Name)
	}
	slices.Sort(parameters)
	wanted := strings.Fields(wantParameters)
	slices.Sort(wanted)
	if !slices.Equal(parameters, wanted) {
		t.Errorf("%s takes %v, want %v", name, parameters, wanted)
	}
	var answers []string
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		words := []string{status}
		for i, word := range strings.Split(op.Responses[status].Description, "`") {
			if i%2 == 1 && word != "cross_site" { // Of every change, see TestEveryChangeRefusesOtherSites.
				words = append(words, word)
			}
		}
		if status != "403" || len(words) > 1 {
			answers = append(answers, strings.Join(words, " "))
		}
	}
	if got := strings.Join(answers, "; "); got != wantAnswers {
		t.Errorf("%s answers\n%s, want\n%s", name, got, wantAnswers)
	}
}

// TestRoutesDocumentWhatTheyAnswer lists, for each operation, its parameters and its statuses with their codes. A case
// that comes or goes changes it here too.
func TestRoutesDocumentWhatTheyAnswer(t *testing.T) {
	t.Parallel()
	const (
		scope   = "X-Channel Accept-Language X-Currency X-Country "
		read    = "500 internal; 503 unavailable"
		write   = "500 internal; 503 unavailable outcome_unknown"
		body    = "400 unknown_parameter malformed_json duplicate_field unknown_field"
		changes = "409 cart_completed cart_merged customer_has_cart version_conflict; 412 precondition_failed"
	)
	document := mountedDocument(t)
	for name, want := range map[string]struct{ parameters, answers string }{
		"get /api/v1/products": {
			scope + "If-None-Match q category brand price_min price_max in_stock featured sort facets limit cursor",
			"200; 304; 400 unknown_parameter invalid_cursor; 422 invalid; " + read,
		},
		"get /api/v1/products/{product}": {
			scope + "If-None-Match product", "200; 301; 304; 400 unknown_parameter; 404 not_found; 422 invalid; " + read,
		},
		"get /api/v1/categories": {scope + "If-None-Match", "200; 304; 400 unknown_parameter; 422 invalid; " + read},
		"get /api/v1/categories/{category}": {
			scope + "If-None-Match category", "200; 301; 304; 400 unknown_parameter; 404 not_found; 422 invalid; " + read,
		},
		"get /api/v1/brands": {
			scope + "If-None-Match limit cursor", "200; 304; 400 unknown_parameter invalid_cursor; 422 invalid; " + read,
		},
		"get /api/v1/brands/{brand}": {
			scope + "If-None-Match brand", "200; 301; 304; 400 unknown_parameter; 404 not_found; 422 invalid; " + read,
		},
		"get /api/v1/collections": {
			scope + "If-None-Match limit cursor", "200; 304; 400 unknown_parameter invalid_cursor; 422 invalid; " + read,
		},
		"get /api/v1/collections/{collection}": {
			scope + "If-None-Match collection limit cursor",
			"200; 301; 304; 400 unknown_parameter invalid_cursor; 404 not_found; 422 invalid; " + read,
		},
		"post /api/v1/carts": {scope, "201; " + body + "; 413 body_too_large; 415 unsupported_media_type; 422 invalid amount_overflow; 429 rate_limited; " + write},
		"get /api/v1/carts/{cart}": {
			scope + "cart", "200; 400 unknown_parameter; 401 unauthenticated; 404 not_found; 422 invalid amount_overflow; " + read,
		},
		"post /api/v1/carts/{cart}/lines": {
			scope + "cart If-Match",
			"200; " + body + "; 401 unauthenticated; 404 not_found; " + changes + "; 413 body_too_large; 415 unsupported_media_type; 422 invalid amount_overflow; " + write,
		},
		"patch /api/v1/carts/{cart}/lines/{line}": {
			scope + "cart If-Match line",
			"200; " + body + "; 401 unauthenticated; 404 not_found; " + changes + "; 413 body_too_large; 415 unsupported_media_type; 422 invalid amount_overflow; " + write,
		},
		"delete /api/v1/carts/{cart}/lines/{line}": {
			scope + "cart If-Match line",
			"200; 400 unknown_parameter; 401 unauthenticated; 404 not_found; " + changes + "; 422 invalid amount_overflow; " + write,
		},
		"post /api/v1/carts/{cart}/checkout": {
			scope + "cart Idempotency-Key",
			"201; " + body + " missing_idempotency_key; 401 unauthenticated; 402 payment_declined; 404 not_found; " +
				"409 in_progress cart_completed cart_merged cart_changed price_changed out_of_stock; 413 body_too_large; " +
				"415 unsupported_media_type; 422 invalid idempotency_mismatch requirements_unmet amount_overflow; 429 rate_limited; " + write,
		},
		"get /api/v1/orders/{order}": {"order X-Order-Token", "200; 400 unknown_parameter; 401 unauthenticated; 404 not_found; " + read},
	} {
		document.holds(t, name, want.parameters, want.answers)
	}
	if created := document.Paths["/api/v1/carts/{cart}/checkout"]["post"].Responses["201"].Headers; created["Location"] == nil || created["Idempotent-Replayed"] == nil {
		t.Errorf("headers of a checkout: %v", created)
	}
}

// TestRoutesDocumentTheirShapes holds that nothing of an answer is missing in its schema: huma passes over embedded
// types that are not exported.
func TestRoutesDocumentTheirShapes(t *testing.T) {
	t.Parallel()
	schemas := mountedDocument(t).Components.Schemas
	for name, want := range map[string]string{
		"ProductSummary":   "id slug title brand price compare_at lowest_30_days in_stock featured image",
		"ProductDetail":    "id slug title brand price compare_at lowest_30_days in_stock featured image description brand_slug seo categories media variants",
		"ProductVariant":   "id sku title options price compare_at lowest_30_days in_stock available",
		"ProductPage":      "items next_cursor facets approximate",
		"CategoryNode":     "id slug name children",
		"CategoryDetail":   "id slug name description seo path children",
		"BrandDetail":      "id slug name description seo",
		"CollectionDetail": "id slug name description seo items next_cursor",
		"Cart":             "id version status currency lines totals requirements warnings note metadata",
		"CartLine":         "id variant_id sku title variant_title quantity unit_price total",
		"Totals":           "subtotal discount shipping tax total",
		"Order":            "id number token status payment_status fulfilment_status email currency lines shipping totals addresses timeline created_at",
		"PostalAddress":    "name line1 line2 city region postal_code country",
		"Money":            "amount currency",
		"UnitPrice":        "amount currency",
	} {
		got := slices.Sorted(maps.Keys(schemas[name].Properties))
		wanted := strings.Fields(want)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%s has %v, want %v", name, got, wanted)
		}
	}
	if got := schemas["Totals"].Properties["total"].Ref; got != "#/components/schemas/Money" {
		t.Errorf("a total is %s", got)
	}
	if got := schemas["CartLine"].Properties["unit_price"].Ref; got != "#/components/schemas/UnitPrice" {
		t.Errorf("a unit price is %s", got)
	}
	for _, member := range []string{"price", "compare_at", "available"} {
		if types, _ := schemas["ProductVariant"].Properties[member].Type.([]any); !slices.Contains(types, any("null")) {
			t.Errorf("%s is never null: %v", member, schemas["ProductVariant"].Properties[member].Type)
		}
	}
	if got := schemas["Order"].Properties["payment_status"].Enum; !slices.Contains(got, "partially_refunded") {
		t.Errorf("payment_status %v", got)
	}
}
