package shopapitest

import (
	"context"
	"encoding/json"
)

const (
	staffProduct  = "/api/v1/admin/products/{product}"
	staffVariant  = staffProduct + "/variants/{variant}"
	staffCategory = "/api/v1/admin/categories/{category}"
)

// catalogRecipes are those of the catalogue. What they name is new, or was made by the siege.
var catalogRecipes = map[string]recipe{
	"admin-create-brand":      structured,
	"admin-change-brand":      structured,
	"admin-create-category":   inCategory,
	"admin-change-category":   structured,
	"admin-move-category":     below,
	"admin-create-collection": collected,
	"admin-change-collection": collected,
	"admin-create-product":    offered,
	"admin-change-product":    altered,
	"admin-product-event":     puts("event", "archive"), // Whatever the product is, but archived.
	"admin-add-variant":       varied,
	"admin-change-variant":    varied,
	"admin-set-price":         priced,
}

// present puts values at the members that the body has.
func present(body map[string]any, values map[string]any) {
	for name, value := range values {
		if _, ok := body[name]; ok {
			body[name] = value
		}
	}
}

// texts of a product, a brand, a category or a collection in another language, by the name of their first.
func translated(name string) map[string]any {
	return map[string]any{"fr": map[string]any{name: "Tasse", "description": "Une tasse.", "seo": map[string]any{"title": "Tasses", "description": "Des tasses."}}}
}

// period is a window that is open some day.
func period() map[string]any {
	return map[string]any{"from": "2030-01-02T03:04:05Z", "until": "2030-02-03T04:05:06Z"}
}

// shownOn are listings of the one channel that the shop surely has.
func shownOn() []any {
	one := period()
	one["channel"], one["published"] = known["channel"], true
	return []any{one}
}

// structured names a brand, a category or a collection.
func structured(_ context.Context, _ *fighter, _ *location, body map[string]any) {
	present(body, map[string]any{"slug": unused("siege"), "translations": translated("name")})
	body["name"] = unused("Siege")
}

// inCategory is a category below another, or at the top.
func inCategory(ctx context.Context, f *fighter, at *location, body map[string]any) {
	structured(ctx, f, at, body)
	below(ctx, f, at, body)
}

// below puts a category below another that is not the same, or at the top.
func below(_ context.Context, f *fighter, at *location, body map[string]any) {
	delete(body, "parent")
	present(body, map[string]any{"position": json.Number("0")})
	if other := f.pool.pick(f.random, staffCategory, false); other != nil && (at == nil || other.values["category"] != at.values["category"]) {
		body["parent"] = other.values["category"]
	}
}

// collected makes a collection by hand.
func collected(ctx context.Context, f *fighter, at *location, body map[string]any) {
	structured(ctx, f, at, body)
	delete(body, "rule") // It is by hand or by rule, and stays so.
	present(body, map[string]any{
		"publication": period(), "listings": shownOn(), "metadata": map[string]any{"season": "spring"},
		"products": []any{f.ware(ctx).ID},
	})
}

// offered makes a product with two variants that differ in size, of which one is in stock.
func offered(_ context.Context, f *fighter, _ *location, body map[string]any) {
	described(f, body)
	body["options"] = []any{"Size"}
	var offers []any
	for _, size := range []string{"S", "M"} {
		offer := map[string]any{"sku": unused("SIEGE"), "options": []any{size}, "barcode": "4006381333931", "grams": json.Number("350"), "channels": []any{known["channel"]}, "metadata": map[string]any{"shelf": "4"}}
		if size == "S" {
			offer["price"], offer["compare_at"] = f.price("7.00"), f.price("9.00")
			offer["stock"], offer["location"] = json.Number("1000"), known["location"]
		}
		offers = append(offers, offer)
	}
	body["variants"] = offers
}

// altered changes a product, and of its variants the first.
func altered(_ context.Context, f *fighter, at *location, body map[string]any) {
	described(f, body)
	delete(body, "options") // Else each variant needs others.
	if translations, ok := body["translations"].(map[string]any); ok {
		delete(translations["fr"].(map[string]any), "options")
	}
	_, named := body["variants"]
	delete(body, "variants")
	if one := f.variantOf(at); named && one != "" {
		body["variants"] = []any{map[string]any{"id": one, "barcode": "4006381333931", "grams": json.Number("350"), "metadata": map[string]any{"shelf": "5"}}}
	}
}

// described has the members of a product that every call to one may have.
func described(f *fighter, body map[string]any) {
	french := translated("title")
	french["fr"].(map[string]any)["options"] = []any{map[string]any{"name": "Taille", "values": map[string]any{"S": "P"}}}
	body["title"] = unused("Siege")
	present(body, map[string]any{
		"slug": unused("siege"), "translations": french, "publication": period(), "listings": shownOn(), "categories": []any{},
		"metadata": map[string]any{"made_of": "clay"}, "tags": []any{"blue"}, "tax_category": "",
		"media": []any{map[string]any{"key": known["key"], "source_url": "https://example.com/x.png", "alt": "A mug"}},
	})
	if place := f.pool.pick(f.random, staffCategory, true); place != nil {
		present(body, map[string]any{"categories": []any{place.values["category"]}})
	}
	delete(body, "brand_id") // One of them.
	if f.random.IntN(2) > 0 {
		if id := f.pool.id(f.random, "brand"); id != "" && body["brand"] != nil {
			delete(body, "brand")
			body["brand_id"] = id
		}
	}
}

// varied is another variant of the products that offered makes.
func varied(_ context.Context, _ *fighter, _ *location, body map[string]any) {
	delete(body, "media_id") // Their pictures have ids that only who reads them knows.
	delete(body, "retired")
	body["sku"], body["options"] = unused("SIEGE"), []any{unused("size")}
	present(body, map[string]any{"grams": json.Number("350"), "channels": []any{known["channel"]}, "metadata": map[string]any{"shelf": "4"}})
}

// priced sets a price, for some days that are to come when it has them.
func priced(_ context.Context, f *fighter, _ *location, body map[string]any) {
	body["amount"] = f.price("6.00")
	present(body, map[string]any{"compare_at": f.price("8.00"), "channel": known["channel"]})
	present(body, period())
	if body["until"] != nil && body["from"] == nil {
		delete(body, "until")
	}
}

// price is an amount in the currency of what the shop sells.
func (f *fighter) price(amount string) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	currency := "GBP"
	if len(f.goods) > 0 {
		currency = f.goods[0].Price.Currency
	}
	return map[string]any{"amount": amount, "currency": currency}
}

// ware is a product that the siege made, with what is in stock of it.
type ware struct {
	ID       string
	Variants []struct{ ID, SKU string }
	uses     int
}

// ware gives one; a new one after some uses. When none can be made it is empty, and what names it is refused.
func (f *fighter) ware(ctx context.Context) ware {
	if f.own.uses == 0 {
		f.own = ware{}
		if op := f.operation("POST /api/v1/admin/products"); op != nil {
			r := &request{op: op, method: op.method, media: jsonType, body: f.body(ctx, op, nil, true)}
			f.identify(ctx, r)
			// Nobody learns of it, lest somebody change it.
			a, _, err := f.wire.send(ctx, r.shot())
			if f.lose(a, err); err == nil {
				_ = json.Unmarshal(a.body, &f.own)
			}
		}
		f.own.uses = renewed
	}
	f.own.uses--
	return f.own
}

// sku is that of a ware which is in stock.
func (w ware) sku() string {
	if len(w.Variants) == 0 {
		return unused("NONE")
	}
	return w.Variants[0].SKU
}

// variantOf is the id of a variant of the product at a place, "" when none is known.
func (f *fighter) variantOf(product *location) string {
	if product == nil {
		if one := f.pool.pick(f.random, staffVariant, true); one != nil {
			return one.values["variant"]
		}
		return ""
	}
	return f.pool.below(staffVariant, "variant", product.values)
}
