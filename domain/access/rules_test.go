package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

func TestPasswordRule(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"correct horse battery", "ÄäÖöÜüßß", "日本語のパスワード", "x9$kLm2q", strings.Repeat("ab c", 256), "        a b", "pass word's",
	} {
		if rule := access.PasswordRule(access.NewSecret(good), "ada@example.org"); rule != "" {
			t.Errorf("%q: %s", good, rule)
		}
	}
	for _, bad := range []string{
		"", "short", "ÄäÖöÜüß", "password", "Password1", "P@ssw0rd", "P@ssw0rd!", "passw0rd2024", "qwertyuiop", "12345678", "87654321", "aaaaaaaa", "abababab",
		"iloveyou!", "Letmein123", "ipswich2026", "19871987", "abcdefgh", "ADA@example.org", "\xff\xfe longer than eight", strings.Repeat("x1", 513),
		"correcthorsebatterystaple", "Adminadmin",
	} {
		if access.PasswordRule(access.NewSecret(bad), "ada@example.org") == "" {
			t.Errorf("%q is taken", bad)
		}
	}
	if access.PasswordRule(access.NewSecret("ada.byron"), "Ada.Byron@example.org") == "" {
		t.Error("the own name is taken")
	}
}

func TestSecretsShowNothing(t *testing.T) {
	t.Parallel()
	s := access.NewSecret("plain text")
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(format, struct{ S access.Secret }{s}); strings.Contains(text, "plain") {
			t.Errorf("%s shows %s", format, text)
		}
	}
	if text, err := s.MarshalText(); err != nil || strings.Contains(string(text), "plain") {
		t.Errorf("as text it is %s, %v", text, err)
	}
	if (access.Digest{}).Is(access.Secret{}.Digest()) || !s.Digest().Is(access.NewSecret("plain text").Digest()) {
		t.Error("digests are compared wrongly")
	}
}

func TestAttemptLimits(t *testing.T) {
	t.Parallel()
	a := access.Attempts{Count: 10, Window: time.Minute}
	keys := func(tried access.Tried) []string {
		var out []string
		for _, l := range a.Limits(tried) {
			if l.Count != 10 || l.Window != time.Minute {
				t.Errorf("the limit is %+v", l)
			}
			out = append(out, l.Key)
		}
		return out
	}
	one := keys(access.Tried{What: "signin", Account: "ada@example.org", Address: "192.0.2.1"})
	two := keys(access.Tried{What: "signin", Account: "bob@example.org", Address: "192.0.2.1"})
	if len(one) != 2 || one[0] == two[0] || one[1] != two[1] || strings.Contains(strings.Join(one, " "), "ada") {
		t.Errorf("the keys are %q and %q", one, two)
	}
	if unknown := keys(access.Tried{What: "signin", Account: "ada@example.org"}); !slices.Equal(unknown, one[:1]) {
		t.Errorf("without an address the keys are %q", unknown)
	}
	if device := keys(access.Tried{What: "signin", Account: "ada@example.org", Address: "192.0.2.1", Device: access.Digest{1}}); len(device) != 1 || device[0] == one[0] {
		t.Errorf("of a known device the keys are %q", device)
	}
	if other := keys(access.Tried{What: "reset", Account: "ada@example.org"}); other[0] == one[0] {
		t.Error("a reset counts as a sign-in")
	}
	if len((access.Attempts{Window: time.Hour}).Limits(access.Tried{What: "signin"})) != 0 {
		t.Error("without a limit there is one")
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	seen := map[access.Permission]bool{}
	for _, p := range access.Permissions {
		if seen[p.Key] || p.Description == "" || !p.Key.Known() || !strings.Contains(string(p.Key), ".") {
			t.Errorf("the permission %+v", p)
		}
		seen[p.Key] = true
	}
	if access.Permission("orders.eat").Known() {
		t.Error("there is a permission that is not in the catalogue")
	}
	system := access.System("test")
	if system.Require(access.DoctorRun) != nil || system.Actor() != (ports.Actor{Kind: "system", ID: "test"}) {
		t.Error("the system may not do everything")
	}
	if err := (access.Principal{}).Require(access.DoctorRun); !fault.Is(err, access.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	bad := access.Role{Name: " ", Permissions: []access.Permission{"x", access.StockRead, access.StockRead}}
	if err := bad.Validate(); len(fault.Of(err).Violations()) != 3 {
		t.Errorf("a bad role: %v", err)
	}
	if err := (access.Role{Name: strings.Repeat("x", 300)}).Validate(); err == nil {
		t.Error("a long name is taken")
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	id := func(n byte) ref.AccountID { return ref.NewID[ref.AccountKind](ref.UUID{n}) }
	account := func(n byte, v ref.Version, email ref.Email) access.Account {
		return access.Account{ID: id(n), Version: v, Kind: access.ForCustomer, State: access.Active, Email: email}
	}
	owner := func(n byte, v ref.Version, leads bool) access.Account {
		a := account(n, v, ref.Email(fmt.Sprintf("%d@example.org", n)))
		a.Kind, a.Staff = access.ForStaff, &access.Staff{Owner: leads}
		return a
	}
	writes := func(states ...access.Account) access.Commit {
		var c access.Commit
		for _, a := range states {
			c.Accounts = append(c.Accounts, access.Write[access.Account]{State: a, Expected: a.Version - 1})
		}
		return c
	}
	stored := access.Facts{
		Accounts:  map[ref.AccountID]access.AccountFact{id(1): {Version: 1}, id(2): {Version: 1}, id(8): {Version: 1, Owner: true}, id(9): {Version: 1, Owner: true}},
		Addresses: map[access.Address]ref.AccountID{{Kind: access.ForCustomer, Email: "a@example.org"}: id(1), {Kind: access.ForCustomer, Email: "b@example.org"}: id(2)},
	}
	closed := account(3, 1, "a@example.org")
	closed.State = access.Closed
	for name, c := range map[string]struct {
		commit access.Commit
		want   string
	}{
		"nothing":                   {access.Commit{}, ""},
		"a new account":             {writes(account(3, 1, "c@example.org")), ""},
		"no id":                     {writes(access.Account{Version: 1}), "malformed_access_commit"},
		"a version that jumps":      {access.Commit{Accounts: []access.Write[access.Account]{{State: account(3, 3, "c@example.org"), Expected: 1}}}, "malformed_access_commit"},
		"the same twice":            {writes(account(1, 2, "a@example.org"), account(1, 2, "a@example.org")), "malformed_access_commit"},
		"new and there":             {writes(account(1, 1, "a@example.org")), "version_conflict"},
		"not there":                 {writes(account(3, 2, "c@example.org")), "version_conflict"},
		"the own address":           {writes(account(1, 2, "a@example.org")), ""},
		"another's address":         {writes(account(3, 1, "a@example.org")), "email_taken"},
		"of one that is closed":     {writes(closed), ""},
		"one address twice":         {writes(account(3, 1, "c@example.org"), account(4, 1, "c@example.org")), "email_taken"},
		"an exchange of addresses":  {writes(account(1, 2, "b@example.org"), account(2, 2, "a@example.org")), ""},
		"an owner of two":           {writes(owner(8, 2, false)), ""},
		"both owners":               {writes(owner(8, 2, false), owner(9, 2, false)), "last_owner"},
		"both, and a new one":       {writes(owner(8, 2, false), owner(9, 2, false), owner(7, 1, true)), ""},
		"staff that never was one":  {writes(owner(7, 1, false)), ""},
		"a key without an id":       {access.Commit{Keys: []access.Write[access.APIKey]{{State: access.APIKey{Version: 1}}}}, "malformed_access_commit"},
		"a session that is not new": {access.Commit{Sessions: []access.Write[access.Session]{{State: access.Session{ID: ref.NewID[ref.SessionKind](ref.UUID{1}), Version: 2}, Expected: 1}}}, "version_conflict"},
	} {
		got := ""
		if err := access.Decide(c.commit, stored); err != nil {
			got = fault.CodeOf(err)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
