package shopapitest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func adminCatalogClauses() []clause {
	return []clause{
		{"admin/products", adminProducts},
		{"admin/product events", adminProductEvents},
		{"admin/variants", adminVariants},
		{"admin/categories", adminCategories},
		{"admin/brands", adminBrands},
		{"admin/collections", adminCollections},
		{"admin/catalogue lists", adminCatalogueLists},
	}
}

// The ids of things that are in no shop.
const (
	noProduct    = "prd_01jd8x5v9ke2vbrwkxtq4m6h3m"
	noVariant    = "var_01jd8x5v9ke2vbrwkxtq4m6h3m"
	noCategory   = "cat_01jd8x5v9ke2vbrwkxtq4m6h3m"
	noBrand      = "brd_01jd8x5v9ke2vbrwkxtq4m6h3m"
	noCollection = "col_01jd8x5v9ke2vbrwkxtq4m6h3m"
	beyond       = 999999 // A version that nothing reaches here.
)

// unused is a text that is a SKU, a slug and a part of a name, and that nobody used.
func unused(what string) string { return what + "-" + strings.ToLower(rand.Text()[:10]) }

// named is what staff see of things that have an id, a version and a slug.
type named struct {
	ID       string `json:"id"`
	Version  int64  `json:"version"`
	Slug     string `json:"slug"`
	Name     string `json:"name"`
	Title    string `json:"title"`
	Status   string `json:"status"`
	Variants []struct {
		ID      string `json:"id"`
		SKU     string `json:"sku"`
		Retired bool   `json:"retired"`
	} `json:"variants"`
}

// made makes something as staff.
func (s *suite) made(t *testing.T, path, body string) named {
	t.Helper()
	var out named
	s.admin(t, http.MethodPost, path, body).read(t, http.StatusCreated, &out)
	if out.ID == "" || out.Version < 1 || out.Slug == "" {
		t.Fatalf("%s %s: lacks its id, version or slug: %+v", path, body, out)
	}
	return out
}

// goods makes a product of one variant that can be bought.
func (s *suite) goods(t *testing.T, sku string, stock int) named {
	t.Helper()
	return s.made(t, "/products", fmt.Sprintf(`{"title":%q,"variants":[{"sku":%q,"price":{"amount":"7.00","currency":%q},"stock":%d}]}`,
		"The "+sku, sku, s.shelf.first.Price.Currency, stock))
}

// holdVersions makes a change with what contradicts the present version, then at what is not there. The body is a JSON
// object, or empty for a call without one.
func (s *suite) holdVersions(t *testing.T, method, path, body string, missing ...string) {
	t.Helper()
	stale, at := "", path
	if body == "" {
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		at = fmt.Sprintf("%s%sversion=%d", path, mark, beyond)
		s.admin(t, method, path, "", "If-Match", "x").refused(t, http.StatusUnprocessableEntity, "invalid", "If-Match")
	} else {
		stale = fmt.Sprintf(`{"version":%d,%s`, beyond, body[1:])
	}
	s.admin(t, method, path, body, "If-Match", strconv.Quote(strconv.Itoa(beyond))).refused(t, http.StatusPreconditionFailed, "precondition_failed")
	s.admin(t, method, at, stale).refused(t, http.StatusConflict, "version_conflict", "version")
	for _, path := range missing {
		s.admin(t, method, path, body).refused(t, http.StatusNotFound, "not_found")
	}
}

// movedTo checks that an old address leads to a new one.
func (s *suite) movedTo(t *testing.T, from, to string) {
	t.Helper()
	a := s.call(t, http.MethodGet, from, "")
	if a.status != http.StatusMovedPermanently || a.header.Get("Location") != to || a.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%s: want 301 to %s, is to %q", a, to, a.header.Get("Location"))
	}
	s.call(t, http.MethodGet, to, "").want(t, http.StatusOK)
}

func adminProducts(t *testing.T, s *suite) {
	t.Helper()
	sku := unused("jug")
	p := s.goods(t, sku, 3)
	at, shown := "/products/"+p.ID, productPath(p.Slug)
	s.call(t, http.MethodGet, shown, "").want(t, http.StatusOK)
	c := s.newCart(t, wanted{SKU: sku, Quantity: 2})
	s.order(t, c, s.purchase(t, "manual", "", nil), unused("key")).want(t, http.StatusCreated)
	s.admin(t, http.MethodPost, "/products", fmt.Sprintf(`{"title":"X","variants":[{"sku":%q}]}`, sku)).refused(t, http.StatusConflict, "sku_taken")
	s.admin(t, http.MethodPost, "/products", `{"title":"X","variants":[{"sku":" "}]}`).
		refused(t, http.StatusUnprocessableEntity, "invalid", "variants[0].sku")
	twice := fmt.Sprintf(`{"title":"Twice","variants":[{"sku":%q,"price":{"amount":"7.00","currency":%q},"stock":1}]}`, sku+"-2", s.shelf.first.Price.Currency)
	s.command(t, "/products", twice, strings.Replace(twice, "Twice", "Once", 1), http.StatusCreated)
	slug := unused("pot")
	var changed named
	s.admin(t, http.MethodPatch, at, fmt.Sprintf(`{"slug":%q,"title":"Pot","seo":{"title":"Pots"}}`, slug), "If-Match", strconv.Quote(strconv.FormatInt(p.Version, 10))).
		read(t, http.StatusOK, &changed)
	if changed.Slug != slug || changed.Title != "Pot" || changed.Version != p.Version+1 {
		t.Errorf("changed: %+v", changed)
	}
	s.movedTo(t, shown, productPath(slug))
	s.holdVersions(t, http.MethodPatch, at, `{"title":"X"}`, "/products/"+noProduct, "/products/x", "/products/"+slug)
	s.admin(t, http.MethodGet, at, "").read(t, http.StatusOK, &changed)
	s.admin(t, http.MethodGet, "/products/"+noProduct, "").refused(t, http.StatusNotFound, "not_found")
	s.holdVersions(t, http.MethodDelete, at, "", "/products/"+noProduct)
	for range 2 {
		s.admin(t, http.MethodDelete, at, "").read(t, http.StatusOK, &changed)
		if changed.Status != "archived" {
			t.Errorf("archived: %+v", changed)
		}
	}
	s.call(t, http.MethodGet, productPath(slug), "").refused(t, http.StatusNotFound, "not_found")
}

func adminProductEvents(t *testing.T, s *suite) {
	t.Helper()
	p := s.goods(t, unused("cup"), 1)
	at := "/products/" + p.ID + "/status"
	for _, event := range []string{"withdraw", "publish", "archive", "restore"} {
		var after named
		s.admin(t, http.MethodPost, at, `{"event":"`+event+`"}`).read(t, http.StatusOK, &after)
		if want := map[string]string{"withdraw": "draft", "publish": "active", "archive": "archived", "restore": "draft"}[event]; after.Status != want {
			t.Errorf("%s: %s, want %s", event, after.Status, want)
		}
	}
	s.admin(t, http.MethodPost, at, `{"event":"withdraw"}`).refused(t, http.StatusConflict, "illegal_transition")
	s.holdVersions(t, http.MethodPost, at, `{"event":"publish"}`, "/products/"+noProduct+"/status")
}

func adminVariants(t *testing.T, s *suite) {
	t.Helper()
	sku := unused("bowl")
	p := s.made(t, "/products", fmt.Sprintf(`{"title":"Bowl","options":["Size"],"variants":[{"sku":%q,"options":["Small"]}]}`, sku))
	at := "/products/" + p.ID + "/variants"
	var after named
	s.admin(t, http.MethodPost, at, fmt.Sprintf(`{"sku":"%s-L","options":["Large"]}`, sku)).read(t, http.StatusCreated, &after)
	if len(after.Variants) != 2 {
		t.Fatalf("added: %+v", after)
	}
	s.admin(t, http.MethodPost, at, fmt.Sprintf(`{"sku":"%s-M","options":["Large"]}`, sku)).
		refused(t, http.StatusUnprocessableEntity, "invalid", "variants[2].options")
	s.holdVersions(t, http.MethodPost, at, `{"sku":"X","options":["X"]}`, "/products/"+noProduct+"/variants")
	one := at + "/" + after.Variants[1].ID
	s.admin(t, http.MethodPatch, one, `{"retired":true}`).read(t, http.StatusOK, &after)
	if !after.Variants[1].Retired {
		t.Errorf("retired: %+v", after)
	}
	s.holdVersions(t, http.MethodPatch, one, `{"grams":1}`, at+"/"+noVariant, "/products/"+noProduct+"/variants/"+after.Variants[1].ID)
}

func adminCategories(t *testing.T, s *suite) {
	t.Helper()
	root := s.made(t, "/categories", fmt.Sprintf(`{"name":%q}`, unused("kitchen")))
	c := s.made(t, "/categories", fmt.Sprintf(`{"name":%q,"parent":%q,"seo":{"title":"x"}}`, unused("mugs"), root.ID))
	at, shown := "/categories/"+c.ID, "/api/v1/categories/"
	s.holdConditional(t, shown+c.Slug, false)
	s.holdConditional(t, "/api/v1/categories", true)
	a := s.call(t, http.MethodGet, shown+c.Slug, "").want(t, http.StatusOK)
	wantMembers(t, "a category", a.members(t), "id", "slug", "name", "description", "seo", "path", "children")
	slug := unused("cups")
	s.admin(t, http.MethodPatch, at, fmt.Sprintf(`{"slug":%q}`, slug)).want(t, http.StatusOK)
	s.movedTo(t, shown+c.Slug, shown+slug)
	s.admin(t, http.MethodPost, "/categories", fmt.Sprintf(`{"name":"X","slug":%q}`, slug)).refused(t, http.StatusConflict, "category_taken")
	s.holdVersions(t, http.MethodPatch, at, `{"name":"X"}`, "/categories/"+noCategory, "/categories/"+slug)
	s.admin(t, http.MethodGet, at, "").want(t, http.StatusOK)
	s.admin(t, http.MethodGet, "/categories/"+noCategory, "").refused(t, http.StatusNotFound, "not_found")
	s.holdVersions(t, http.MethodPost, at+"/move", `{"position":0}`, "/categories/"+noCategory+"/move")
	s.admin(t, http.MethodPost, "/categories/"+root.ID+"/move", fmt.Sprintf(`{"parent":%q}`, c.ID)).
		refused(t, http.StatusUnprocessableEntity, "invalid", "parent")
	s.admin(t, http.MethodDelete, "/categories/"+root.ID, "").refused(t, http.StatusConflict, "in_use")
	s.admin(t, http.MethodPost, at+"/move", `{}`).want(t, http.StatusOK)
	s.holdVersions(t, http.MethodDelete, at, "", "/categories/"+noCategory)
	for _, id := range []string{c.ID, root.ID} {
		s.admin(t, http.MethodDelete, "/categories/"+id, "").want(t, http.StatusNoContent)
	}
	s.call(t, http.MethodGet, shown+slug, "").refused(t, http.StatusNotFound, "not_found")
}

func adminBrands(t *testing.T, s *suite) {
	t.Helper()
	b := s.made(t, "/brands", fmt.Sprintf(`{"name":%q,"translations":{"fr":{"name":"Marque"}}}`, unused("Ebb")))
	at, shown := "/brands/"+b.ID, "/api/v1/brands/"
	s.holdConditional(t, shown+b.Slug, false)
	slug := unused("ebb-lane")
	s.admin(t, http.MethodPatch, at, fmt.Sprintf(`{"slug":%q}`, slug)).want(t, http.StatusOK)
	s.movedTo(t, shown+b.Slug, shown+slug)
	s.admin(t, http.MethodPost, "/brands", fmt.Sprintf(`{"name":%q}`, b.Name)).refused(t, http.StatusConflict, "brand_taken")
	s.holdVersions(t, http.MethodPatch, at, `{"name":"X"}`, "/brands/"+noBrand, "/brands/"+slug)
	s.admin(t, http.MethodGet, at, "").want(t, http.StatusOK)
	s.admin(t, http.MethodGet, "/brands/"+noBrand, "").refused(t, http.StatusNotFound, "not_found")
	s.holdVersions(t, http.MethodDelete, at, "", "/brands/"+noBrand)
	s.admin(t, http.MethodDelete, at, "").want(t, http.StatusNoContent)
	s.call(t, http.MethodGet, shown+slug, "").refused(t, http.StatusNotFound, "not_found")
}

func adminCollections(t *testing.T, s *suite) {
	t.Helper()
	one, other := s.goods(t, unused("one"), 1), s.goods(t, unused("other"), 1)
	c := s.made(t, "/collections", fmt.Sprintf(`{"name":%q,"products":[%q,%q]}`, unused("Spring"), one.ID, other.ID))
	at, shown := "/collections/"+c.ID, "/api/v1/collections/"
	s.holdConditional(t, shown+c.Slug, false)
	var p page
	s.call(t, http.MethodGet, shown+c.Slug+"?limit=1", "").read(t, http.StatusOK, &p)
	if len(p.Items) != 1 || p.Items[0].ID != one.ID || p.Next == nil {
		t.Fatalf("the first page of a collection: %+v", p)
	}
	s.call(t, http.MethodGet, shown+c.Slug+"?limit=1&cursor="+url.QueryEscape(*p.Next), "").read(t, http.StatusOK, &p)
	if len(p.Items) != 1 || p.Items[0].ID != other.ID || p.Next != nil {
		t.Errorf("the last page of a collection: %+v", p)
	}
	slug := unused("summer")
	s.admin(t, http.MethodPatch, at, fmt.Sprintf(`{"slug":%q,"products":[%q]}`, slug, other.ID)).want(t, http.StatusOK)
	s.movedTo(t, shown+c.Slug, shown+slug)
	s.admin(t, http.MethodPost, "/collections", fmt.Sprintf(`{"name":"X","slug":%q}`, slug)).refused(t, http.StatusConflict, "collection_taken")
	s.admin(t, http.MethodPost, "/collections", fmt.Sprintf(`{"name":"X","products":[%q]}`, noProduct)).
		refused(t, http.StatusUnprocessableEntity, "invalid", "products")
	s.holdVersions(t, http.MethodPatch, at, `{"name":"X"}`, "/collections/"+noCollection, "/collections/"+slug)
	s.admin(t, http.MethodGet, at, "").want(t, http.StatusOK)
	s.admin(t, http.MethodGet, "/collections/"+noCollection, "").refused(t, http.StatusNotFound, "not_found")
	ruled := s.made(t, "/collections", fmt.Sprintf(`{"name":%q,"rule":{"op":"all","rules":[{"op":"tag","value":"blue"},{"op":"not","rules":[{"op":"featured"}]}]}}`, unused("Blue")))
	s.admin(t, http.MethodPatch, "/collections/"+ruled.ID, fmt.Sprintf(`{"products":[%q]}`, one.ID)).
		refused(t, http.StatusUnprocessableEntity, "invalid", "products")
	s.holdVersions(t, http.MethodDelete, at, "", "/collections/"+noCollection)
	for _, id := range []string{c.ID, ruled.ID} {
		s.admin(t, http.MethodDelete, "/collections/"+id, "").want(t, http.StatusNoContent)
	}
	s.call(t, http.MethodGet, shown+slug, "").refused(t, http.StatusNotFound, "not_found")
}

// adminCatalogueLists reads the lists of the catalogue, for buyers and for staff.
func adminCatalogueLists(t *testing.T, s *suite) {
	t.Helper()
	for _, list := range []string{"/api/v1/brands", "/api/v1/collections"} {
		s.holdConditional(t, list, true)
		s.call(t, http.MethodGet, list+"?cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor")
		s.call(t, http.MethodGet, list+"?limit=0", "").refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	}
	for _, list := range []string{"/products", "/brands", "/collections", "/categories"} {
		a := s.admin(t, http.MethodGet, list, "").want(t, http.StatusOK)
		wantMembers(t, list, a.members(t), "items")
		if list == "/categories" {
			continue
		}
		s.admin(t, http.MethodGet, list+"?cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor")
		s.admin(t, http.MethodGet, list+"?limit=101", "").refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	}
	first := s.made(t, "/collections", fmt.Sprintf(`{"name":%q}`, unused("a")))
	s.call(t, http.MethodGet, "/api/v1/collections/"+first.Slug+"?cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor")
	s.admin(t, http.MethodDelete, "/collections/"+first.ID, "").want(t, http.StatusNoContent)
	s.admin(t, http.MethodGet, "/products?status=lost", "").refused(t, http.StatusUnprocessableEntity, "invalid", "status")
}
