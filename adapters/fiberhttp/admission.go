package fiberhttp

import (
	"context"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// Class says how much a request matters when more come than can be worked on at once. See docs/adr/0020-admission.md.
type Class uint8

// The classes. Between Buying and Backoffice the earlier one goes first.
const (
	ByNature   Class = iota // What the route is otherwise: Backoffice with a permission, else Browsing when it reads and Shopping when it writes.
	Always                  // Health, metrics, and what is answered from memory: never waits and is never refused.
	Buying                  // Checkouts, and what payment providers tell.
	Shopping                // Carts and accounts.
	Browsing                // Reading the catalogue.
	Backoffice              // Work of staff and programs: reports, imports, exports.
)

// classes are those that share the places, the most important one first.
var classes = [...]Class{Buying, Shopping, Browsing, Backoffice}

// String is the name in metrics.
func (c Class) String() string {
	return [...]string{"by nature", "always", "buying", "shopping", "browsing", "backoffice"}[c]
}

// class is the class of the route's requests.
func (r Route) class() Class {
	switch {
	case r.Class != ByNature:
		return r.Class
	case r.Permission != "":
		return Backoffice
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return Browsing
	default:
		return Shopping
	}
}

// requestsPerProcessor is how many requests are worked on at once for each processor unless Options say otherwise: most
// of them wait for the database, and a transaction of orders takes up to 64 of them along.
const requestsPerProcessor = 64

// leastRequests gives each class a place of its own and leaves some to share.
const leastRequests = 8

// How long a request waits for a place: who buys has more patience than who looks around.
const (
	longWait  = 500 * time.Millisecond
	shortWait = 250 * time.Millisecond
)

// manners are how a class is treated.
type manners struct {
	own    int           // Of all places, the 1/own-th that nobody else takes.
	most   int           // It never has more than the 1/most-th.
	wait   time.Duration // How long a request waits for a place; with its deadline, whichever is sooner.
	retry  int           // Who is refused comes back after 1 to so many seconds, so that not all come at once.
	behind string        // What is told to who is refused.
}

var classManners = map[Class]manners{
	Buying:     {own: 4, most: 1, wait: longWait, retry: 2, behind: "more orders come in than can be taken at once; nothing was done, try again with the same key"},
	Shopping:   {own: 8, most: 1, wait: longWait, retry: 3, behind: "more people shop than can be served at once; nothing was done, try again"},
	Browsing:   {own: 8, most: 1, wait: shortWait, retry: 5, behind: "more people look around than can be served at once; try again"},
	Backoffice: {own: 16, most: 4, wait: shortWait, retry: 10, behind: "the shop is busy with its customers; nothing was done, try again later"},
}

// turnstile bounds the requests that are worked on at once. Each class has places of its own, and all share the rest:
// the most important one that waits gets what becomes free. Who waits does so for a short time, with a bounded number of
// others. It keeps time with timers alone.
type turnstile struct {
	mu      sync.Mutex
	common  int // Places that all share.
	lent    int // Of these, in use.
	queue   int // Who may wait, in each class.
	lines   map[Class]*line
	entered func(Class, bool) // Told of each request that was let in, or refused; for metrics.
}

// line is one class at the turnstile.
type line struct {
	manners

	places, limit int
	working       int
	waiting       []*waiter
}

// waiter is a request that waits; turn is closed when it has a place.
type waiter struct{ turn chan struct{} }

// newTurnstile has so many places; 0 is a number that suits the machine.
func newTurnstile(places int) *turnstile {
	if places == 0 {
		places = requestsPerProcessor * runtime.GOMAXPROCS(0)
	}
	t := &turnstile{common: places, queue: places, lines: map[Class]*line{}, entered: func(Class, bool) {}}
	for _, c := range classes {
		m := classManners[c]
		l := &line{manners: m, places: max(places/m.own, 1), limit: max(places/m.most, 2)}
		t.common -= l.places
		t.lines[c] = l
	}
	return t
}

// enter waits for a place, and gives the function that makes room again. Its error is the answer to who is refused.
func (t *turnstile) enter(ctx context.Context, c Class) (leave func(), err error) {
	if c == Always {
		return func() {}, nil
	}
	l := t.lines[c]
	w := t.line(l)
	if w != nil && !t.wait(ctx, l, w) {
		t.entered(c, false)
		return nil, fault.Down.New(l.behind).With("retry_after", 1+rand.IntN(l.retry)) //nolint:gosec // It spreads callers and guards nothing.
	}
	t.entered(c, true)
	return func() { t.leave(l) }, nil
}

// line takes a place at once, or stands in line: then who waits is given, with a turn that never comes where the line is
// full.
func (t *turnstile) line(l *line) *waiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.take(l) {
		return nil
	}
	if len(l.waiting) >= t.queue {
		return &waiter{}
	}
	w := &waiter{turn: make(chan struct{})}
	l.waiting = append(l.waiting, w)
	return w
}

// take takes a place of the class's own, else one of those that all share. That one is free means that nobody waits who
// could have it.
func (t *turnstile) take(l *line) bool {
	switch {
	case l.working >= l.limit:
		return false
	case l.working < l.places:
	case t.lent < t.common:
		t.lent++
	default:
		return false
	}
	l.working++
	return true
}

// wait tells whether the turn came in time.
func (t *turnstile) wait(ctx context.Context, l *line, w *waiter) bool {
	if w.turn == nil {
		return false
	}
	timer := time.NewTimer(l.wait)
	defer timer.Stop()
	select {
	case <-w.turn:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.Index(l.waiting, w)
	if i < 0 {
		return true // The turn came at the same time.
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	return false
}

// leave makes room and lets in who may have it.
func (t *turnstile) leave(l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.working > l.places {
		t.lent--
	}
	l.working--
	for _, c := range classes {
		for next := t.lines[c]; len(next.waiting) > 0 && t.take(next); {
			close(next.waiting[0].turn)
			next.waiting = slices.Delete(next.waiting, 0, 1)
		}
	}
}

// now is how many requests of the class are worked on, and wait.
func (t *turnstile) now(c Class) (working, waiting int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lines[c].working, len(t.lines[c].waiting)
}

// shed answers who is refused. It writes no line of its own beside that of the request: that many are refused is told by
// the metrics, and a log that grows with the storm would be part of it.
func (s *Server) shed(fctx *fasthttp.RequestCtx, x *exchange, err error) {
	problem := ProblemOf(err, x.method, x.id)
	x.met(problem)
	s.write(fctx, problem)
}
