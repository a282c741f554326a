package simulation

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// change asks a server to change a cart, unless it is at another change of it: there the second would wait for the first.
func (s *shopper) change(ss *session, what string, do func(ctx context.Context, srv *server) (ordering.Quote, error), done func(q ordering.Quote)) {
	srv := s.world.server()
	if srv.changing[ss.cart] {
		return
	}
	srv.changing[ss.cart] = true
	mine := srv.changing // A crash makes a new one.
	var q ordering.Quote
	s.callOn(srv, what, func(ctx context.Context, srv *server) (err error) {
		defer delete(mine, ss.cart)
		q, err = do(ctx, srv)
		return err
	}, func(err error) {
		if err == nil {
			s.world.shown(ss, q)
			done(q)
		}
	})
}

// view reads the cart.
func (s *shopper) view(ss *session) {
	w := s.world
	var q ordering.Quote
	s.call("view "+ss.name, func(ctx context.Context, srv *server) (err error) {
		q, err = srv.Ordering.Cart(ctx, w.scope(), ss.cart)
		return err
	}, func(err error) {
		if err == nil {
			w.shown(ss, q)
		}
	})
}

// add puts something into the cart.
func (s *shopper) add(ss *session) {
	w := s.world
	variant, n := pick(w, w.staff.goods).variant, 1+w.random.Int64N(3)
	s.change(ss, fmt.Sprintf("add %d to %s", n, ss.name), func(ctx context.Context, srv *server) (ordering.Quote, error) {
		return srv.Ordering.AddLine(ctx, w.scope(), ss.cart, s.expected(ss), ordering.LineRequest{Variant: variant, Quantity: n})
	}, func(q ordering.Quote) {
		w.follows(ss, q.Cart, fmt.Sprintf("adding %d of %s", n, variant), func(lines []chosen) []chosen {
			if i := slices.IndexFunc(lines, func(l chosen) bool { return l.variant == variant }); i >= 0 {
				lines[i].quantity += n
				return lines
			}
			for _, l := range chosenOf(q.Cart) {
				if l.variant == variant {
					return append(lines, chosen{l.id, variant, l.sku, n})
				}
			}
			return lines
		})
	})
}

// set makes the quantity of a line another.
func (s *shopper) set(ss *session) {
	w := s.world
	lines := ss.versions[ss.latest]
	if len(lines) == 0 {
		return
	}
	line, n := pick(w, lines), w.random.Int64N(4)
	s.change(ss, fmt.Sprintf("set %d in %s", n, ss.name), func(ctx context.Context, srv *server) (ordering.Quote, error) {
		return srv.Ordering.SetQuantity(ctx, w.scope(), ss.cart, s.expected(ss), line.id, n)
	}, func(q ordering.Quote) {
		w.follows(ss, q.Cart, fmt.Sprintf("setting %d of %s", n, line.variant), func(lines []chosen) []chosen {
			i := slices.IndexFunc(lines, func(l chosen) bool { return l.id == line.id })
			switch {
			case i < 0:
				return lines
			case n == 0:
				return slices.Delete(lines, i, i+1)
			}
			lines[i].quantity = n
			return lines
		})
	})
}

// agree confirms the prices of the cart.
func (s *shopper) agree(ss *session) {
	w := s.world
	s.change(ss, "agree "+ss.name, func(ctx context.Context, srv *server) (ordering.Quote, error) {
		return srv.Ordering.ConfirmPrices(ctx, w.scope(), ss.cart, s.expected(ss))
	}, func(ordering.Quote) {})
}

// signIn makes the cart the shopper's own; when there is one already both become one.
func (s *shopper) signIn(ss *session) {
	w := s.world
	var q ordering.Quote
	s.call("sign in with "+ss.name, func(ctx context.Context, srv *server) (err error) {
		q, err = srv.Ordering.AdoptCart(ctx, w.scope(), s.customer, ss.cart)
		return err
	}, func(err error) {
		if err != nil {
			return
		}
		into, known := w.byCart[q.Cart.ID]
		if !known {
			w.find("cart-foreign", ss.name, "it became a cart of nobody: "+q.Cart.ID.String())
			return
		}
		w.shown(into, q)
		if s.now == ss {
			s.now = into
		}
	})
}

// expected is the version that a request names, now and then.
func (s *shopper) expected(ss *session) *ref.Version {
	if ss.latest == 0 || !s.world.oneIn(4) {
		return nil
	}
	v := ss.latest
	return &v
}

// shown notes what a shopper was shown.
func (w *world) shown(ss *session, q ordering.Quote) {
	total := q.Totals.Total
	ss.total = &total
	w.learn(ss, q.Cart)
}

// learn notes what a version of a cart holds. A version holds one thing for ever.
func (w *world) learn(ss *session, c ordering.Cart) {
	known, before := ss.versions[c.Version]
	now := chosenOf(c)
	if before && !slices.Equal(known, now) {
		w.find("cart-version", ss.name, fmt.Sprintf("version %d held %v and holds %v", c.Version, quantities(known), quantities(now)))
	}
	if !before {
		ss.versions[c.Version] = now
	}
	if c.Version > ss.latest {
		ss.latest = c.Version
	}
}

// follows checks that a version of a cart is what a change makes of the one before, as far as that was seen: nobody's
// change is lost.
func (w *world) follows(ss *session, c ordering.Cart, what string, change func(lines []chosen) []chosen) {
	base, known := ss.versions[c.Version-1]
	if !known {
		return
	}
	if want, got := change(slices.Clone(base)), chosenOf(c); !slices.Equal(want, got) {
		w.find("cart-write", ss.name, fmt.Sprintf("%s made of version %d (%v) the version %d (%v)",
			what, c.Version-1, quantities(base), c.Version, quantities(got)))
	}
}

// quantities is a cart for messages.
func quantities(lines []chosen) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = fmt.Sprintf("%s×%d", l.sku, l.quantity)
	}
	return out
}
