package ordering

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// addAttempts is how often an addition is tried again when others change the cart meanwhile: additions commute, so
// none may be lost, and with more than a few at once the cart is not a person's.
const addAttempts = 8

// LineRequest asks for a quantity of a variant, named by id or by SKU.
type LineRequest struct {
	Variant  ref.VariantID // Or zero.
	SKU      ref.SKU       // Or "".
	Quantity int64
}

// CreateCart makes a cart in the scope's channel and currency, with lines or without. Errors: Bad, with paths such as
// "lines[0].sku".
func (s *Service) CreateCart(ctx context.Context, scope ref.Scope, lines []LineRequest) (Quote, error) {
	if len(lines) > LinesMax {
		return Quote{}, one("lines", fmt.Sprintf("a cart has at most %d lines", LinesMax))
	}
	now := s.now()
	cart := Cart{
		ID: ref.NewCartID(s.parts.IDs.Secret()), Status: CartActive, Channel: scope.Channel, Currency: scope.Currency,
		CreatedAt: now, UpdatedAt: now,
	}
	items, err := s.resolve(ctx, scope, lines, func(i int) string { return fmt.Sprintf("lines[%d]", i) })
	if err != nil {
		return Quote{}, err
	}
	for i, l := range lines {
		next, err := cart.Add(s.lineID(), items[i], l.Quantity, now)
		if err != nil {
			return Quote{}, fault.Of(err).Under(fmt.Sprintf("lines[%d]", i))
		}
		cart = next
	}
	cart.Version = 1
	return s.saved(ctx, scope, cart)
}

// Cart gives a cart with what it costs now. Errors: Missing.
func (s *Service) Cart(ctx context.Context, scope ref.Scope, id ref.CartID) (Quote, error) {
	cart, err := s.parts.Carts.Cart(ctx, id)
	if err != nil {
		return Quote{}, err
	}
	return s.quote(ctx, scope, cart)
}

// AddLine adds to a cart, on the line that has the variant or a new one. Without an expected version (nil) it is
// tried again when others change the cart meanwhile, so that no addition is lost. Errors: Missing, CartCompleted, Bad,
// ExpectedVersion, VersionConflict.
func (s *Service) AddLine(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version, l LineRequest) (Quote, error) {
	return s.change(ctx, scope, id, expected, addAttempts, func(scope ref.Scope, c Cart) (Cart, error) {
		items, err := s.resolve(ctx, scope, []LineRequest{l}, func(int) string { return "" })
		if err != nil {
			return Cart{}, err
		}
		return c.Add(s.lineID(), items[0], l.Quantity, s.now())
	})
}

// SetQuantity makes a line's quantity what is given; 0 removes the line. Errors: as AddLine.
func (s *Service) SetQuantity(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version, line ref.LineID, quantity int64) (Quote, error) {
	return s.change(ctx, scope, id, expected, addAttempts, func(_ ref.Scope, c Cart) (Cart, error) {
		return c.Set(line, quantity, s.now())
	})
}

// change loads, changes and commits a cart.
func (s *Service) change(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version, attempts int, f func(ref.Scope, Cart) (Cart, error)) (Quote, error) {
	for {
		cart, err := s.parts.Carts.Cart(ctx, id)
		if err != nil {
			return Quote{}, err
		}
		if expected != nil && *expected != cart.Version {
			return Quote{}, ExpectedVersion.Newf("the cart has version %d", cart.Version).At("If-Match")
		}
		scope.Currency, scope.Channel = cart.Currency, cart.Channel
		next, err := f(scope, cart)
		if err != nil {
			return Quote{}, err
		}
		q, err := s.saved(ctx, scope, next)
		if attempts--; err == nil || attempts == 0 || !fault.Is(err, fault.VersionConflict) {
			return q, err
		}
	}
}

// saved commits a cart and quotes it.
func (s *Service) saved(ctx context.Context, scope ref.Scope, cart Cart) (Quote, error) {
	q, err := s.quote(ctx, scope, cart)
	if err != nil {
		return Quote{}, err
	}
	_, err = s.parts.Committer.Commit(ctx, Commit{At: cart.UpdatedAt, Carts: []Write[Cart]{write(cart, cart.Version)}})
	return q, err
}

// resolve finds the items that the lines name, in their order.
func (s *Service) resolve(ctx context.Context, scope ref.Scope, lines []LineRequest, at func(int) string) ([]Item, error) {
	var ids []ref.VariantID
	var skus []ref.SKU
	for _, l := range lines {
		if l.Variant.IsZero() {
			skus = append(skus, l.SKU)
		} else {
			ids = append(ids, l.Variant)
		}
	}
	found, err := s.items(ctx, scope, ids, skus)
	if err != nil {
		return nil, err
	}
	byID, bySKU := make(map[ref.VariantID]Item, len(found)), make(map[ref.SKU]Item, len(found))
	for _, it := range found {
		byID[it.Variant], bySKU[it.SKU] = it, it
	}
	out := make([]Item, len(lines))
	var violations []*fault.Error
	for i, l := range lines {
		item, ok := byID[l.Variant]
		field := "variant_id"
		if l.Variant.IsZero() {
			item, ok = bySKU[l.SKU]
			field = "sku"
		}
		if !ok {
			v := UnknownItem.New("no such variant is on sale").At(field)
			if prefix := at(i); prefix != "" {
				v = v.Under(prefix)
			}
			violations = append(violations, v)
		}
		out[i] = item
	}
	return out, fault.Collect(violations)
}

func (s *Service) lineID() ref.LineID { return ref.NewID[ref.LineKind](s.parts.IDs.New()) }
