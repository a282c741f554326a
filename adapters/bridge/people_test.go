package bridge_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// claims remembers whose guest orders were claimed, and may be down.
type claims struct {
	mu    sync.Mutex
	down  bool
	given map[ref.Email]ref.CustomerID
}

func (c *claims) ClaimGuestOrders(_ context.Context, email ref.Email, customer ref.CustomerID) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down {
		return 0, fault.Down.New("down")
	}
	c.given[email] = customer
	return 1, nil
}

// box keeps mails, and may refuse them.
type box struct {
	err   error
	mails []ports.Mail
}

func (b *box) Send(_ context.Context, m ports.Mail) error {
	if b.err != nil {
		return b.err
	}
	if err := m.Check(); err != nil {
		return err
	}
	b.mails = append(b.mails, m)
	return nil
}

// town is a shop with people in it.
type town struct {
	*testing.T
	*shoptest.Shop

	claims *claims
	people *bridge.People
	box    *box
	post   *bridge.Post
	told   int
}

const password = "a long and unlikely password"

func newTown(t *testing.T) *town {
	t.Helper()
	s := shoptest.New(t, nil)
	w := &town{T: t, Shop: s, claims: &claims{given: map[ref.Email]ref.CustomerID{}}, box: &box{}}
	w.people = bridge.NewPeople(s.Access, s.Customers, w.claims)
	w.post = bridge.NewPost(s.Access, w.box, bridge.PostOptions{Shop: "Shop", Storefront: "https://shop.example", Admin: "https://admin.example"})
	return w
}

func (w *town) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("refused: %v", err)
	}
}

// events are those that were told since the last time.
func (w *town) events() []event.Event {
	w.Helper()
	deliveries, err := w.Plain.Outbox.Pending(w.Context(), "all", 1_000_000)
	w.must(err)
	var out []event.Event
	for _, d := range deliveries[w.told:] {
		out = append(out, d.Event)
	}
	w.told = len(deliveries)
	return out
}

// token registers an address and gives the token that was mailed.
func (w *town) token(email string) access.Secret {
	w.Helper()
	w.must(w.Access.Register(w.Context(), access.Registration{Email: email, Password: access.NewSecret(password), Name: "Ada"}))
	for _, e := range w.events() {
		w.must(w.post.Handle(w.Context(), e))
	}
	last := w.box.mails[len(w.box.mails)-1]
	_, rest, _ := strings.Cut(last.Text, "https://shop.example/account/verify#")
	text, _, _ := strings.Cut(rest, "\n")
	return access.NewSecret(text)
}

// in signs in.
func (w *town) in(email string) (access.SignedInSession, error) {
	return w.Access.SignIn(w.Context(), access.SignInRequest{Email: email, Password: access.NewSecret(password)})
}

// tell tells everything that happened, twice, to who follows it.
func (w *town) tell() {
	w.Helper()
	for _, e := range w.events() {
		for range 2 {
			w.must(w.people.Handle(w.Context(), e))
		}
	}
}

func TestAProvenAddressGetsItsCustomerAndOrders(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.must(w.people.Verify(t.Context(), w.token("ada@example.org")))
	in, err := w.in("ada@example.org")
	w.must(err)
	c, err := w.Customers.Customer(t.Context(), in.Principal.Customer)
	w.must(err)
	if c.Status != customers.Registered || !c.Verified() || c.Email != "ada@example.org" || c.Name != "Ada" || c.Account != in.Principal.Account {
		t.Errorf("the customer is %+v", c)
	}
	if w.claims.given["ada@example.org"] != c.ID {
		t.Errorf("the guest orders went to %v", w.claims.given)
	}
	w.tell()
	if n, err := w.Customers.Count(t.Context()); n != 1 || err != nil {
		t.Errorf("%d customers, %v; want the one", n, err)
	}
}

func TestACustomerWhomTheShopKnowsIsFound(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	group, err := w.Customers.SaveGroup(t.Context(), ports.Actor{Kind: "staff", ID: "stf_1"}, customers.Group{Key: "trade", Name: "Trade"})
	w.must(err)
	known, err := w.Customers.Create(t.Context(), ports.Actor{Kind: "staff", ID: "stf_1"}, customers.Draft{
		Email: "Ada@example.org", Name: "Ada Byron", Groups: []string{group.Key}, References: []customers.Reference{{Source: "old", Ref: "17850"}},
	})
	w.must(err)
	if groups, err := w.Customers.ScopeGroups(t.Context(), known.ID); len(groups) != 0 || err != nil {
		t.Errorf("before the address is proven the groups are %v, %v", groups, err)
	}
	w.must(w.people.Verify(t.Context(), w.token("ada@example.org")))
	in, err := w.in("ada@example.org")
	w.must(err)
	c, err := w.Customers.Customer(t.Context(), known.ID)
	w.must(err)
	if in.Principal.Customer != known.ID || c.Name != "Ada Byron" || len(c.References) != 1 {
		t.Errorf("signed in as %s, and the customer is %+v", in.Principal.Customer, c)
	}
	if groups, err := w.Customers.ScopeGroups(t.Context(), known.ID); !slices.Equal(groups, []string{"trade"}) || err != nil {
		t.Errorf("once the address is proven the groups are %v, %v", groups, err)
	}
}

// Whatever is cut off is done when the event is handled.
func TestWhatIsCutOffHeals(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	token := w.token("ada@example.org")
	w.claims.down = true
	w.must(w.people.Verify(t.Context(), token)) // The address is proven all the same.
	w.claims.down = false
	w.tell()
	in, err := w.in("ada@example.org")
	w.must(err)
	if in.Principal.Customer.IsZero() || w.claims.given["ada@example.org"] != in.Principal.Customer {
		t.Errorf("the customer is %s and the orders went to %v", in.Principal.Customer, w.claims.given)
	}
	_, err = w.Access.Verify(t.Context(), w.token("bob@example.org")) // Cut off before anything followed.
	w.must(err)
	w.tell()
	if in, err = w.in("bob@example.org"); err != nil || in.Principal.Customer.IsZero() {
		t.Errorf("signed in as %+v, %v", in.Principal, err)
	}
	var all sync.WaitGroup
	_, err = w.Access.Verify(t.Context(), w.token("cy@example.org"))
	w.must(err)
	events := w.events()
	for range 8 { // Two relays and who asked, all at once.
		all.Go(func() {
			for _, e := range events {
				if err := w.people.Handle(t.Context(), e); err != nil {
					t.Errorf("Handle: %v", err)
				}
			}
		})
	}
	all.Wait()
	if n, err := w.Customers.Count(t.Context()); n != 3 || err != nil {
		t.Errorf("%d customers, %v; want three", n, err)
	}
}

func TestTheAccountFollowsItsCustomer(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.must(w.people.Verify(t.Context(), w.token("ada@example.org")))
	in, err := w.in("ada@example.org")
	w.must(err)
	id, staff := in.Principal.Customer, access.System("test")
	if err := w.people.SetCustomerStatus(t.Context(), in.Principal, id, customers.Disable); !fault.Is(err, access.Denied) {
		t.Errorf("a customer disables: %v", err)
	}
	w.must(w.people.SetCustomerStatus(t.Context(), staff, id, customers.Disable))
	if _, err := w.Access.Authenticate(t.Context(), in.Tokens.Access); !fault.Is(err, access.Unauthenticated) {
		t.Errorf("who is disabled is let in: %v", err)
	}
	if _, err := w.in("ada@example.org"); !fault.Is(err, access.Unauthenticated) {
		t.Errorf("who is disabled signs in: %v", err)
	}
	w.tell()
	w.must(w.people.SetCustomerStatus(t.Context(), staff, id, customers.Enable))
	if in, err = w.in("ada@example.org"); err != nil || in.Principal.Customer != id {
		t.Errorf("signed in as %+v, %v", in.Principal, err)
	}
	_, err = w.Customers.SetStatus(t.Context(), staff.Actor(), id, customers.Disable) // Cut off before the account followed.
	w.must(err)
	w.tell()
	if _, err := w.in("ada@example.org"); !fault.Is(err, access.Unauthenticated) {
		t.Errorf("who is disabled signs in: %v", err)
	}
	w.must(w.people.SetCustomerStatus(t.Context(), staff, id, customers.Enable))
	in, err = w.in("ada@example.org")
	w.must(err)
	_, err = w.Customers.SetStatus(t.Context(), staff.Actor(), id, customers.Disable)
	w.must(err)
	w.events() // Nobody follows what was told; but a proof of the address does.
	w.must(w.people.Handle(t.Context(), event.New(ref.EventID{}, in.Principal.Account.String(), w.Clock.Now(), access.EmailVerified{Account: in.Principal.Account})))
	if _, err := w.in("ada@example.org"); !fault.Is(err, access.Unauthenticated) {
		t.Errorf("who is disabled signs in after a proof: %v", err)
	}
	w.must(w.people.SetCustomerStatus(t.Context(), staff, id, customers.Erase))
	w.tell()
	c, err := w.Customers.Customer(t.Context(), id)
	w.must(err)
	a, err := w.Access.Account(t.Context(), in.Principal.Account)
	w.must(err)
	if c.Status != customers.Erased || c.Email != "" || c.Name != "" || a.State != access.Closed || a.Email != "" {
		t.Errorf("erased, the customer is %+v and the account %+v", c, a)
	}
	w.must(w.people.Verify(t.Context(), w.token("ada@example.org"))) // Somebody new, for all that the shop knows.
	if again, err := w.in("ada@example.org"); err != nil || again.Principal.Customer == id {
		t.Errorf("signed in as %+v, %v", again.Principal, err)
	}
}

func TestPost(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.must(w.people.Verify(t.Context(), w.token("ada@example.org")))
	_, _, err := w.Access.EnsureOwner(t.Context(), access.System("test"), "owner@example.org", access.NewSecret(password))
	w.must(err)
	w.must(w.Access.Register(t.Context(), access.Registration{Email: "ada@example.org", Password: access.NewSecret(password), Name: "Buy now"}))
	w.must(w.Access.RequestReset(t.Context(), access.ResetRequest{Email: "owner@example.org"}))
	in, err := w.in("ada@example.org")
	w.must(err)
	w.must(w.Access.RequestEmailChange(t.Context(), in.Principal, access.NewSecret(password), "<odd>@example.org"))
	w.must(w.Access.ChangePassword(t.Context(), in.Principal, access.NewSecret(password), access.NewSecret("another good one")))
	before := len(w.box.mails)
	events := w.events()
	for _, e := range events {
		w.must(w.post.Handle(t.Context(), e))
	}
	wants := []struct{ to, subject, text string }{
		{"ada@example.org", "Shop: You have an account already", "https://shop.example/account/sign-in"},
		{"owner@example.org", "Shop: Choose a new password", "https://admin.example/account/password#rst_"},
		{"ada@example.org", "Shop: Your e-mail address is about to change", "https://shop.example/account/sign-in"},
		{"ada@example.org", "Shop: Your password was changed", "https://shop.example/account/sign-in"},
	}
	got := w.box.mails[before:]
	if len(got) != len(wants) {
		t.Fatalf("the mails are %q", got)
	}
	for i, want := range wants {
		m := got[i]
		if m.To != want.to || m.Subject != want.subject || !strings.Contains(m.Text, want.text) || strings.Contains(m.Text, "Buy") {
			t.Errorf("mail %d is %q, want %q", i, m, want)
		}
	}
	w.box.err = fault.Down.New("down")
	failed := 0
	for _, e := range events {
		if err := w.post.Handle(t.Context(), e); err != nil {
			failed++
		}
	}
	if failed != 4 {
		t.Errorf("%d events were not handled while mail was down, want 4", failed)
	}
}
