package shopapitest

import (
	"context"
	"encoding/json"
	"net/http"
)

const (
	staffStock    = "/api/v1/admin/stock/{sku}"
	staffLocation = "/api/v1/admin/locations/{location}"
	staffGroup    = "/api/v1/admin/customer-groups/{group}"
	staffImport   = "/api/v1/admin/imports/{import}"
	collection    = "/api/v1/collections/{collection}"
)

// stockRecipes are those of stock, whose goods are a ware that the siege made, and of places and groups.
var stockRecipes = map[string]recipe{
	"admin-adjust-stock":          moved("delta", "1"),
	"admin-receive-stock":         moved("quantity", "2"),
	"admin-damage-stock":          moved("quantity", "1"),
	"admin-count-stock":           recounted,
	"admin-transfer-stock":        transferred,
	"admin-set-stock-policy":      promised,
	"admin-open-location":         opened,
	"admin-location-event":        puts("event", "close"),
	"admin-create-customer-group": func(_ context.Context, _ *fighter, _ *location, body map[string]any) { body["key"] = unused("siege") },
	"admin-edit-customer-group":   puts("archived", false),
}

// moved changes the stock of a ware.
func moved(name, count string) recipe {
	return func(ctx context.Context, f *fighter, _ *location, body map[string]any) {
		body["sku"], body[name] = f.ware(ctx).sku(), json.Number(count)
	}
}

// recounted counts a ware that nobody sells: it is as many as were received, until the first count.
func recounted(ctx context.Context, f *fighter, _ *location, body map[string]any) {
	body["sku"], body["quantity"] = f.ware(ctx).sku(), json.Number("1000")
	present(body, map[string]any{"expected": json.Number("1000")})
}

// transferred moves a ware to another place, which is made for it.
func transferred(ctx context.Context, f *fighter, _ *location, body map[string]any) {
	if f.depot == "" {
		if one, err := f.coded(ctx, staffLocation, "location", 0); err == nil {
			f.depot = one.values["location"]
		}
	}
	body["sku"], body["from"], body["to"], body["quantity"] = f.ware(ctx).sku(), known["location"], f.depot, json.Number("1")
}

// promised sells beyond the stock, with all that can be said of it, or no longer.
func promised(_ context.Context, _ *fighter, _ *location, body map[string]any) {
	_, limited := body["limit"]
	_, until := body["until"]
	body["kind"] = "deny"
	if limited && until {
		body["kind"], body["limit"], body["until"] = "preorder", json.Number("5"), "2030-02-03T04:05:06Z"
	} else {
		delete(body, "limit")
		delete(body, "until")
	}
	present(body, map[string]any{"version": json.Number("0")}) // Nobody set one yet.
}

// opened is a new place.
func opened(_ context.Context, _ *fighter, _ *location, body map[string]any) {
	body["location"], body["name"] = unused("siege"), "Siege"
}

// forges make the objects that no POST to their list tells the address of, by the beginning of their template.
var forges map[string]func(ctx context.Context, f *fighter, op *operation, depth int) (*location, error)

func init() {
	forges = map[string]func(ctx context.Context, f *fighter, op *operation, depth int) (*location, error){
		staffStock: func(ctx context.Context, f *fighter, op *operation, _ int) (*location, error) {
			if op.path != staffStock {
				f.own.uses = 0 // A fresh one, which nobody set a policy of.
			}
			return &location{prefix: staffStock, values: map[string]string{"sku": f.ware(ctx).sku()}}, nil
		},
		staffLocation: func(ctx context.Context, f *fighter, _ *operation, depth int) (*location, error) {
			return f.coded(ctx, staffLocation, "location", depth)
		},
		staffGroup: func(ctx context.Context, f *fighter, _ *operation, depth int) (*location, error) {
			return f.coded(ctx, staffGroup, "key", depth)
		},
		collection: func(ctx context.Context, f *fighter, _ *operation, depth int) (*location, error) {
			one, err := f.coded(ctx, "/api/v1/admin/collections/{collection}", "slug", depth)
			if err != nil {
				return nil, err
			}
			return &location{prefix: collection, values: one.values, kept: true}, nil
		},
		"/api/v1/me/orders/{order}": func(ctx context.Context, f *fighter, _ *operation, depth int) (*location, error) {
			return f.bought(ctx, depth)
		},
		"/api/v1/me/sessions/{session}": func(ctx context.Context, f *fighter, _ *operation, _ int) (*location, error) {
			return f.elsewhere(ctx)
		},
	}
}

// coded makes an object whose address ends with what a member of it says.
func (f *fighter) coded(ctx context.Context, prefix, member string, depth int) (*location, error) {
	list, name, _ := cutParameter(prefix)
	by := f.operation(http.MethodPost + " " + list)
	if by == nil {
		return nil, errNotMade
	}
	r, err := f.request(ctx, by, false, depth)
	if err != nil {
		return nil, err
	}
	if body, ok := r.body.(map[string]any); ok { // It is to be seen at once.
		delete(body, "publication")
		delete(body, "listings")
	}
	var made map[string]any
	if err := f.does(ctx, by, r, &made); err != nil {
		return nil, err
	}
	code, _ := made[member].(string)
	one := &location{prefix: prefix, values: map[string]string{name: code}}
	if member != "slug" { // Which is its address for buyers alone.
		f.pool.add(one)
	}
	return one, nil
}
