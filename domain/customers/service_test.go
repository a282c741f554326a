package customers_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

func TestEnsure(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	c := s.ada()
	if c.Status != customers.Registered || !c.Verified() || c.Name != "Ada" || c.Version != 1 {
		t.Errorf("the customer is %+v", c)
	}
	again := s.ada()
	if again.ID != c.ID || again.Version != c.Version {
		t.Errorf("again it is %+v", again)
	}
	moved, err := s.Ensure(t.Context(), c.ID, account(1), "new@example.org", "Other")
	s.must(err)
	if moved.ID != c.ID || moved.Email != "new@example.org" || moved.Name != "Ada" {
		t.Errorf("with another address it is %+v", moved)
	}
	bob, err := s.Ensure(t.Context(), ref.CustomerID{}, account(2), "bob@example.org", "Bob")
	s.must(err)
	s.refused(second(s.Ensure(t.Context(), bob.ID, account(2), "new@example.org", "")), customers.EmailTaken)
	erased, err := s.SetStatus(t.Context(), staff, bob.ID, customers.Erase)
	s.must(err)
	if erased.Name != "" || !erased.Email.IsZero() || erased.Account != (ref.AccountID{}) {
		t.Errorf("erased it is %+v", erased)
	}
	s.refused(second(s.Ensure(t.Context(), bob.ID, account(2), "bob@example.org", "Bob")), fault.Missing)
	var all sync.WaitGroup
	ids := make([]ref.CustomerID, 16)
	for i := range ids {
		all.Go(func() {
			c, err := s.Ensure(t.Context(), ref.CustomerID{}, account(3), "cy@example.org", "Cy")
			if err != nil {
				t.Errorf("at once: %v", err)
			}
			ids[i] = c.ID
		})
	}
	all.Wait()
	if slices.Sort(texts(ids)); len(slices.Compact(texts(ids))) != 1 {
		t.Errorf("at once they are %v", ids)
	}
	if n, err := s.Count(t.Context()); n != 2 || err != nil {
		t.Errorf("%d customers, %v; want 2", n, err)
	}
}

func texts(ids []ref.CustomerID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}

func TestCreateAndEdit(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, g := range []string{"trade", "staff"} {
		_, err := s.SaveGroup(t.Context(), staff, customers.Group{Key: g, Name: strings.ToUpper(g)})
		s.must(err)
	}
	err := second(s.Create(t.Context(), staff, customers.Draft{
		Email: "ada", Name: strings.Repeat("x", 256), Phone: "\n", Groups: []string{"trade", "trade", "none"},
		References: []customers.Reference{{Source: "old", Ref: ""}, {Source: "old", Ref: "1"}, {Ref: "1"}},
	}))
	s.refused(err, fault.Bad)
	want := []string{"email", "groups[1]", "groups[2]", "name", "phone", "references[0].ref", "references[1].source", "references[2].source"}
	if got := fields(err); !slices.Equal(got, want) {
		t.Errorf("the fields are %q, want %q", got, want)
	}
	d := customers.Draft{Email: " Ada@Example.org ", Name: "Ada", Groups: []string{"trade", "staff"}, References: []customers.Reference{{Source: "old", Ref: "17850"}}}
	c, err := s.Create(t.Context(), staff, d)
	s.must(err)
	if c.Status != customers.Guest || c.Verified() || c.Email != "ada@example.org" || !slices.Equal(c.Groups, []string{"staff", "trade"}) {
		t.Errorf("the customer is %+v", c)
	}
	s.refused(second(s.Create(t.Context(), staff, customers.Draft{Email: "ada@example.org"})), customers.EmailTaken)
	s.refused(second(s.Create(t.Context(), staff, customers.Draft{References: d.References})), customers.ReferenceTaken)
	d.Email, d.Groups = "", d.Groups[:1]
	edited, err := s.Edit(t.Context(), staff, c.ID, c.Version, d)
	s.must(err)
	if edited.Version != 2 || !edited.Email.IsZero() || !slices.Equal(edited.Groups, []string{"trade"}) {
		t.Errorf("edited it is %+v", edited)
	}
	s.refused(second(s.Edit(t.Context(), staff, c.ID, c.Version, d)), fault.VersionConflict)
	found, err := s.ByReferences(t.Context(), "old", []string{"17850", "0"})
	s.must(err)
	if len(found) != 1 || found["17850"] != c.ID {
		t.Errorf("found %v", found)
	}
	if none, err := s.ByReferences(t.Context(), "old", nil); err != nil || len(none) != 0 {
		t.Errorf("found %v, %v", none, err)
	}
	ada := s.ada()
	d.Email = "new@example.org"
	if got := fields(second(s.Edit(t.Context(), staff, ada.ID, ada.Version, d))); !slices.Contains(got, "email") {
		t.Errorf("the address of an account was edited: the fields are %q", got)
	}
	page, err := s.List(t.Context(), customers.ListQuery{Limit: 10})
	s.must(err)
	if len(page) != 2 || page[0].ID != ada.ID {
		t.Errorf("the list is %+v", page)
	}
	s.refused(second(s.List(t.Context(), customers.ListQuery{})), fault.Bad)
}

func TestStatus(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	c := s.ada()
	s.must(second(s.SetStatus(t.Context(), staff, c.ID, customers.Disable)))
	disabled, err := s.SetStatus(t.Context(), staff, c.ID, customers.Disable)
	s.must(err)
	if disabled.Version != 2 || disabled.Status != customers.Disabled {
		t.Errorf("disabled twice it is %+v", disabled)
	}
	s.must(second(s.SetStatus(t.Context(), staff, c.ID, customers.Enable)))
	guest, err := s.Create(t.Context(), staff, customers.Draft{Name: "Guest"})
	s.must(err)
	s.refused(second(s.SetStatus(t.Context(), staff, guest.ID, customers.Disable)), statemachine.IllegalTransition)
	s.must(second(s.SetStatus(t.Context(), staff, c.ID, customers.Erase)))
	s.refused(second(s.SetStatus(t.Context(), staff, c.ID, customers.Enable)), statemachine.IllegalTransition)
	s.refused(second(s.SetStatus(t.Context(), staff, ref.NewID[ref.CustomerKind](ref.UUID{9}), customers.Erase)), fault.Missing)
	s.refused(second(s.SetProfile(t.Context(), c.ID, customers.Profile{Name: "Ada"})), fault.Missing)
	s.refused(s.RecordConsent(t.Context(), customers.Consent{Customer: c.ID, Purpose: "newsletter", Source: "web"}), fault.Missing)
}

func TestProfileAndAddresses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	c := s.ada()
	ctx := t.Context()
	changed, err := s.SetProfile(ctx, c.ID, customers.Profile{Name: "Ada Byron", Phone: "1"})
	s.must(err)
	same, err := s.SetProfile(ctx, c.ID, customers.Profile{Name: "Ada Byron", Phone: "1"})
	s.must(err)
	if changed.Version != 2 || same.Version != 2 || same.Name != "Ada Byron" {
		t.Errorf("the profile is %+v, then %+v", changed, same)
	}
	s.refused(second(s.SetProfile(ctx, c.ID, customers.Profile{Name: "\x00"})), fault.Bad)
	err = second(s.SaveAddress(ctx, c.ID, customers.Address{Country: "gb", Line2: strings.Repeat("x", 256)}))
	s.refused(err, fault.Bad)
	if got := fields(err); !slices.Equal(got, []string{"city", "country", "line1", "line2", "name", "postal_code"}) {
		t.Errorf("the fields are %q", got)
	}
	first := home()
	first.DefaultShipping, first.DefaultBilling = true, true
	one, err := s.SaveAddress(ctx, c.ID, first)
	s.must(err)
	work := home()
	work.Line1, work.DefaultShipping = "2 Quay", true
	two, err := s.SaveAddress(ctx, c.ID, work)
	s.must(err)
	book := func() []customers.Address {
		c, err := s.Customer(ctx, c.ID)
		s.must(err)
		return c.Addresses
	}
	if b := book(); len(b) != 2 || b[0].DefaultShipping || !b[0].DefaultBilling || !b[1].DefaultShipping {
		t.Errorf("the book is %+v", b)
	}
	two.City = "Felixstowe"
	s.must(second(s.SaveAddress(ctx, c.ID, two)))
	if b := book(); len(b) != 2 || b[1].City != "Felixstowe" || !b[1].DefaultShipping {
		t.Errorf("the book is %+v", b)
	}
	bob, err := s.Ensure(ctx, ref.CustomerID{}, account(2), "bob@example.org", "Bob")
	s.must(err)
	s.refused(second(s.SaveAddress(ctx, bob.ID, one)), fault.Missing) // Another's.
	s.refused(s.RemoveAddress(ctx, bob.ID, one.ID), fault.Missing)
	s.must(s.RemoveAddress(ctx, c.ID, one.ID))
	if b := book(); len(b) != 1 || b[0].ID != two.ID {
		t.Errorf("the book is %+v", b)
	}
	var all sync.WaitGroup
	for range 5 { // None is lost.
		all.Go(func() {
			if err := second(s.SaveAddress(ctx, c.ID, home())); err != nil {
				t.Errorf("at once: %v", err)
			}
		})
	}
	all.Wait()
	for len(book()) < customers.AddressesMax {
		s.must(second(s.SaveAddress(ctx, c.ID, home())))
	}
	s.refused(second(s.SaveAddress(ctx, c.ID, home())), fault.Bad)
}

func TestGroups(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	g, err := s.SaveGroup(t.Context(), staff, customers.Group{Key: "trade", Name: "Trade"})
	s.must(err)
	if got := fields(second(s.SaveGroup(t.Context(), staff, customers.Group{Key: "Trade!", Name: ""}))); !slices.Equal(got, []string{"key", "name"}) {
		t.Errorf("the fields are %q", got)
	}
	s.refused(second(s.SaveGroup(t.Context(), staff, customers.Group{Key: "trade", Name: "Again"})), customers.GroupTaken)
	guest, err := s.Create(t.Context(), staff, customers.Draft{Email: "ada@example.org", Groups: []string{"trade"}})
	s.must(err)
	scope := func(id ref.CustomerID) []string {
		groups, err := s.ScopeGroups(t.Context(), id)
		s.must(err)
		return groups
	}
	if got := append(scope(guest.ID), scope(ref.CustomerID{})...); len(got) != 0 {
		t.Errorf("who proved nothing is in %v", got)
	}
	ada := s.ada()
	if got := scope(ada.ID); ada.ID != guest.ID || !slices.Equal(got, []string{"trade"}) {
		t.Errorf("who proved the address is in %v", got)
	}
	s.must(second(s.SetStatus(t.Context(), staff, ada.ID, customers.Disable)))
	if got := scope(ada.ID); len(got) != 0 {
		t.Errorf("who is disabled is in %v", got)
	}
	s.must(second(s.SetStatus(t.Context(), staff, ada.ID, customers.Enable)))
	g.Archived = true
	g, err = s.SaveGroup(t.Context(), staff, g)
	s.must(err)
	if got := scope(ada.ID); len(got) != 0 {
		t.Errorf("with the group archived who is in it is in %v", got)
	}
	all, err := s.Groups(t.Context())
	s.must(err)
	if len(all) != 1 || !all[0].Archived || all[0].Version != g.Version || !all[0].CreatedAt.Equal(g.CreatedAt) {
		t.Errorf("the groups are %+v", all)
	}
	g.Version = 1
	s.refused(second(s.SaveGroup(t.Context(), staff, g)), fault.VersionConflict)
	for i := len(all); i < customers.GroupsMax; i++ {
		s.must(second(s.SaveGroup(t.Context(), staff, customers.Group{Key: fmt.Sprintf("g%d", i), Name: "G"})))
	}
	s.refused(second(s.SaveGroup(t.Context(), staff, customers.Group{Key: "more", Name: "G"})), fault.Bad)
}

func TestConsents(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	c := s.ada()
	record := func(purpose string, given bool) error {
		return s.RecordConsent(t.Context(), customers.Consent{Customer: c.ID, Purpose: purpose, Given: given, Source: "web", Wording: "2026-03"})
	}
	s.must(record("newsletter", true))
	s.must(record("profiling", true))
	s.must(record("newsletter", false))
	if got := fields(record("", true)); !slices.Equal(got, []string{"purpose"}) {
		t.Errorf("the fields are %q", got)
	}
	for _, purpose := range []string{"News letter", "newsletter\n", "nëws", "a/b", "-", strings.Repeat("x", customers.PurposeMax+1)} {
		if got := fields(record(purpose, true)); !slices.Equal(got, []string{"purpose"}) {
			t.Errorf("a consent to %q: %q", purpose, got)
		}
	}
	s.refused(s.RecordConsent(t.Context(), customers.Consent{Purpose: "newsletter", Source: "web"}), fault.Missing)
	book, err := s.Consents(t.Context(), c.ID)
	s.must(err)
	if len(book) != 3 || customers.Given(book, "newsletter") || !customers.Given(book, "profiling") || customers.Given(book, "other") {
		t.Errorf("the book is %+v", book)
	}
}

// Every command of an administrator leaves an entry, refused ones too; no entry and no event holds what is personal.
func TestAuditAndHygiene(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ctx := t.Context()
	group, err := s.SaveGroup(ctx, staff, customers.Group{Key: "trade", Name: "Trade"})
	s.must(err)
	c, err := s.Create(ctx, staff, customers.Draft{Email: "canary@example.org", Name: "Canary Bird", Phone: "555-canary"})
	s.must(err)
	edited, err := s.Edit(ctx, staff, c.ID, c.Version, customers.Draft{Email: "canary@example.org", Name: "Canary Two", Groups: []string{group.Key}})
	s.must(err)
	s.refused(second(s.Edit(ctx, staff, c.ID, c.Version, customers.Draft{})), fault.VersionConflict)
	s.refused(second(s.Edit(ctx, staff, c.ID, edited.Version, customers.Draft{Email: "canary"})), fault.Bad)
	s.must(second(s.SaveAddress(ctx, c.ID, customers.Address{Name: "Canary", Line1: "Canary Wharf", City: "London", PostalCode: "E14", Country: "GB"})))
	s.must(second(s.SetStatus(ctx, staff, c.ID, customers.Erase)))
	entries := s.entries(c.ID.String())
	var got []string
	for _, e := range entries {
		if e.Actor != staff {
			t.Errorf("the actor of %s is %+v", e.Action, e.Actor)
		}
		got = append(got, fmt.Sprintf("%s %s %s", e.Action, e.Outcome, e.Code))
	}
	want := []string{
		"customers.customer_created done ", "customers.customer_edited done ", "customers.customer_edited refused version_conflict",
		"customers.customer_edited refused invalid", "customers.customer_erase done ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the entries are %q, want %q", got, want)
	}
	changes := fmt.Sprint(entries[1].Changes)
	if changes != "[{groups  trade} {name (personal) (personal)} {phone (personal) (personal)}]" {
		t.Errorf("the changes are %s", changes)
	}
	texts := []string{fmt.Sprint(entries), fmt.Sprint(s.entries("trade"))}
	deliveries, err := s.store.Outbox().Pending(ctx, "all", 1000)
	s.must(err)
	for _, d := range deliveries {
		texts = append(texts, d.Event.Aggregate, string(d.Event.Data))
	}
	told := strings.Join(texts, " ")
	if strings.Contains(strings.ToLower(told), "canary") || len(deliveries) != 5 {
		t.Errorf("%d events and the entries are %s", len(deliveries), told)
	}
}

// A change of some fields leaves the others, and those that others change meanwhile.
func TestEditsOfSome(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	c := s.ada()
	phone, empty := "01473 123456", ""
	edited, err := s.EditProfile(t.Context(), c.ID, c.Version, customers.ProfileChange{Phone: &phone})
	s.must(err)
	if edited.Name != "Ada" || edited.Phone != phone || edited.Version != 2 {
		t.Errorf("it is %+v", edited)
	}
	s.refused(second(s.EditProfile(t.Context(), c.ID, c.Version, customers.ProfileChange{Phone: &empty})), fault.VersionConflict)
	same, err := s.EditProfile(t.Context(), c.ID, 0, customers.ProfileChange{})
	s.must(err)
	if same.Version != 2 {
		t.Errorf("a change of nothing made version %d", same.Version)
	}
	yes, city, gone := true, "Felixstowe", customers.Address{}.ID
	first, err := s.SaveAddress(t.Context(), c.ID, home())
	s.must(err)
	other := home()
	other.DefaultShipping, other.Line2 = true, "Flat 2"
	kept, err := s.SaveAddress(t.Context(), c.ID, other)
	s.must(err)
	moved, err := s.EditAddress(t.Context(), c.ID, kept.ID, customers.AddressChange{City: &city, Line2: &empty})
	s.must(err)
	if moved.City != city || moved.Line2 != "" || moved.Line1 != other.Line1 || !moved.DefaultShipping || moved.ID != kept.ID {
		t.Errorf("the address is %+v", moved)
	}
	_, err = s.EditAddress(t.Context(), c.ID, first.ID, customers.AddressChange{DefaultShipping: &yes})
	s.must(err)
	now, err := s.Customer(t.Context(), c.ID)
	s.must(err)
	if !now.Addresses[0].DefaultShipping || now.Addresses[1].DefaultShipping || len(now.Addresses) != 2 {
		t.Errorf("the book is %+v", now.Addresses)
	}
	s.refused(second(s.EditAddress(t.Context(), c.ID, gone, customers.AddressChange{City: &city})), fault.Missing)
	_, err = s.EditAddress(t.Context(), c.ID, first.ID, customers.AddressChange{City: &empty})
	if got := fields(err); !slices.Equal(got, []string{"city"}) {
		t.Errorf("an empty city is about %v", got)
	}
}
