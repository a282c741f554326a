package simulation

import (
	"math/rand/v2"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// world is all there is in one simulation.
type world struct {
	opts    Options
	random  *rand.Rand
	rates   faulty.Rates
	history *history
	step    int

	clock    *shoptest.Clock
	ids      *shoptest.IDs
	provider *shoptest.Provider
	tokens   *ordering.OrderTokens
	ports    shoptest.Ports // Without the faults of the servers.
	tasks    *shoptest.Scheduler
	running  []running
	idle     bool                    // No work moved anything since this was set.
	sent     []ordering.PaymentEvent // Messages of the provider that were taken.
	late     []func()                // Calls that are under way although nobody waits for them.

	servers  []*server
	shoppers []*shopper
	staff    *staff
	desk     *desk
	accounts *accounts

	*truth
	findings []Finding
}

// running is a task and where it runs.
type running struct {
	server *server
	task   *shoptest.Task
}

// newWorld opens the shop and hires everybody.
func newWorld(o Options) *world {
	w := &world{
		opts: o, random: rand.New(rand.NewPCG(o.Seed, 0x5109a2)), //nolint:gosec // Chance that can be replayed is the purpose.
		rates: faulty.Rates{}, history: newHistory(o.History), clock: shoptest.NewClock(shoptest.Morning()),
		tasks: shoptest.NewScheduler(o.Seed), tokens: shoptest.Tokens(), truth: newTruth(),
	}
	w.ids = shoptest.NewIDs(w.clock, o.Seed)
	w.provider = shoptest.NewProvider(w.clock)
	p := shoptest.MemoryPorts(memory.New(w.clock, nil))
	p.Clock, p.IDs, p.Providers = w.clock, w.ids, []ordering.PaymentProvider{w.provider}
	if o.Ports != nil {
		p = o.Ports(p)
	}
	w.ports = w.watched(p)
	w.accounts = newAccounts(w)
	w.servers = []*server{w.start("s0"), w.start("s1")}
	w.staff = newStaff(w)
	w.staff.open()
	w.desk = newDesk(w)
	for i := range o.Shoppers {
		w.shoppers = append(w.shoppers, newShopper(w, i))
	}
	w.rates = o.Rates
	return w
}

// scope is the view of everybody.
func (w *world) scope() ref.Scope {
	return ref.Scope{Channel: ref.DefaultChannel, Currency: money.GBP, Locale: "en-GB", Country: "GB", At: w.clock.Now()}
}

// note writes a line of history.
func (w *world) note(line string) { w.history.add(w.step, w.clock.Now(), line) }

// find writes down what must not be.
func (w *world) find(check, subject, detail string) {
	f := Finding{Check: check, Subject: subject, Detail: detail, Step: w.step}
	w.findings = append(w.findings, f)
	w.note("FOUND " + f.String())
}

// oneIn is true once in n times.
func (w *world) oneIn(n int) bool { return w.random.IntN(n) == 0 }

// pick gives one of a list that is not empty.
func pick[T any](w *world, list []T) T { return list[w.random.IntN(len(list))] }

// server gives one that serves.
func (w *world) server() *server { return pick(w, w.servers) }

// pass lets a little time pass, and now and then much of it.
func (w *world) pass() {
	w.clock.Forward(time.Duration(w.random.Int64N(int64(20 * time.Millisecond))))
	switch {
	case w.oneIn(3000):
		w.jump(time.Duration(w.random.Int64N(int64(30 * time.Minute))))
	case w.oneIn(400):
		w.jump(time.Duration(w.random.Int64N(int64(20 * time.Second))))
	}
}

func (w *world) jump(d time.Duration) {
	w.clock.Forward(d)
	w.note("later by " + d.String())
}
