package shopapitest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// staffClauses need Target.Mail and Target.Owner, all but staff/denied and staff/keys.
func staffClauses() []clause {
	return []clause{
		{"staff/roles", staffRoles},
		{"staff/give", staffGive},
		{"staff/state", staffState},
		{"staff/last owner", staffLastOwner},
		{"staff/keys", staffKeys},
		{"staff/audit", staffAudit},
		{"staff/denied", staffDenied},
	}
}

// staffMember is who works in the shop.
type staffMember struct {
	ID      string   `json:"id"`
	StaffID string   `json:"staff_id"`
	Version int64    `json:"version"`
	Email   string   `json:"email"`
	State   string   `json:"state"`
	Owner   bool     `json:"owner"`
	Roles   []string `json:"roles"`
}

// role is a set of permissions.
type role struct {
	ID          string   `json:"id"`
	Version     int64    `json:"version"`
	Name        string   `json:"name"`
	Permissions []string `json:"permissions"`
	Retired     bool     `json:"retired"`
}

// newRole makes a role with these permissions.
func (s *suite) newRole(t *testing.T, permissions ...string) role {
	t.Helper()
	var out role
	s.admin(t, http.MethodPost, "/roles", jsonOf(t, map[string]any{"name": "of the suite", "permissions": permissions})).
		read(t, http.StatusCreated, &out)
	return out
}

// staffRoles gives a role, and what the role gives takes effect with the next request.
func staffRoles(t *testing.T, s *suite) {
	t.Helper()
	var r, same role
	making, key := `{"name":"of the suite","permissions":["orders.read","staff.read"]}`, rand.Text()
	s.admin(t, http.MethodPost, "/roles", making, keyHeader, key).read(t, http.StatusCreated, &r)
	if s.admin(t, http.MethodPost, "/roles", making, keyHeader, key).read(t, http.StatusCreated, &same); same.ID != r.ID {
		t.Errorf("one key made the roles %s and %s", r.ID, same.ID)
	}
	p, id := s.staff(t, r.ID)
	if got := s.me(t, p); got.Kind != "staff" || got.Owner || !slices.Equal(got.Permissions, []string{"orders.read", "staff.read"}) {
		t.Errorf("/me of staff is %+v", got)
	}
	s.as(t, p, http.MethodGet, "/api/v1/admin/staff", "").want(t, http.StatusOK)
	s.as(t, p, http.MethodGet, "/api/v1/admin/audit", "").refused(t, http.StatusForbidden, "denied")
	path := "/roles/" + r.ID
	var now role
	s.admin(t, http.MethodPatch, path, `{"permissions":["audit.read"]}`, "If-Match", version(r.Version)).read(t, http.StatusOK, &now)
	s.admin(t, http.MethodPatch, path, `{"name":"late"}`, "If-Match", version(r.Version)).refused(t, http.StatusPreconditionFailed, "precondition_failed")
	if now.Name != r.Name || now.Version <= r.Version {
		t.Errorf("the role is %+v", now)
	}
	s.as(t, p, http.MethodGet, "/api/v1/admin/staff", "").refused(t, http.StatusForbidden, "denied")
	s.as(t, p, http.MethodGet, "/api/v1/admin/audit", "").want(t, http.StatusOK)
	s.admin(t, http.MethodPatch, path, `{"retired":true}`).want(t, http.StatusOK)
	s.as(t, p, http.MethodGet, "/api/v1/admin/audit", "").refused(t, http.StatusForbidden, "denied")
	s.admin(t, http.MethodPatch, path, `{"permissions":["root"]}`).refused(t, http.StatusUnprocessableEntity, "invalid", "permissions[0]")
	s.admin(t, http.MethodPost, "/roles", `{"name":"","permissions":["root"]}`).refused(t, http.StatusUnprocessableEntity, "invalid", "name", "permissions[0]")
	for _, id := range []string{"x", "rol_00000000000000000000000000", id} {
		s.admin(t, http.MethodPatch, "/roles/"+id, `{"name":"x"}`).refused(t, http.StatusNotFound, "not_found")
	}
	var list struct {
		Items []role `json:"items"`
	}
	s.admin(t, http.MethodGet, "/roles", "").read(t, http.StatusOK, &list)
	if !slices.ContainsFunc(list.Items, func(one role) bool { return one.ID == r.ID && one.Retired }) {
		t.Errorf("the roles are %+v", list.Items)
	}
	a := s.admin(t, http.MethodGet, "/permissions", "").want(t, http.StatusOK)
	for _, want := range []string{"catalog.read", "orders.refund", "staff.write", "doctor.run"} {
		if !strings.Contains(string(a.body), `"`+want+`"`) {
			t.Errorf("%s: lacks %s", a, want)
		}
	}
}

// staffGive holds that nobody gives what they have not.
func staffGive(t *testing.T, s *suite) {
	t.Helper()
	p, id := s.staff(t, s.newRole(t, "staff.read", "staff.write", "roles.write", "api_keys.write").ID)
	rich := s.newRole(t, "orders.refund")
	expires := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for _, c := range []struct{ method, path, body string }{
		{http.MethodPatch, "/staff/" + id, jsonOf(t, map[string]any{"roles": []string{rich.ID}})},
		{http.MethodPatch, "/staff/" + id, `{"owner":true}`},
		{http.MethodPost, "/staff", jsonOf(t, map[string]any{"email": newAddress(), "name": "x", "owner": true})},
		{http.MethodPost, "/staff", jsonOf(t, map[string]any{"email": newAddress(), "name": "x", "roles": []string{rich.ID}})},
		{http.MethodPost, "/roles", `{"name":"x","permissions":["orders.refund"]}`},
		{http.MethodPatch, "/roles/" + rich.ID, `{"permissions":[]}`},
		{http.MethodPost, "/api-keys", `{"name":"x","scopes":["orders.refund"],"expires_at":"` + expires + `"}`},
	} {
		s.as(t, p, c.method, "/api/v1/admin"+c.path, c.body).refused(t, http.StatusForbidden, "denied")
	}
	if got := s.me(t, p); got.Owner || slices.Contains(got.Permissions, "orders.refund") {
		t.Errorf("they have %+v by now", got)
	}
}

// staffState disables, enables and closes: at once, for every session.
func staffState(t *testing.T, s *suite) {
	t.Helper()
	p, id := s.staff(t)
	var was, now staffMember
	s.admin(t, http.MethodGet, "/staff/"+id, "").read(t, http.StatusOK, &was)
	r := s.newRole(t, "stock.read")
	s.admin(t, http.MethodPatch, "/staff/"+id, jsonOf(t, map[string]any{"roles": []string{r.ID}}), "If-Match", version(was.Version)).read(t, http.StatusOK, &now)
	if !slices.Equal(now.Roles, []string{r.ID}) || now.Version <= was.Version || now.State != "active" || now.Email != p.Email {
		t.Errorf("they are %+v", now)
	}
	s.admin(t, http.MethodPatch, "/staff/"+id, `{"roles":[]}`, "If-Match", version(was.Version)).refused(t, http.StatusPreconditionFailed, "precondition_failed")
	s.admin(t, http.MethodPatch, "/staff/"+id, `{"roles":["x"]}`).refused(t, http.StatusUnprocessableEntity, "invalid", "roles[0]")
	set := func(state string) answer {
		t.Helper()
		return s.admin(t, http.MethodPut, "/staff/"+id+"/state", `{"state":"`+state+`"}`)
	}
	set("disabled").want(t, http.StatusOK)
	s.as(t, p, http.MethodGet, mePath, "").refused(t, http.StatusUnauthorized, "unauthenticated")
	s.refresh(t, p.in.Refresh).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.signIn(t, p.Credentials).refused(t, http.StatusUnauthorized, "unauthenticated")
	set("active").want(t, http.StatusOK)
	s.as(t, p, http.MethodGet, mePath, "").refused(t, http.StatusUnauthorized, "unauthenticated")
	s.signIn(t, p.Credentials).in(t)
	set("closed").want(t, http.StatusOK)
	set("active").refused(t, http.StatusConflict, "illegal_transition")
	s.signIn(t, p.Credentials).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.admin(t, http.MethodPost, "/staff", `{"email":"ada","name":"","roles":["rol_00000000000000000000000000"]}`).refused(t, http.StatusUnprocessableEntity, "invalid")
	body := jsonOf(t, map[string]any{"email": newAddress(), "name": "Bea Hale"})
	key := rand.Text()
	added := s.admin(t, http.MethodPost, "/staff", body, keyHeader, key).want(t, http.StatusCreated)
	if again := s.admin(t, http.MethodPost, "/staff", body, keyHeader, key).want(t, http.StatusCreated); again.members(t)["id"] != added.members(t)["id"] {
		t.Errorf("%s: and the first time %s", again, added)
	}
	s.admin(t, http.MethodPost, "/staff", body).refused(t, http.StatusConflict, "email_taken")
	unknown := facts(t, s.admin(t, http.MethodGet, "/staff/acc_00000000000000000000000000", ""))
	for _, id := range []string{"x", "acc_00000000000000000000000000", was.StaffID} {
		for _, a := range []answer{
			s.admin(t, http.MethodGet, "/staff/"+id, ""), s.admin(t, http.MethodPatch, "/staff/"+id, `{"roles":[]}`),
			s.admin(t, http.MethodPut, "/staff/"+id+"/state", `{"state":"disabled"}`),
		} {
			a.refused(t, http.StatusNotFound, "not_found")
			if got := facts(t, a); got != unknown {
				t.Errorf("%s: tells more than %s", a, unknown)
			}
		}
	}
}

// staffLastOwner keeps the last owner, whoever asks; an API key touches no owner.
func staffLastOwner(t *testing.T, s *suite) {
	t.Helper()
	owner := person{Credentials: s.owner}
	if owner.Email == "" {
		t.Fatal("this clause signs in as the owner: it needs Target.Owner")
	}
	owner.in = s.signIn(t, owner.Credentials).in(t)
	if got := s.me(t, owner); !got.Owner || len(got.Permissions) < 20 {
		t.Errorf("/me of the owner is %+v", got)
	}
	var list struct {
		Items []staffMember `json:"items"`
	}
	s.as(t, owner, http.MethodGet, "/api/v1/admin/staff", "").read(t, http.StatusOK, &list)
	i := slices.IndexFunc(list.Items, func(m staffMember) bool { return m.Owner && m.Email == owner.Email })
	if i < 0 {
		t.Fatalf("the owner is not among the staff: %+v", list.Items)
	}
	path := "/api/v1/admin/staff/" + list.Items[i].ID
	s.as(t, owner, http.MethodPatch, path, `{"owner":false}`).refused(t, http.StatusConflict, "last_owner")
	for _, state := range []string{"disabled", "closed"} {
		s.as(t, owner, http.MethodPut, path+"/state", `{"state":"`+state+`"}`).refused(t, http.StatusConflict, "last_owner")
		s.call(t, http.MethodPut, path+"/state", `{"state":"`+state+`"}`, "X-API-Key", s.adminKey).refused(t, http.StatusForbidden, "denied")
	}
	s.call(t, http.MethodPatch, path, `{"owner":false}`, "X-API-Key", s.adminKey).refused(t, http.StatusForbidden, "denied")
	s.as(t, owner, http.MethodDelete, sessionsPath+"/current", "").want(t, http.StatusNoContent)
}

func staffKeys(t *testing.T, s *suite) {
	t.Helper()
	body := func(scope string, expires time.Time) string {
		return jsonOf(t, map[string]any{"name": "feed", "scopes": []string{scope}, "expires_at": expires.UTC().Format(time.RFC3339)})
	}
	soon := time.Now().Add(time.Hour)
	var made struct {
		ID, Key, Hint string
		Scopes        []string
	}
	s.admin(t, http.MethodPost, "/api-keys", body("audit.read", soon)).read(t, http.StatusCreated, &made)
	if len(made.Key) < 26 || !strings.HasPrefix(made.Key, made.Hint) || made.Hint == "" || !slices.Equal(made.Scopes, []string{"audit.read"}) {
		t.Errorf("the key is %+v", made)
	}
	key := rand.Text()
	s.admin(t, http.MethodPost, "/api-keys", body("audit.read", soon), keyHeader, key).want(t, http.StatusCreated)
	if again := s.admin(t, http.MethodPost, "/api-keys", body("audit.read", soon), keyHeader, key).want(t, http.StatusCreated); again.members(t)["key"] != nil || again.header.Get(replayedHeader) != "true" {
		t.Errorf("%s: a key's text is shown once", again)
	}
	mine := []string{"X-API-Key", made.Key}
	s.call(t, http.MethodGet, "/api/v1/admin/audit", "", mine...).want(t, http.StatusOK)
	s.call(t, http.MethodGet, "/api/v1/admin/audit", "", bearer(made.Key)...).want(t, http.StatusOK)
	s.call(t, http.MethodGet, "/api/v1/admin/api-keys", "", mine...).refused(t, http.StatusForbidden, "denied")
	if list := s.admin(t, http.MethodGet, "/api-keys", "").want(t, http.StatusOK); strings.Contains(string(list.body), made.Key) || !strings.Contains(string(list.body), made.ID) {
		t.Errorf("%s: shows the key's text, or not the key", list)
	}
	s.admin(t, http.MethodPost, "/api-keys", body("root", soon)).refused(t, http.StatusUnprocessableEntity, "invalid", "scopes[0]")
	s.admin(t, http.MethodPost, "/api-keys", body("audit.read", time.Now().Add(-time.Hour))).refused(t, http.StatusUnprocessableEntity, "invalid", "expires_at")
	s.admin(t, http.MethodPost, "/api-keys", `{"name":"","scopes":[],"expires_at":"never"}`).refused(t, http.StatusUnprocessableEntity, "invalid")
	for range 2 {
		s.admin(t, http.MethodDelete, "/api-keys/"+made.ID, "").want(t, http.StatusNoContent)
		s.call(t, http.MethodGet, "/api/v1/admin/audit", "", mine...).refused(t, http.StatusUnauthorized, "unauthenticated")
	}
	for _, id := range []string{"x", "key_00000000000000000000000000"} {
		s.admin(t, http.MethodDelete, "/api-keys/"+id, "").refused(t, http.StatusNotFound, "not_found")
	}
}

// staffAudit finds what was done and what was refused, page by page, and no secret.
func staffAudit(t *testing.T, s *suite) {
	t.Helper()
	type entry struct {
		ID, Action, Subject, Outcome, Code string
		Actor                              struct{ Kind, ID string }
	}
	r := s.newRole(t, "stock.read")
	for _, name := range []string{"one", "two"} {
		s.admin(t, http.MethodPatch, "/roles/"+r.ID, `{"name":"`+name+`"}`).want(t, http.StatusOK)
	}
	s.admin(t, http.MethodPatch, "/roles/"+r.ID, `{"name":""}`).refused(t, http.StatusUnprocessableEntity, "invalid", "name")
	var got []entry
	for cursor := ""; ; {
		var page struct {
			Items []entry `json:"items"`
			Next  *string `json:"next_cursor"`
		}
		s.admin(t, http.MethodGet, "/audit?limit=2&subject="+r.ID+cursor, "").read(t, http.StatusOK, &page)
		got = append(got, page.Items...)
		if page.Next == nil {
			break
		}
		cursor = "&cursor=" + url.QueryEscape(*page.Next)
	}
	var outcomes []string
	for _, e := range got {
		outcomes = append(outcomes, e.Outcome)
		if e.Action != "access.role_saved" || e.Subject != r.ID || e.Actor.Kind != "api_key" || e.Actor.ID == "" {
			t.Errorf("an entry is %+v", e)
		}
	}
	if !slices.Equal(outcomes, []string{"refused", "done", "done", "done"}) {
		t.Errorf("the outcomes are %v", outcomes)
	}
	s.admin(t, http.MethodGet, "/audit?cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor")
	s.admin(t, http.MethodGet, "/audit?limit=101", "").refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	if len(got) > 0 {
		a := s.admin(t, http.MethodGet, "/audit?limit=100&actor="+got[0].Actor.ID, "").want(t, http.StatusOK)
		if strings.Contains(string(a.body), s.adminKey) {
			t.Errorf("%s: tells a key", a)
		}
	}
}

// staffDenied calls each operation that takes credentials without any, with bad ones and with those of who may not.
func staffDenied(t *testing.T, s *suite) {
	t.Helper()
	for _, e := range s.examples(t) {
		if e.op.permission == "" && (e.op.auth == "" || e.op.auth == "public") {
			continue
		}
		body := ""
		if e.op.body != nil {
			body = "{}"
		}
		for _, bad := range [][]string{
			bearer("x"), bearer("sat_" + strings.Repeat("0", 32)),
			{"Authorization", "Basic eDp4"},
			{"Authorization", "Bearer"},
			{"X-API-Key", "x"},
			{"X-API-Key", "shk_" + strings.Repeat("0", 32)},
		} {
			s.call(t, e.op.method, e.path, body, bad...).refused(t, http.StatusUnauthorized, "unauthenticated")
		}
		if e.op.auth == "optional" && e.op.permission == "" {
			continue
		}
		s.call(t, e.op.method, e.path, body).refused(t, http.StatusUnauthorized, "unauthenticated")
		lacking := s.known(t).key // It may read the catalogue alone, and has no session.
		if e.op.permission == "catalog.read" {
			lacking = s.newKey(t, "audit.read")
		}
		s.call(t, e.op.method, e.path, body, "X-API-Key", lacking).refused(t, http.StatusForbidden, "denied")
		if e.op.permission != "" {
			s.call(t, e.op.method, e.path, body, bearer(s.known(t).ada.in.Access)...).refused(t, http.StatusForbidden, "denied")
		}
	}
}
