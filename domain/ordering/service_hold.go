package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// hold asks the outside stock holder for the goods of an order, with nothing held here, and writes down its answer. When
// it does not give one the order stays claiming, and whoever comes next asks again.
func (s *Service) hold(ctx context.Context, a attempt, sale Sale) (decided, error) {
	short, err := s.askHolder(ctx, sale.Order)
	if err != nil {
		return decided{Sale: sale}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	return s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		cart, err := s.attemptCart(ctx, a, x.Order)
		if err != nil {
			return x, Commit{}, false, err
		}
		next, c, err := Hold(x, cart, short, s.offlineSale(x), m)
		if fault.Is(err, statemachine.IllegalTransition) {
			// Somebody else was faster; go on from there.
			return x, Commit{}, false, nil
		}
		if err == nil && a.cmd.Key.Key != "" && next.Order.Status != Pending {
			next, c, err = Hold(x.answered(a.cmd.Key), cart, short, s.offlineSale(x), m)
			c.Command = finish(a.cmd, m, next.answer())
		}
		return next, c, err == nil, err
	})
}

// askHolder asks for the goods of an order.
func (s *Service) askHolder(ctx context.Context, o Order) ([]Shortage, error) {
	if s.parts.Holder == nil {
		return nil, fault.Down.New("the shop has no outside stock holder at the moment")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), HolderTimeout)
	defer cancel()
	call := HoldCall{Order: o.ID, Lines: make([]HoldLine, len(o.Lines)), Until: s.now().Add(ClaimTTL)}
	for i, l := range o.Lines {
		call.Lines[i] = HoldLine{Claim: l.Claim, SKU: l.SKU, Quantity: l.Quantity}
	}
	return s.parts.Holder.Hold(ctx, call)
}

// tellHolder tells the outside stock holder what became of an order, and writes down that it knows.
func (s *Service) tellHolder(ctx context.Context, sale Sale, on HoldingEvent) (Sale, error) {
	if s.parts.Holder == nil {
		return sale, fault.Down.New("the shop has no outside stock holder at the moment")
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), HolderTimeout)
	defer cancel()
	tell := s.parts.Holder.Confirm
	if on == HoldingReleases {
		tell = s.parts.Holder.Release
	}
	err := tell(asking, sale.Order.ID)
	if on == HoldingConfirms && fault.Is(err, HoldOver) {
		return s.holdAnew(ctx, sale)
	}
	if err != nil {
		return sale, err
	}
	done, err := s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		next, c, changed := HolderTold(x, on, m)
		return next, c, changed, nil
	})
	return done.Sale, err
}

// holdAnew asks once more for the goods of an order that was placed so late that the holder had given them up. Confirmed
// they are with the next look; when they are gone the order is cancelled, and its money goes back.
func (s *Service) holdAnew(ctx context.Context, sale Sale) (Sale, error) {
	short, err := s.askHolder(ctx, sale.Order)
	if err != nil {
		return sale, err
	}
	if len(short) == 0 {
		err = s.parts.Holder.Confirm(ctx, sale.Order.ID)
	}
	if err != nil {
		return sale, err
	}
	done, err := s.amend(ctx, sale, func(x Sale, m Moment) (Sale, Commit, bool, error) {
		if len(short) == 0 {
			next, c, changed := HolderTold(x, HoldingConfirms, m)
			return next, c, changed, nil
		}
		if x.Order.Status != Placed {
			return x, Commit{}, false, nil
		}
		next, c, err := LoseStock(x, m)
		return next, c, true, err
	})
	return done.Sale, err
}

// offlineSale tells whether the sale's payment needs no call.
func (s *Service) offlineSale(x Sale) bool {
	return len(x.Payments) > 0 && offline(s.providers[x.Payments[0].Provider])
}
