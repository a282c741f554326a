package shopapitest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func adminCustomerClauses() []clause {
	return []clause{
		{"admin customers/make and change", adminCustomers},
		{"admin customers/list", adminCustomersList},
		{"admin customers/states", adminCustomerStates},
		{"admin customers/addresses", adminCustomerAddresses},
		{"admin customers/consents", adminCustomerConsents},
		{"admin customers/groups", adminCustomerGroups},
	}
}

// shownCustomer is a customer as staff see one.
type shownCustomer struct {
	ID         string   `json:"id"`
	Version    int64    `json:"version"`
	Status     string   `json:"status"`
	Email      string   `json:"email"`
	Name       string   `json:"name"`
	Phone      string   `json:"phone"`
	Groups     []string `json:"groups"`
	Allowed    []string `json:"allowed"`
	References []struct {
		Source string `json:"source"`
		Ref    string `json:"ref"`
	} `json:"references"`
	Addresses []struct {
		ID      string `json:"id"`
		Line1   string `json:"line1"`
		Default bool   `json:"default_shipping"`
	} `json:"addresses"`
}

// unheard is a name that nothing else has.
func unheard(prefix string) string { return prefix + "-" + strings.ToLower(rand.Text()) }

// newCustomer makes a customer.
func (s *suite) newCustomer(t *testing.T, body string) shownCustomer {
	t.Helper()
	var p shownCustomer
	s.admin(t, http.MethodPost, "/customers", body).read(t, http.StatusCreated, &p)
	return p
}

// sees reads a customer.
func (s *suite) sees(t *testing.T, id string) shownCustomer {
	t.Helper()
	var p shownCustomer
	s.admin(t, http.MethodGet, "/customers/"+id, "").read(t, http.StatusOK, &p)
	return p
}

func adminCustomers(t *testing.T, s *suite) {
	t.Helper()
	email, erp := unheard("ada")+"@example.com", unheard("erp")
	var p shownCustomer
	s.command(t, "/customers", `{"email":"`+email+`","name":"Ada Okafor","references":[{"source":"erp","ref":"`+erp+`"}]}`, `{"name":"Bob"}`, http.StatusCreated).
		read(t, http.StatusCreated, &p)
	if p.Status != "guest" || p.Email != email || p.Version != 1 || len(p.References) != 1 || !slices.Contains(p.Allowed, "erase") || p.Groups == nil {
		t.Errorf("made %+v", p)
	}
	s.admin(t, http.MethodPost, "/customers", `{"email":"`+strings.ToUpper(email)+`"}`).refused(t, http.StatusConflict, "customer_email_taken", "email")
	s.admin(t, http.MethodPost, "/customers", `{"references":[{"source":"erp","ref":"`+erp+`"}]}`).refused(t, http.StatusConflict, "external_ref_taken", "references")
	s.admin(t, http.MethodPost, "/customers", `{"email":"no address","groups":["none-of-this"]}`).refused(t, http.StatusUnprocessableEntity, "invalid", "email", "groups[0]")

	if seen := s.sees(t, p.ID); seen.Name != "Ada Okafor" || seen.Version != 1 {
		t.Errorf("read %+v", seen)
	}
	path := "/customers/" + p.ID
	var changed shownCustomer
	s.admin(t, http.MethodPatch, path, `{"name":"Ada O."}`, "If-Match", `"1"`).read(t, http.StatusOK, &changed)
	if changed.Name != "Ada O." || changed.Email != email || changed.Version != 2 || len(changed.References) != 1 {
		t.Errorf("changed %+v", changed)
	}
	s.admin(t, http.MethodPatch, path, `{"name":"x"}`, "If-Match", `"1"`).refused(t, http.StatusPreconditionFailed, "precondition_failed")
	s.admin(t, http.MethodPatch, path, `{"name":"x","version":1}`).refused(t, http.StatusConflict, "version_conflict")
	s.admin(t, http.MethodPatch, path, `{"email":"nothing"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "email")
	other := s.newCustomer(t, `{"email":"`+unheard("bob")+`@example.com"}`)
	s.admin(t, http.MethodPatch, path, `{"email":"`+other.Email+`"}`).refused(t, http.StatusConflict, "customer_email_taken")
	s.admin(t, http.MethodPatch, path, `{"email":"","references":[]}`).read(t, http.StatusOK, &changed)
	if changed.Email != "" || len(changed.References) != 0 || changed.Name != "Ada O." {
		t.Errorf("changed %+v", changed)
	}
	for _, id := range missing("cus") {
		s.admin(t, http.MethodGet, "/customers/"+id, "").refused(t, http.StatusNotFound, "not_found")
		s.admin(t, http.MethodPatch, "/customers/"+id, `{"name":"x"}`).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminCustomersList(t *testing.T, s *suite) {
	t.Helper()
	key := unheard("list")
	s.admin(t, http.MethodPost, "/customer-groups", `{"key":"`+key+`","name":"List"}`).want(t, http.StatusCreated)
	var want []string
	for range 3 {
		want = append(want, s.newCustomer(t, `{"groups":["`+key+`"]}`).ID)
	}
	slices.Reverse(want) // The newest first.
	var got []string
	for cursor := ""; ; {
		var page struct {
			Items []shownCustomer
			Next  *string `json:"next_cursor"`
		}
		s.admin(t, http.MethodGet, "/customers?limit=1&group="+key+"&cursor="+url.QueryEscape(cursor), "").read(t, http.StatusOK, &page)
		for _, p := range page.Items {
			got = append(got, p.ID)
		}
		if page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("of the group are %v, want %v", got, want)
	}
	s.admin(t, http.MethodGet, "/customers?limit=101", "").refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	s.admin(t, http.MethodGet, "/customers?cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor", "cursor")
}

// adminCustomerStates goes as far as a guest goes: only who has an account is disabled and enabled.
func adminCustomerStates(t *testing.T, s *suite) {
	t.Helper()
	p := s.newCustomer(t, `{"name":"Cy","email":"`+unheard("cy")+`@example.com"}`)
	for _, step := range []string{"disable", "enable"} {
		s.admin(t, http.MethodPost, "/customers/"+p.ID+"/"+step, "").refused(t, http.StatusConflict, "illegal_transition")
	}
	s.command(t, "/customers/"+p.ID+"/erase", "", "", http.StatusOK).read(t, http.StatusOK, &p)
	if p.Status != "erased" || p.Name != "" || p.Email != "" || len(p.Allowed) != 0 {
		t.Errorf("erased: %+v", p)
	}
	s.admin(t, http.MethodPatch, "/customers/"+p.ID, `{"name":"x"}`).refused(t, http.StatusNotFound, "not_found")
	for _, step := range []string{"disable", "enable", "erase"} {
		for _, id := range missing("cus") {
			s.admin(t, http.MethodPost, "/customers/"+id+"/"+step, "").refused(t, http.StatusNotFound, "not_found")
		}
		s.admin(t, http.MethodPost, "/customers/"+p.ID+"/"+step, "", keyHeader, "two words").refused(t, http.StatusUnprocessableEntity, "invalid", keyHeader)
	}
}

func adminCustomerAddresses(t *testing.T, s *suite) {
	t.Helper()
	p := s.newCustomer(t, `{}`)
	path := "/customers/" + p.ID + "/addresses"
	home := jsonOf(t, address())
	s.command(t, path, home, strings.Replace(home, "Ipswich", "Bath", 1), http.StatusCreated).read(t, http.StatusCreated, &p)
	if len(p.Addresses) != 1 || p.Addresses[0].Line1 != "7 Tide Mill Way" {
		t.Fatalf("added: %+v", p)
	}
	at := path + "/" + p.Addresses[0].ID
	s.admin(t, http.MethodPut, at, strings.Replace(home, `"country"`, `"default_shipping":true,"country"`, 1)).read(t, http.StatusOK, &p)
	if len(p.Addresses) != 1 || !p.Addresses[0].Default {
		t.Errorf("replaced: %+v", p)
	}
	s.admin(t, http.MethodPost, path, `{"name":"x"}`).refused(t, http.StatusUnprocessableEntity, "invalid")
	s.admin(t, http.MethodPut, at, strings.Replace(home, `"GB"`, `"gb"`, 1)).refused(t, http.StatusUnprocessableEntity, "invalid", "country")
	s.admin(t, http.MethodDelete, at, "").want(t, http.StatusNoContent)
	s.admin(t, http.MethodDelete, at, "").refused(t, http.StatusNotFound, "not_found")
	s.admin(t, http.MethodPut, at, home).refused(t, http.StatusNotFound, "not_found")
	for _, id := range missing("cus") {
		s.admin(t, http.MethodPost, "/customers/"+id+"/addresses", home).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminCustomerConsents(t *testing.T, s *suite) {
	t.Helper()
	p := s.newCustomer(t, `{}`)
	path := "/customers/" + p.ID + "/consents"
	var book struct {
		Items []struct {
			Purpose, Source string
			Given           bool
		}
	}
	s.command(t, path, `{"purpose":"newsletter","given":true,"source":"staff"}`, `{"purpose":"newsletter","given":false,"source":"staff"}`, http.StatusCreated).
		read(t, http.StatusCreated, &book)
	s.admin(t, http.MethodPost, path, `{"purpose":"newsletter","given":false,"source":"letter"}`).want(t, http.StatusCreated)
	s.admin(t, http.MethodGet, path, "").read(t, http.StatusOK, &book)
	if len(book.Items) != 2 || !book.Items[0].Given || book.Items[1].Given || book.Items[1].Source != "letter" {
		t.Errorf("the book: %+v", book)
	}
	s.admin(t, http.MethodPost, path, `{"purpose":"","given":true,"source":"staff"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "purpose")
	for _, id := range missing("cus") {
		s.admin(t, http.MethodGet, "/customers/"+id+"/consents", "").refused(t, http.StatusNotFound, "not_found")
		s.admin(t, http.MethodPost, "/customers/"+id+"/consents", `{"purpose":"x","given":true,"source":"x"}`).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminCustomerGroups(t *testing.T, s *suite) {
	t.Helper()
	key := unheard("group")
	var group struct {
		Key, Name string
		Version   int64
		Archived  bool
	}
	s.command(t, "/customer-groups", `{"key":"`+key+`","name":"Trade"}`, `{"key":"`+key+`","name":"Other"}`, http.StatusCreated).read(t, http.StatusCreated, &group)
	s.admin(t, http.MethodPost, "/customer-groups", `{"key":"`+key+`","name":"Again"}`).refused(t, http.StatusConflict, "group_taken", "key")
	s.admin(t, http.MethodPost, "/customer-groups", `{"key":"Not A Key","name":"x"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "key")
	path := "/customer-groups/" + key
	s.admin(t, http.MethodPatch, path, `{"archived":true}`, "If-Match", `"1"`).read(t, http.StatusOK, &group)
	if group.Name != "Trade" || !group.Archived || group.Version != 2 {
		t.Errorf("archived: %+v", group)
	}
	s.admin(t, http.MethodPatch, path, `{"archived":false}`, "If-Match", `"1"`).refused(t, http.StatusPreconditionFailed, "precondition_failed")
	s.admin(t, http.MethodPatch, path, `{"archived":false,"version":1}`).refused(t, http.StatusConflict, "version_conflict")
	s.admin(t, http.MethodPatch, path, `{"name":""}`).refused(t, http.StatusUnprocessableEntity, "invalid", "name")
	s.admin(t, http.MethodPatch, "/customer-groups/no-such-group", `{"name":"x"}`).refused(t, http.StatusNotFound, "not_found")
	var list struct{ Items []struct{ Key string } }
	s.admin(t, http.MethodGet, "/customer-groups", "").read(t, http.StatusOK, &list)
	if !slices.ContainsFunc(list.Items, func(g struct{ Key string }) bool { return g.Key == key }) {
		t.Errorf("the groups lack %s: %+v", key, list)
	}
}
