package shoptest

import (
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// Options tune a shop; nil, and each zero field, means the default.
type Options struct {
	Seed     uint64         // Of ids and of the scheduler.
	Clock    *Clock         // One that shows Morning.
	Currency money.Currency // GBP.
	Channel  ref.Channel    // ref.DefaultChannel.
	// Ports may put other adapters in the place of the memory store's, or decorate them. Faults stand in front of what it
	// gives.
	Ports func(p Ports) Ports
	// Choose gives the fault of each call of a port for which Shop.Faults planned none.
	Choose func(c faulty.Call) faulty.Fault
	// Ordering tunes ordering's service.
	Ordering *ordering.Options
}

// Shop is a whole shop. Its services may be used by several goroutines; its scheduler and its builders may not.
type Shop struct {
	Services

	Store     *memory.Store // What the ports lead to, unless Options.Ports put another store in its place.
	Ports     Ports         // What the services use: with faults.
	Plain     Ports         // The same without.
	Clock     *Clock
	IDs       *IDs
	Provider  *Provider
	Faults    *faulty.Faults
	Scheduler *Scheduler

	opts      Options
	made      int // How many things the builders named.
	every     []*recurring
	consumers []system.Consumer
	work      Work
}

// New makes a shop for a test. When the test fails it logs the seed.
func New(t TB, opts *Options) *Shop {
	t.Helper()
	s := Make(opts)
	t.Cleanup(func() {
		for _, task := range s.Scheduler.Tasks() {
			s.Scheduler.Stop(task)
		}
	})
	return s
}

// Make makes a shop where there is no test. New is the same and ends its tasks with the test.
func Make(opts *Options) *Shop {
	s := &Shop{}
	if opts != nil {
		s.opts = *opts
	}
	if s.opts.Clock == nil {
		s.opts.Clock = NewClock(Morning())
	}
	if s.opts.Currency.IsZero() {
		s.opts.Currency = money.GBP
	}
	if s.opts.Channel == "" {
		s.opts.Channel = ref.DefaultChannel
	}
	s.Clock = s.opts.Clock
	s.IDs = NewIDs(s.Clock, s.opts.Seed)
	s.Provider = NewProvider(s.Clock)
	s.Scheduler = NewScheduler(s.opts.Seed)
	s.Store = memory.New(s.Clock, nil)
	s.Faults = faulty.New(&faulty.Options{
		Choose: s.opts.Choose,
		Wait:   func(d time.Duration) { s.Clock.Forward(d) },
		Seen:   func(faulty.Call, faulty.Moment) { s.Scheduler.Yield() },
	})
	s.Plain = MemoryPorts(s.Store)
	s.Plain.Clock, s.Plain.IDs, s.Plain.Providers = s.Clock, s.IDs, []ordering.PaymentProvider{s.Provider}
	if s.opts.Ports != nil {
		s.Plain = s.opts.Ports(s.Plain)
	}
	s.Ports = s.Plain.Faulty(s.Faults)
	s.Restart()
	return s
}

// Restart makes the services anew, as a process does that starts: whatever they remembered is gone, the data stay.
func (s *Shop) Restart() {
	s.Faults.Revive()
	s.Services = NewServices(s.Ports, Tokens(), s.opts.Ordering)
	s.work = NewWork(s.Ports, s.Services, s.consumers...)
}

// Scope is the view in which the builders work: the shop's channel and currency, now.
func (s *Shop) Scope() ref.Scope {
	return ref.Scope{Channel: s.opts.Channel, Currency: s.opts.Currency, Locale: "en-GB", Country: "GB", At: s.Clock.Now()}
}
