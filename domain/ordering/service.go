package ordering

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Service is the one way into carts and orders. Safe for concurrent use.
type Service struct {
	parts     Parts
	providers map[string]PaymentProvider
	lease     time.Duration
	carts     cartOptions
	turns     *turns
	complete  CompletePolicy
	buyer     ref.CustomerID // Whose service it is, see For.
	attempts  Attempts
}

// Parts are what a Service is made of; all are needed but those that say so.
type Parts struct {
	Committer Committer
	Carts     Carts
	Orders    Orders
	Customers CustomerOrders
	Inbox     PaymentInbox // Needed where events of providers come in.
	Commands  ports.Commands
	Catalog   ProductCatalog
	Prices    PriceBook
	Stock     Availability // Without it carts give no advice on stock.
	Providers []PaymentProvider
	Holder    StockHolder       // Nil when the goods are in the shop's own stock.
	Limiter   ports.RateLimiter // Without it nothing limits how often a cart is checked out.
	Tokens    *OrderTokens
	Clock     ports.Clock
	IDs       ports.IDs
}

// Options tune a Service; nil means the defaults.
type Options struct {
	Lease time.Duration // How long an attempt at a command is presumed at work; DefaultLease when 0.
	// Attempts limit checkouts of a cart: DefaultAttempts when Window is 0; Count 0 with a Window is without limit.
	Attempts Attempts
	Complete CompletePolicy // When an order that is paid is completed.
	// Merge is what becomes of the lines when a guest who has a cart signs in; MergeBoth when it is zero.
	Merge MergePolicy
	// Carts tells how long carts are kept that nobody changes; DefaultCartPolicy when nil.
	Carts *CartPolicy
	// Requirements are the adopter's own rules of what an order needs.
	Requirements []Requirement
}

// NewService needs all parts. When two providers have one name, the later one counts.
func NewService(parts Parts, opts *Options) *Service {
	s := &Service{parts: parts, providers: make(map[string]PaymentProvider, len(parts.Providers)), lease: DefaultLease, turns: &turns{}, attempts: DefaultAttempts}
	for _, p := range parts.Providers {
		s.providers[p.Name()] = p
	}
	if opts != nil {
		s.complete = opts.Complete
		if opts.Attempts.Window > 0 {
			s.attempts = opts.Attempts
		}
		if opts.Lease > 0 {
			s.lease = opts.Lease
		}
	}
	s.carts = cartOptionsOf(opts)
	return s
}

// Order gives an order to who holds its token. Errors: Missing.
func (s *Service) Order(ctx context.Context, id ref.OrderID, token string) (PlacedOrder, error) {
	if err := s.parts.Tokens.Check(id, token); err != nil {
		return PlacedOrder{}, err
	}
	return s.shown(ctx, id)
}

// shown reads an order with all that is shown of it.
func (s *Service) shown(ctx context.Context, id ref.OrderID) (PlacedOrder, error) {
	sale, err := s.sale(ctx, id)
	if err != nil {
		return PlacedOrder{}, err
	}
	return s.shows(sale), nil
}

// Figures gives sums over all orders, for metrics.
func (s *Service) Figures(ctx context.Context) (Figures, error) { return s.parts.Orders.Figures(ctx) }

// quote reads the facts and computes what the cart costs.
func (s *Service) quote(ctx context.Context, scope ref.Scope, cart Cart) (Quote, error) {
	return s.quoteOf(ctx, scope, cart, nil)
}

// quoteOf is quote of a cart whose items were just read, all of them in its own scope; nil when they were not.
func (s *Service) quoteOf(ctx context.Context, scope ref.Scope, cart Cart, items []Item) (Quote, error) {
	q, err := s.pricedOf(ctx, scope, cart, items)
	if err != nil {
		return Quote{}, err
	}
	return q.With(s.carts.requirements, nil), nil
}

// priced is quote without the adopter's rules.
func (s *Service) priced(ctx context.Context, scope ref.Scope, cart Cart) (Quote, error) {
	return s.pricedOf(ctx, scope, cart, nil)
}

func (s *Service) pricedOf(ctx context.Context, scope ref.Scope, cart Cart, items []Item) (Quote, error) {
	scope.Currency, scope.Channel = cart.Currency, cart.Channel
	ids := make([]ref.VariantID, len(cart.Lines))
	for i, l := range cart.Lines {
		ids[i] = l.Variant
	}
	if len(ids) == 0 {
		return QuoteCart(cart, nil, nil)
	}
	if items == nil {
		var err error
		if items, err = s.items(ctx, scope, ids, nil); err != nil {
			return Quote{}, err
		}
	}
	prices, err := s.parts.Prices.UnitPrices(ctx, scope, ids)
	if err != nil {
		return Quote{}, err
	}
	byID := make(map[ref.VariantID]Item, len(items))
	for _, it := range items {
		byID[it.Variant] = it
	}
	return QuoteCart(cart, byID, prices)
}

// items reads what is on sale, without a call for nothing.
func (s *Service) items(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]Item, error) {
	if len(ids) == 0 && len(skus) == 0 {
		return nil, nil
	}
	return s.parts.Catalog.Items(ctx, scope, ids, skus)
}

// now is the time of a decision.
func (s *Service) now() time.Time { return ref.Instant(s.parts.Clock.Now()) }

// one makes the error of a single field.
func one(field, rule string) error {
	return fault.Collect([]*fault.Error{Rule.New(rule).At(field)})
}
