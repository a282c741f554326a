package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// Load is what is to be played.
type Load struct {
	Base     string // Of the shop, such as http://127.0.0.1:8080.
	Name     string // Begins the ids of requests and the keys; letters, digits and hyphens.
	Invoices []Invoice
	Count    int           // Of purchases; the invoices come again when there are fewer. 0 is each invoice once.
	Clients  int           // Buyers at once: of a closed loop those that there are, of an open one the most.
	Rate     float64       // Purchases begun a second; 0 plays in a closed loop.
	For      time.Duration // When to begin no more; 0 is never.
	Timeout  time.Duration // Of a request; 0 is 30 seconds.
	Together bool          // Carts are made with all of their lines, by one call less.
	Log      io.Writer     // Takes the entries as JSON, one a line; nil takes none.
}

// The defaults.
const (
	defaultClients = 64
	defaultTimeout = 30 * time.Second
	settlePause    = 50 * time.Millisecond
)

// Run is what was played.
type Run struct {
	Purchases []*Purchase // Those that were begun.
	Elapsed   time.Duration
	Missed    int // Of an open loop: purchases that were to begin while too many were under way.

	buyer *buyer
}

// Run plays until all is played, the time is over or the context ends; what is under way is finished. The error is the
// log's.
func (l Load) Run(ctx context.Context) (*Run, error) {
	if len(l.Invoices) == 0 {
		return nil, errors.New("load: there is no invoice to play")
	}
	count, clients, timeout := l.Count, l.Clients, l.Timeout
	if count <= 0 {
		count = len(l.Invoices)
	}
	if clients <= 0 {
		clients = defaultClients
	}
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	r := &Run{buyer: &buyer{
		base: l.Base, name: l.Name, timeout: timeout, together: l.Together, log: newJournal(l.Log),
		client: &fasthttp.Client{MaxConnsPerHost: clients, MaxIdemponentCallAttempts: 1, RetryIfErr: never, NoDefaultUserAgentHeader: true},
	}}
	if l.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.For)
		defer cancel()
	}
	all := make([]*Purchase, count)
	for i := range all {
		all[i] = &Purchase{Invoice: l.Invoices[i%len(l.Invoices)], Key: fmt.Sprintf("%s-%d", l.Name, i), State: Unbegun}
	}
	start := time.Now()
	if l.Rate > 0 {
		r.open(ctx, all, clients, l.Rate)
	} else {
		r.closed(ctx, all, clients)
	}
	r.Elapsed = time.Since(start)
	r.buyer.client.CloseIdleConnections()
	r.Purchases = slices.DeleteFunc(all, func(p *Purchase) bool { return p.State == Unbegun })
	return r, r.buyer.log.wrong
}

// never sends nothing twice: an answer that is lost is to be seen.
func never(*fasthttp.Request, int, error) (resetTimeout, retry bool) { return false, false }

// closed lets each client play the next purchase once its last one is done.
func (r *Run) closed(ctx context.Context, all []*Purchase, clients int) {
	var next atomic.Int64
	var playing sync.WaitGroup
	for range clients {
		playing.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(all) {
					return
				}
				start := time.Now()
				r.buyer.play(all[i])
				all[i].Late = time.Since(start)
			}
		})
	}
	playing.Wait()
}

// open begins purchases at random moments, so many a second on average, whether those before are done or not. How late
// an answer is counts from when the purchase was to begin, so that a shop that stops is not excused from what would have
// come meanwhile.
func (r *Run) open(ctx context.Context, all []*Purchase, most int, rate float64) {
	random := rand.New(rand.NewPCG(uint64(len(all)), 0x6f70656e)) //nolint:gosec // Moments are no secret.
	places := make(chan struct{}, most)
	var playing sync.WaitGroup
	due := time.Now()
	for _, p := range all {
		due = due.Add(time.Duration(random.ExpFloat64() / rate * float64(time.Second)))
		pause := time.NewTimer(time.Until(due))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
		}
		if ctx.Err() != nil {
			break
		}
		select {
		case places <- struct{}{}:
		default:
			r.Missed++
			continue
		}
		begin := due
		playing.Go(func() {
			r.buyer.play(p)
			p.Late = time.Since(begin)
			<-places
		})
	}
	playing.Wait()
}

// Settle asks again, under the same key, for each purchase whose outcome nobody knows, until it is known. It fails when the
// context ends before.
func (r *Run) Settle(ctx context.Context) error {
	for _, p := range r.Purchases {
		for p.State == Unknown {
			if r.buyer.checkout(p, CallSettle); p.State != Unknown {
				break
			}
			pause := time.NewTimer(settlePause)
			select {
			case <-pause.C:
			case <-ctx.Done():
				pause.Stop()
				return fmt.Errorf("the outcome of %s is unknown still, %d %s: %w", p.Key, p.Status, p.Code, ctx.Err())
			}
		}
	}
	r.buyer.client.CloseIdleConnections()
	return r.buyer.log.wrong
}

// Moved makes Settle ask at another address: a shop that was started anew has one.
func (r *Run) Moved(base string) { r.buyer.base = base }

// Counts tells how many purchases are in each state.
func (r *Run) Counts() map[State]int {
	out := map[State]int{}
	for _, p := range r.Purchases {
		out[p.State]++
	}
	return out
}

// Quantile is how late the answers came of which so large a part was no later; of those that were accepted.
func (r *Run) Quantile(part float64) time.Duration {
	var all []time.Duration
	for _, p := range r.Purchases {
		if p.State == Accepted {
			all = append(all, p.Late)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(int(part*float64(len(all))), len(all)-1)]
}
