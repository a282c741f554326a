package simulation

import (
	"context"
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// busyMost is how many requests one shopper has under way: more than one, as with two open tabs or a double click.
const busyMost = 3

// shopper is somebody who buys. What a shopper knows outlives every server.
type shopper struct {
	world    *world
	name     string
	busy     int
	trips    int
	now      *session
	customer ref.CustomerID
	pending  bool       // Whether a cart is being made.
	past     []*session // Earlier trips that may have something left to ask.
}

func newShopper(w *world, i int) *shopper {
	return &shopper{world: w, name: fmt.Sprintf("c%d", i), customer: ref.NewID[ref.CustomerKind](w.ids.New())}
}

// act sends one request, if the shopper is not too busy.
func (s *shopper) act() {
	w := s.world
	if s.busy >= busyMost {
		return
	}
	if s.now == nil {
		if !s.pending {
			s.create()
		}
		return
	}
	if len(s.past) > 0 && w.oneIn(6) {
		s.again(pick(w, s.past))
		return
	}
	if s.now.settledOnce() && w.oneIn(4) || w.oneIn(60) {
		s.leave()
		return
	}
	switch n := w.random.IntN(100); {
	case n < 8:
		s.browse()
	case n < 16:
		s.view(s.now)
	case n < 20:
		s.agree(s.now)
	case n < 24:
		s.signIn(s.now)
	case n < 45:
		s.add(s.now)
	case n < 60:
		s.set(s.now)
	case n < 80:
		s.checkout(s.now)
	default:
		s.again(s.now)
	}
}

// settledOnce tells whether a checkout of the session has an answer.
func (s *session) settledOnce() bool {
	for _, a := range s.attempts {
		if a.settled {
			return true
		}
	}
	return false
}

// leave ends the trip; what is not answered yet can still be asked for.
func (s *shopper) leave() {
	if len(s.now.attempts) > 0 {
		s.past = append(s.past, s.now)
		if len(s.past) > 4 {
			s.past = s.past[1:]
		}
	}
	s.now = nil
}

// call sends a request to a server. Done gets its outcome: an error of kind Unknown when the server crashed.
func (s *shopper) call(what string, do func(ctx context.Context, srv *server) error, done func(err error)) {
	s.callOn(s.world.server(), what, do, done)
}

// callOn sends it to one server.
func (s *shopper) callOn(srv *server, what string, do func(ctx context.Context, srv *server) error, done func(err error)) {
	w := s.world
	w.note(fmt.Sprintf("%s %s asks %s", srv.name, s.name, what))
	s.busy++
	end := func(err error) {
		s.busy--
		outcome, code := "ok", ""
		if err != nil {
			code = " " + fault.CodeOf(err)
			if outcome = "fail"; fault.KindOf(err) == fault.Unknown {
				outcome = "info"
			}
		}
		w.note(fmt.Sprintf("%s %s %s %s%s", srv.name, s.name, outcome, what, code))
		verb, _, _ := strings.Cut(what, " ")
		w.history.count(verb + " " + outcome + code)
		if err != nil && (fault.KindOf(err) == fault.Internal || fault.Is(err, ordering.Superseded)) {
			w.find("unexpected-error", what, err.Error())
		}
		done(err)
	}
	srv.spawn(what, func() { end(do(context.Background(), srv)) }, func() { end(fault.Lost.New("the server is gone")) })
}

// browse reads the catalogue.
func (s *shopper) browse() {
	w := s.world
	slug := pick(w, w.staff.goods).slug
	s.call("browse "+slug, func(ctx context.Context, srv *server) error {
		_, err := srv.Catalog.Product(ctx, w.scope(), slug)
		if fault.Is(err, fault.Missing) {
			return nil // Not on sale at the moment.
		}
		return err
	}, func(error) {})
}

// create makes a cart with a line or none.
func (s *shopper) create() {
	w := s.world
	s.pending = true
	var lines []ordering.LineRequest
	if !w.oneIn(4) {
		lines = append(lines, ordering.LineRequest{Variant: pick(w, w.staff.goods).variant, Quantity: 1 + w.random.Int64N(3)})
	}
	var q ordering.Quote
	s.call("create", func(ctx context.Context, srv *server) (err error) {
		q, err = srv.Ordering.CreateCart(ctx, w.scope(), lines)
		return err
	}, func(err error) {
		s.pending = false
		if err != nil {
			return
		}
		s.trips++
		s.now = &session{name: fmt.Sprintf("%s/%d", s.name, s.trips), cart: q.Cart.ID, versions: map[ref.Version][]chosen{}}
		w.sessions = append(w.sessions, s.now)
		w.byCart[q.Cart.ID] = s.now
		w.learn(s.now, q.Cart)
	})
}
