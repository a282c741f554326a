package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	faults "github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// counter is a whole shop over a store, with a clock that is moved by hand and faults in front of all ports, behind its
// HTTP server. Whoever calls is the member of staff that their bearer token names.
type counter struct {
	*shoptest.Shop
	*fiberhttp.Server
}

// onCounters runs a test with a counter over each store.
func onCounters(t *testing.T, run func(t *testing.T, c *counter)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		run(t, newCounter(t, nil))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if needsDatabase(t) {
			run(t, newCounter(t, openPostgres(t, small(database(t)))))
		}
	})
}

func newCounter(t *testing.T, s *postgres.Store) *counter {
	t.Helper()
	opts := &shoptest.Options{}
	if s != nil {
		opts.Ports = func(p shoptest.Ports) shoptest.Ports { return portsOf(s, p) }
	}
	c := &counter{Shop: shoptest.New(t, opts)}
	c.open(t)
	return c
}

// portsOf are the ports of a store in PostgreSQL in the place of those in memory.
func portsOf(s *postgres.Store, p shoptest.Ports) shoptest.Ports {
	p.Products, p.Upkeep, p.Categories, p.Brands, p.Collections, p.Listings = s.Products(), s.Upkeep(), s.Categories(), s.Brands(), s.Collections(), s.Listings()
	p.Directory, p.Catalog, p.Prices, p.Pricing, p.Stock = s.Directory(), s.Catalog(), s.Prices(), s.Pricing(), s.Stock()
	p.Ordering, p.Carts, p.Orders, p.Customers, p.Inbox = s.Ordering(), s.Carts(), s.Orders(), s.CustomerOrders(), s.PaymentInbox()
	p.Commands, p.CommandDesk, p.OldCommands = s.Commands(), s.Commands(), s.Commands()
	p.Outbox, p.Parked, p.OldEvents, p.Jobs, p.JobsDesk = s.Outbox(), s.Outbox(), s.Outbox(), s.Jobs(), s.Jobs()
	p.Access, p.Accounts, p.Sessions, p.Roles, p.APIKeys, p.AuditLog = s.Access(), s.Accounts(), s.Sessions(), s.Accounts(), s.Accounts(), s.AuditLog()
	p.People, p.Clientele, p.RateLimiter = s.People(), s.Customers(), s.RateLimiter()
	return p
}

// open makes the services and the server anew, as a process does that starts.
func (c *counter) open(t *testing.T) {
	t.Helper()
	c.Restart()
	server, err := fiberhttp.New(fiberhttp.Options{
		Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), Version: "1.2.3", Now: c.Clock.Now,
		NewID: func() string { return "id" },
		Authenticate: func(_ context.Context, token access.Secret) (access.Principal, error) {
			var id ref.UUID
			copy(id[:], token.Reveal())
			return access.Principal{Kind: access.PrincipalStaff, Staff: ref.NewID[ref.StaffKind](id), Permissions: access.AllPermissions()}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Mount(fiberhttp.Services{
		Catalog: c.Catalog, Pricing: c.Pricing, Inventory: c.Inventory, Ordering: c.Ordering, Access: c.Access, Customers: c.Customers,
		Desk: c.Ports.CommandDesk, IDs: c.IDs, Now: c.Clock.Now,
		SetCustomerStatus: c.Shop.Services.People.SetCustomerStatus, Operations: fiberhttp.Operations{Jobs: c.Ports.JobsDesk, Outbox: c.Ports.Outbox, Parked: c.Ports.Parked, Consumers: []string{listens}},
	})
	c.Server = server
}

// asks sends a command of a member of staff under a key.
func (c *counter) asks(t *testing.T, who, key string, x errand) asked {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/admin"+x.path, strings.NewReader(x.body))
	request.Header.Set("Authorization", "Bearer "+who)
	request.Header.Set("Idempotency-Key", key)
	if x.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.App().Test(request, int(shopStart.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var content bytes.Buffer
	if _, err := content.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return asked{response.StatusCode, response.Header, content.Bytes()}
}

// errand is a command and how often what it does was done.
type errand struct {
	path, body string
	done       func(t *testing.T) int
}

// ordered is an order that was paid for in some way, read again.
func (c *counter) ordered(t *testing.T, pay shoptest.Behaviour) (ordering.Order, func(t *testing.T) ordering.Sale) {
	t.Helper()
	p := c.Product(t, shoptest.Product{})
	o := c.Order(t, shoptest.Order{Pay: pay, Lines: []shoptest.Line{{Variant: p.Variants[0].ID, Quantity: 2}}}).Order
	return o, func(t *testing.T) ordering.Sale {
		t.Helper()
		order, payments, err := c.Plain.Orders.Order(t.Context(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		return ordering.Sale{Order: order, Payments: payments}
	}
}

// timesTold counts the entries of a kind in an order's timeline.
func timesTold(sale func(t *testing.T) ordering.Sale, kind string) func(t *testing.T) int {
	return func(t *testing.T) int {
		t.Helper()
		n := 0
		for _, e := range sale(t).Order.Timeline {
			if e.Kind == kind {
				n++
			}
		}
		return n
	}
}

// moved counts effects of a kind that the payments of an order had.
func moved(sale func(t *testing.T) ordering.Sale, kind ordering.EffectKind) func(t *testing.T) int {
	return func(t *testing.T) int {
		t.Helper()
		n := 0
		for _, p := range sale(t).Payments {
			for _, e := range p.Effects() {
				if e.Kind == kind {
					n++
				}
			}
		}
		return n
	}
}

// errands are the commands about an order, each ready to be done.
func errands() map[string]func(t *testing.T, c *counter) errand {
	at := func(o ordering.Order, rest string) string { return "/orders/" + o.ID.String() + rest }
	sends := func(t *testing.T, c *counter, o ordering.Order) string {
		t.Helper()
		_, f, err := c.Ordering.Fulfil(t.Context(), o.ID, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return at(o, "/fulfilments/"+f.ID.String())
	}
	return map[string]func(t *testing.T, c *counter) errand{
		"fulfil": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Captures)
			return errand{at(o, "/fulfilments"), fmt.Sprintf(`{"lines":[{"id":%q,"quantity":1}]}`, o.Lines[0].ID), timesTold(sale, ordering.TimelineFulfilled)}
		},
		"note": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Captures)
			return errand{at(o, "/notes"), `{"text":"call them"}`, timesTold(sale, ordering.TimelineNoted)}
		},
		"track": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Captures)
			return errand{sends(t, c, o) + "/tracking", `{"carrier":"DPD","number":"1"}`, timesTold(sale, ordering.TimelineTracked)}
		},
		"deliver": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Captures)
			return errand{sends(t, c, o) + "/delivered", "", timesTold(sale, ordering.TimelineDelivered)}
		},
		"call back": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Captures)
			return errand{sends(t, c, o) + "/cancel", `{}`, timesTold(sale, ordering.TimelineCalledBack)}
		},
		"cancel": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Captures)
			return errand{at(o, "/cancel"), `{"reason":"changed their mind"}`, moved(sale, ordering.EffectRefund)}
		},
		"complete": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Captures)
			return errand{at(o, "/complete"), `{"give_up":true}`, timesTold(sale, ordering.TimelineCompleted)}
		},
		"void": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Authorizes)
			return errand{at(o, "/void"), "", moved(sale, ordering.EffectVoid)}
		},
		"capture": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Authorizes)
			return errand{at(o, "/captures"), `{"amount":{"amount":"0.01","currency":"GBP"}}`, moved(sale, ordering.EffectCapture)}
		},
		"refund": func(t *testing.T, c *counter) errand {
			o, sale := c.ordered(t, shoptest.Captures)
			return errand{at(o, "/refunds"), `{"amount":{"amount":"0.01","currency":"GBP"},"reason":"a scratch"}`, moved(sale, ordering.EffectRefund)}
		},
	}
}

// once checks that what an errand does was done once.
func (x errand) once(t *testing.T, when string) {
	t.Helper()
	if n := x.done(t); n != 1 {
		t.Errorf("%s: done %d times, want once", when, n)
	}
}

// TestOneKeyDoesItOnce sends each command 50 times at once under one key: it is done once, every answer is that of the
// one that did it or says that it is under way, and a key is of who calls.
func TestOneKeyDoesItOnce(t *testing.T) {
	t.Parallel()
	for name, errand := range errands() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onCounters(t, func(t *testing.T, c *counter) {
				x := errand(t, c)
				const callers = 50
				answers := make([]asked, callers)
				var all sync.WaitGroup
				for i := range callers {
					all.Go(func() {
						answers[i] = c.asks(t, "ada", "key", x)
						for answers[i].status == http.StatusServiceUnavailable && strings.Contains(string(answers[i].body), `"unavailable"`) {
							answers[i] = c.asks(t, "ada", "key", x) // A busy machine turned it away; it may come again.
						}
					})
				}
				all.Wait()
				x.once(t, "50 at once")
				firsts := 0
				for _, a := range answers {
					switch replayed := a.header.Get("Idempotent-Replayed") == "true"; {
					case a.status == http.StatusConflict && strings.Contains(string(a.body), `"in_progress"`):
					case a.status != http.StatusOK && a.status != http.StatusCreated:
						t.Errorf("%d %s", a.status, a.body)
					case !replayed:
						firsts++
					}
				}
				if firsts != 1 {
					t.Errorf("%d first answers of one command", firsts)
				}
				if last := c.asks(t, "ada", "key", x); last.header.Get("Idempotent-Replayed") != "true" {
					t.Errorf("afterwards: %d %s", last.status, last.body)
				}
				// Another's same key is another command: it is tried, whatever comes of it.
				if other := c.asks(t, "bob", "key", x); other.header.Get("Idempotent-Replayed") != "" {
					t.Errorf("another's key answers: %d %s", other.status, other.body)
				}
			})
		})
	}
}

// cuts are the ways in which a command's end is cut off: what is done is done, and the record is not answered, or is
// and nobody hears of it.
func cuts() map[string]faults.Kind {
	return map[string]faults.Kind{"before": faults.Before, "after": faults.After, "crash-before": faults.CrashBefore, "crash-after": faults.CrashAfter}
}

// TestCommandCutOffBeforeItsAnswer cuts each command off between what it does and its record: the retry, once the lease
// is over, finds it done, does nothing twice, and its answer is given again from then on.
func TestCommandCutOffBeforeItsAnswer(t *testing.T) {
	t.Parallel()
	for name, errand := range errands() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onCounters(t, func(t *testing.T, c *counter) {
				for cut, kind := range cuts() {
					x := errand(t, c)
					port, method := "ports.CommandDesk", "Step"
					if name == "capture" || name == "refund" {
						port, method = "ordering.Committer", "Commit" // Their record rides in the commits: request, settle, finish.
						c.Faults.On(port, method, faults.Fault{})
					}
					c.Faults.On(port, method, faults.Fault{}, faults.Fault{Kind: kind})
					first := c.asks(t, "ada", cut, x)
					if first.status < 500 {
						t.Errorf("%s: %d %s", cut, first.status, first.body)
					}
					c.Faults.Heal()
					c.open(t)
					x.once(t, cut)
					c.Clock.Forward(time.Minute)
					again := c.asks(t, "ada", cut, x)
					if again.status != http.StatusOK && again.status != http.StatusCreated {
						t.Errorf("%s, again: %d %s", cut, again.status, again.body)
					}
					x.once(t, cut+", again")
					last := c.asks(t, "ada", cut, x)
					if last.status != again.status || last.header.Get("Idempotent-Replayed") != "true" || !sameAnswer(t, last, again) {
						t.Errorf("%s, at last: %d %s, want %s", cut, last.status, last.body, again.body)
					}
					x.once(t, cut+", at last")
				}
			})
		})
	}
}

// sameAnswer compares two answers of JSON.
func sameAnswer(t *testing.T, a, b asked) bool {
	t.Helper()
	var left, right any
	if json.Unmarshal(a.body, &left) != nil || json.Unmarshal(b.body, &right) != nil {
		t.Fatalf("no JSON: %s %s", a.body, b.body)
	}
	return fmt.Sprint(left) == fmt.Sprint(right)
}
