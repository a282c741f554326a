package shopapitest

import (
	"context"
	"encoding/json"
	"maps"
	"time"
)

// recipe mends a body by rules that no schema tells. The place is that of the object that the body goes to, or nil.
type recipe func(ctx context.Context, f *fighter, at *location, body map[string]any)

// recipes are those of all operations that need one, by the id of the operation. A full body has every member before.
var recipes map[string]recipe

func init() {
	recipes = map[string]recipe{
		"checkout": func(_ context.Context, _ *fighter, _ *location, body map[string]any) {
			delete(body, "expected_total")
			body["payment"] = map[string]any{"provider": "manual"}
		},
		"create-cart": func(_ context.Context, f *fighter, _ *location, body map[string]any) {
			delete(body, "currency")
			body["lines"] = []any{f.line()}
		},
		"add-line": func(_ context.Context, f *fighter, _ *location, body map[string]any) {
			clear(body)
			maps.Copy(body, f.line())
		},
		"set-line": puts("quantity", json.Number("1")),
		"sign-in": func(_ context.Context, f *fighter, _ *location, body map[string]any) {
			clear(body)
			body["email"], body["password"] = f.customer.Email, f.customer.Password
		},
		"admin-add-staff": func(_ context.Context, _ *fighter, _ *location, body map[string]any) { body["email"] = newAddress() },
		"admin-create-api-key": func(_ context.Context, _ *fighter, _ *location, body map[string]any) {
			body["expires_at"] = time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		},
		"admin-capture-payment":   drops("amount"),
		"admin-refund-payment":    drops("amount", "lines"),
		"admin-fulfil-order":      drops("lines"),
		"admin-cancel-fulfilment": drops("damaged"),
		"admin-complete-order":    puts("give_up", true),
		"admin-settle-payment":    puts("state", "captured"),
	}
	maps.Copy(recipes, catalogRecipes)
	maps.Copy(recipes, stockRecipes)
	maps.Copy(recipes, tokenRecipes)
}

// drops leaves members out.
func drops(names ...string) recipe {
	return func(_ context.Context, _ *fighter, _ *location, body map[string]any) {
		for _, name := range names {
			delete(body, name)
		}
	}
}

// puts gives a member a value.
func puts(name string, value any) recipe {
	return func(_ context.Context, _ *fighter, _ *location, body map[string]any) { body[name] = value }
}
