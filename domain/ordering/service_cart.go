package ordering

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// LineRequest asks for a quantity of a variant, named by id or by SKU.
type LineRequest struct {
	Variant  ref.VariantID // Or zero.
	SKU      ref.SKU       // Or "".
	Quantity int64
	Custom   Customisation // How it is to be made; part of which line it is.
	Note     string
	Metadata Metadata
}

// addition is what is added.
func (l LineRequest) addition() Addition {
	return Addition{Quantity: l.Quantity, Custom: l.Custom, Note: l.Note, Metadata: l.Metadata}
}

// CreateCart makes a guest's cart in the scope's channel and currency, with lines or without. Errors: Bad, with paths
// such as "lines[0].sku".
func (s *Service) CreateCart(ctx context.Context, scope ref.Scope, lines []LineRequest) (Quote, error) {
	return s.createCart(ctx, scope, ref.CustomerID{}, lines)
}

func (s *Service) createCart(ctx context.Context, scope ref.Scope, customer ref.CustomerID, lines []LineRequest) (Quote, error) {
	if len(lines) > LinesMax {
		return Quote{}, one("lines", fmt.Sprintf("a cart has at most %d lines", LinesMax))
	}
	now := s.now()
	cart := Cart{
		ID: ref.NewCartID(s.parts.IDs.Secret()), Status: CartMachine.Initial, Channel: scope.Channel, Currency: scope.Currency,
		Customer: customer, CreatedAt: now, UpdatedAt: now,
	}
	items, err := s.resolve(ctx, scope, lines, func(i int) string { return lineField(i, "") })
	if err != nil {
		return Quote{}, err
	}
	for i, l := range lines {
		next, err := cart.put(s.lineID(), items[i], l.addition(), now)
		if err != nil {
			return Quote{}, fault.Of(err).Under(lineField(i, ""))
		}
		cart = next
	}
	for i, it := range items {
		if rule := it.Quantity.Broken(cart.quantityOf(it.Variant)); rule != "" {
			return Quote{}, one(lineField(i, "quantity"), rule)
		}
	}
	cart.Version = 1
	return s.saved(ctx, scope, Cart{}, cart, items)
}

// Cart gives a cart with what it costs now. Errors: Missing.
func (s *Service) Cart(ctx context.Context, scope ref.Scope, id ref.CartID) (Quote, error) {
	cart, err := s.parts.Carts.Cart(ctx, id)
	if err != nil {
		return Quote{}, err
	}
	q, err := s.quote(ctx, scope, cart)
	if err != nil {
		return Quote{}, err
	}
	return s.advised(ctx, q), nil
}

// CheckoutNeeds lists all that is still missing before the cart can be ordered with the details given so far; see the
// function of this name. Errors: Missing, CartCompleted, CartSuperseded.
func (s *Service) CheckoutNeeds(ctx context.Context, scope ref.Scope, id ref.CartID, details Details) ([]Notice, error) {
	cart, err := s.parts.Carts.Cart(ctx, id)
	if err == nil {
		cart, err = cart.revived()
	}
	if err != nil {
		return nil, err
	}
	q, err := s.priced(ctx, scope, cart)
	if err != nil {
		return nil, err
	}
	return CheckoutNeeds(q.With(s.carts.requirements, &details), details), nil
}

// AddLine adds to a cart, on the line that has the variant in the same customisation or a new one; a new line's agreed
// price is the present one. Without an expected version (nil) it is tried again when others change the cart meanwhile,
// so that no addition is lost. Errors: Missing, CartCompleted, CartSuperseded, Bad, ExpectedVersion, VersionConflict.
func (s *Service) AddLine(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version, l LineRequest) (Quote, error) {
	return s.change(ctx, scope, id, expected, func(scope ref.Scope, c Cart) (Cart, ref.VariantID, error) {
		items, err := s.resolve(ctx, scope, []LineRequest{l}, func(int) string { return "" })
		if err != nil {
			return Cart{}, ref.VariantID{}, err
		}
		c, err = c.Put(s.lineID(), items[0], l.addition(), s.now())
		return c, ref.VariantID{}, err // The item's rule was asked.
	})
}

// SetQuantity makes a line's quantity what is given; 0 removes the line. Errors: as AddLine.
func (s *Service) SetQuantity(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version, line ref.LineID, quantity int64) (Quote, error) {
	return s.change(ctx, scope, id, expected, func(_ ref.Scope, c Cart) (Cart, ref.VariantID, error) {
		var ruled ref.VariantID // A line can always be removed.
		if i := slices.IndexFunc(c.Lines, func(l CartLine) bool { return l.ID == line }); i >= 0 && quantity > 0 {
			ruled = c.Lines[i].Variant
		}
		c, err := c.Set(line, quantity, s.now())
		return c, ruled, err
	})
}

// RemarkCart changes a cart's note and metadata. Errors: as AddLine.
func (s *Service) RemarkCart(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version, r Remarks) (Quote, error) {
	return s.change(ctx, scope, id, expected, func(_ ref.Scope, c Cart) (Cart, ref.VariantID, error) {
		c, err := c.Remark(r, s.now())
		return c, ref.VariantID{}, err
	})
}

// RemarkLine changes a line's note and metadata. Errors: as AddLine.
func (s *Service) RemarkLine(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version, line ref.LineID, r Remarks) (Quote, error) {
	return s.change(ctx, scope, id, expected, func(_ ref.Scope, c Cart) (Cart, ref.VariantID, error) {
		c, err := c.RemarkLine(line, r, s.now())
		return c, ref.VariantID{}, err
	})
}

// ConfirmPrices takes the present prices for those that the buyer agrees to; it writes nothing when they do already.
// The answer shows what was agreed to: should a price have changed since the buyer looked, it shows there, and an order
// of that quote's total is refused once it changes again. Errors: as AddLine.
func (s *Service) ConfirmPrices(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version) (Quote, error) {
	var q Quote
	err := s.changing(ctx, id, expected, func(c Cart) error {
		var changes bool
		var err error
		if q, err = s.quote(ctx, scope, c); err != nil {
			return err
		}
		was := q.Cart
		if q, changes, err = q.Confirm(s.now()); err != nil || !changes {
			return err
		}
		_, err = s.parts.Committer.Commit(ctx, ChangeCart(was, q.Cart, s.parts.IDs.New))
		return err
	})
	if err != nil {
		return Quote{}, err
	}
	return s.advised(ctx, q), nil
}

// change loads, changes and commits a cart. F gives the changed cart, and the variant of which the item's rule is to be
// asked, zero for none.
func (s *Service) change(ctx context.Context, scope ref.Scope, id ref.CartID, expected *ref.Version, f func(ref.Scope, Cart) (Cart, ref.VariantID, error)) (Quote, error) {
	var q Quote
	err := s.changing(ctx, id, expected, func(cart Cart) error {
		scope.Currency, scope.Channel = cart.Currency, cart.Channel
		next, ruled, err := f(scope, cart)
		if err != nil {
			return err
		}
		if q, err = s.quote(ctx, scope, next); err != nil {
			return err
		}
		if rule := q.broken(ruled); rule != "" {
			return one("quantity", rule)
		}
		q = q.agreed()
		_, err = s.parts.Committer.Commit(ctx, ChangeCart(cart, q.Cart, s.parts.IDs.New))
		return err
	})
	if err != nil {
		return Quote{}, err
	}
	return s.advised(ctx, q), nil
}

// changing loads a cart in its turn and lets f commit a change of it, again when others did meanwhile.
func (s *Service) changing(ctx context.Context, id ref.CartID, expected *ref.Version, f func(Cart) error) error {
	release, err := s.turns.take(ctx, id)
	if err != nil {
		return err
	}
	defer release()
	return s.retried(ctx, overtaken, func() error {
		cart, err := s.parts.Carts.Cart(ctx, id)
		if err != nil {
			return err
		}
		if expected != nil && *expected != cart.Version {
			return ExpectedVersion.Newf("the cart has version %d", cart.Version).At("If-Match")
		}
		return f(cart)
	})
}

// saved commits a cart and quotes it; was is what it was, the zero value for a new one, and items are those of all its
// lines when they were just read.
func (s *Service) saved(ctx context.Context, scope ref.Scope, was, is Cart, items []Item) (Quote, error) {
	q, err := s.quoteOf(ctx, scope, is, items)
	if err != nil {
		return Quote{}, err
	}
	q = q.agreed()
	if _, err = s.parts.Committer.Commit(ctx, ChangeCart(was, q.Cart, s.parts.IDs.New)); err != nil {
		return Quote{}, err
	}
	return s.advised(ctx, q), nil
}

// broken names the rule of the variant's item that the cart breaks, or "".
func (q Quote) broken(variant ref.VariantID) string {
	for _, l := range q.Lines {
		if l.Variant == variant && l.Available {
			return l.Rule.Broken(q.Cart.quantityOf(variant))
		}
	}
	return ""
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
