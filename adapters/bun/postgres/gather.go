package postgres

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports/observe"
)

const (
	// gatherMost is how many questions one trip asks at most, so that its statement stays short.
	gatherMost = 128
	// gatherPatience is how long a trip holds others up. One that takes longer waits for something, perhaps for ever; who
	// waits then goes beside it.
	gatherPatience = 25 * time.Millisecond
	gatherTries    = 3
	// gatherKeys is from how many keys on a question goes alone: it would make the others wait for its rows.
	gatherKeys = 64
)

// gather asks the database with one statement what many callers want to know at once. Who asks while no trip is under
// way goes at once, alone; those who ask meanwhile go together when it is back. Nobody waits for others to come, as in the
// groups of commits, and for the same reason: a round trip costs more than what is read by it.
//
// A question never joins a trip that has begun, so an answer is never older than its question. What is asked is not
// mixed: one question's fault is told to its caller alone.
type gather[Q, A any] struct {
	s    *Store
	most int                                                   // Trips side by side; 1 when it is 0.
	ask  func(ctx context.Context, questions []Q) ([]A, error) // As many answers as questions, in their order.

	mu      sync.Mutex
	waiting []*question[Q, A]
	trips   int // Under way, but those that are late.
}

// question is one caller's, until it is answered.
type question[Q, A any] struct {
	of     Q
	ctx    context.Context //nolint:containedctx // Only for what it says of the request, and whether anybody still waits.
	answer A
	err    error
	done   chan struct{}
}

// get asks and waits for the answer, or for the caller's end.
func (g *gather[Q, A]) get(ctx context.Context, of Q) (A, error) {
	q := &question[Q, A]{of: of, ctx: ctx, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, q)
	g.start()
	g.mu.Unlock()
	select {
	case <-q.done:
		return q.answer, q.err
	case <-ctx.Done():
		var none A
		return none, fault.Down.New("the caller left before the database answered").Because(ctx.Err())
	}
}

// start lets a trip begin if somebody waits and none is in the way; its caller holds the lock.
func (g *gather[Q, A]) start() {
	if len(g.waiting) > 0 && g.trips < max(g.most, 1) {
		g.trips++
		go g.run()
	}
}

// run makes trips until nobody waits.
func (g *gather[Q, A]) run() {
	for {
		g.mu.Lock()
		n := min(len(g.waiting), gatherMost)
		if n == 0 {
			g.trips--
			g.mu.Unlock()
			return
		}
		group := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		g.mu.Unlock()
		g.timed(group)
	}
}

// timed makes a trip, which is in nobody's way any more once it is late.
func (g *gather[Q, A]) timed(group []*question[Q, A]) {
	var late, back bool
	timer := time.AfterFunc(gatherPatience, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if late = !back; late {
			g.trips--
			g.start()
		}
	})
	g.trip(group)
	timer.Stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	if back = true; late {
		g.trips++
	}
}

// trip answers a group. What is refused or cannot be read may be the fault of one question, so each is then asked alone.
func (g *gather[Q, A]) trip(group []*question[Q, A]) {
	err := g.answer(group)
	if len(group) > 1 && oneAtFault(err) {
		for _, q := range group {
			q.err = readError(g.answer([]*question[Q, A]{q}))
		}
	} else {
		for _, q := range group {
			q.err = readError(err)
		}
	}
	for _, q := range group {
		close(q.done)
	}
}

// oneAtFault tells whether the database answered, so that another question may fare better.
func oneAtFault(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) || fault.Of(err) != nil
}

// answer asks for a group, again when a connection turns out to be dead: the pool may hold several. A defect is answered
// as one, since it must not end the shop.
func (g *gather[Q, A]) answer(group []*question[Q, A]) (err error) {
	defer func() {
		if p := recover(); p != nil {
			g.s.cfg.Logger.Error(observe.ReadPanic, zap.String(observe.Error, observe.Panicked(p).Error()), zap.ByteString(observe.Stack, debug.Stack()))
			err = fault.Unexpected.New("a read met a defect of the store")
		}
	}()
	questions := make([]Q, len(group))
	for i, q := range group {
		questions[i] = q.of
	}
	ctx, cancel := context.WithTimeout(g.on(group), g.s.cfg.Statement)
	defer cancel()
	var answers []A
	for range gatherTries {
		answers, err = g.ask(ctx, questions)
		if err == nil || oneAtFault(err) || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return err
	}
	for i, q := range group {
		q.answer = answers[i]
	}
	return nil
}

// on is on whose account a trip is for logs and traces: that of the first whose request is traced, else of the first. It
// ends with none of them.
func (g *gather[Q, A]) on(group []*question[Q, A]) context.Context {
	for _, q := range group {
		if observe.Of(q.ctx).Sampled {
			return context.WithoutCancel(q.ctx)
		}
	}
	return context.WithoutCancel(group[0].ctx)
}
