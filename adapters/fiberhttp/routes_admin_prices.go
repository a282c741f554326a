package fiberhttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	adminPricesTag  = "Admin: prices"
	adminPricesPath = adminVariantPath + "/prices"
)

func (r *routes) mountAdminPrices() {
	Op(r.server, Route{
		ID: "admin-get-prices", Method: http.MethodGet, Path: adminPricesPath, Tag: adminPricesTag, Permission: access.PricesRead,
		Summary: "What a variant costs, now and as it is planned", Problems: also(staffReads, fault.Missing, fault.Bad),
	}, r.getPrices)
	Op(r.server, Route{
		ID: "admin-set-price", Method: http.MethodPut, Path: adminPricesPath, Tag: adminPricesTag, Permission: access.PricesWrite,
		Summary:     "Set the standing price of a variant, or plan one for a time",
		Description: "The standing price takes the place of the one before; a planned one that of one for the same time. The narrower of two times wins: a day's offer before a season's sale, a sale before the standing price.",
		Problems:    staffChanges,
	}, r.setPrice)
	Op(r.server, Route{
		ID: "admin-end-price", Method: http.MethodDelete, Path: adminPricesPath, Tag: adminPricesTag, Permission: access.PricesWrite,
		Summary:     "End the standing price of a variant, or one that is planned",
		Description: "One that has begun holds no more, one that has not never will. What is not there is passed over. Without a standing price a variant is sold only while a planned price holds.",
		Problems:    staffChanges,
	}, r.endPrice)
	Op(r.server, Route{
		ID: "admin-price-history", Method: http.MethodGet, Path: adminPricesPath + "/history", Tag: adminPricesTag, Permission: access.PricesRead,
		Summary: "What a variant cost when, who changed it and why", Problems: also(staffReads, fault.Missing, fault.Bad),
	}, r.priceHistory)
}

// priced reads which variant a path names.
func (r *routes) priced(ctx context.Context, at VariantAddress) (ref.VariantID, error) {
	id, err := idOf[ref.VariantKind](at.Variant, "variant")
	if err != nil {
		return id, err
	}
	p, err := r.product(ctx, at.Product)
	if err != nil {
		return id, err
	}
	if _, there := variantOf(p, id); !there {
		return id, fault.Missing.New("the product has no such variant")
	}
	return id, nil
}

// priceScope is the list that prices are read of or written to.
func (r *routes) priceScope(channel, currency string) (ref.Scope, error) {
	scope, err := r.scope(Scoped{})
	if err != nil {
		return scope, err
	}
	if channel != "" {
		scope.Channel = ref.Channel(channel)
	}
	if currency != "" {
		if scope.Currency, err = money.CurrencyOf(currency); err != nil {
			return scope, fault.Collect([]*fault.Error{fault.Of(err).At("currency")})
		}
	}
	return scope, nil
}

func (r *routes) getPrices(ctx context.Context, in *pricesInput) (*pricePlanAnswer, error) {
	variant, err := r.priced(ctx, in.VariantAddress)
	if err != nil {
		return nil, err
	}
	scope, err := r.priceScope(in.Channel, in.Currency)
	if err != nil {
		return nil, err
	}
	return r.shownPrices(ctx, scope, variant)
}

// shownPrices reads the plan as it is.
func (r *routes) shownPrices(ctx context.Context, scope ref.Scope, variant ref.VariantID) (*pricePlanAnswer, error) {
	plans, err := r.Pricing.Plans(ctx, scope, []ref.VariantID{variant})
	if err != nil {
		return nil, err
	}
	plan := plans[variant]
	out := pricePlan{
		VariantID: variant.String(), Channel: string(scope.Channel), Currency: scope.Currency.Code(), Version: int64(plan.Version),
		Prices: make([]plannedPrice, len(plan.Prices)),
	}
	if now, ok := plan.At(scope.At); ok {
		out.Now, out.Lowest30 = priceOrNull{&now.Amount}, priceOrNull{now.Lowest30}
	}
	for i, p := range plan.Prices {
		out.Prices[i] = plannedPrice{
			Amount: p.Amount, CompareAt: priceOrNull{p.CompareAt}, From: shownInstant(p.Window.From), Until: shownInstant(p.Window.Until),
		}
	}
	return &pricePlanAnswer{Body: out}, nil
}

func (r *routes) setPrice(ctx context.Context, in *setPriceInput) (*pricePlanAnswer, error) {
	w, wrong := window("", in.Body.From, in.Body.Until)
	scope, err := r.priceScope(in.Body.Channel, in.Body.Amount.Currency().Code())
	if err == nil {
		err = fault.Collect(wrong)
	}
	if err != nil {
		return nil, err
	}
	return r.editPrices(ctx, scope, in.VariantAddress, in.Expecting, in.Body.Version, "set", func(ctx context.Context, id ref.VariantID) error {
		price := pricing.Price{
			Key: pricing.Key{Variant: id}, Amount: in.Body.Amount, CompareAt: in.Body.CompareAt, Window: pricing.Window{From: w.From, Until: w.Until},
		}
		service := r.Pricing.With(pricing.Note{By: PrincipalOf(ctx).Actor().ID, Why: in.Body.Why})
		var err error
		if price.Window.Always() {
			_, err = service.Set(ctx, scope, []pricing.Price{price})
		} else {
			_, err = service.Schedule(ctx, scope, []pricing.Price{price})
		}
		return alone("prices[0]", err)
	})
}

func (r *routes) endPrice(ctx context.Context, in *endPriceInput) (*pricePlanAnswer, error) {
	w, wrong := window("", &in.From, &in.Until)
	scope, err := r.priceScope(in.Channel, in.Currency)
	if err == nil {
		err = fault.Collect(wrong)
	}
	if err != nil {
		return nil, err
	}
	return r.editPrices(ctx, scope, in.VariantAddress, in.Expecting, Outdated{in.Version}.named(), "ended", func(ctx context.Context, id ref.VariantID) error {
		_, err := r.Pricing.With(pricing.Note{By: PrincipalOf(ctx).Actor().ID}).
			End(ctx, scope, []pricing.Ending{{Variant: id, Window: pricing.Window{From: w.From, Until: w.Until}}})
		return err
	})
}

// editPrices changes the plan of a variant over the version that the caller expects, and shows what became of it.
func (r *routes) editPrices(ctx context.Context, scope ref.Scope, at VariantAddress, expected Expecting, version *int64, action string, change func(context.Context, ref.VariantID) error) (*pricePlanAnswer, error) {
	id, err := r.priced(ctx, at)
	if err != nil {
		return nil, err
	}
	return audited(ctx, r, access.PricesWrite, "pricing.price_"+action, id.String(), func(ctx context.Context) (*pricePlanAnswer, error) {
		plans, err := r.Pricing.Plans(ctx, scope, []ref.VariantID{id})
		if err != nil {
			return nil, err
		}
		if _, err := expected.over(plans[id].Version, version); err != nil {
			return nil, err
		}
		if err := change(ctx, id); err != nil {
			return nil, err
		}
		scope.At = ref.Instant(r.Now())
		return r.shownPrices(ctx, scope, id)
	})
}

func (r *routes) priceHistory(ctx context.Context, in *priceHistoryInput) (*priceHistoryAnswer, error) {
	variant, err := r.priced(ctx, in.VariantAddress)
	if err != nil {
		return nil, err
	}
	scope, err := r.priceScope(in.Channel, in.Currency)
	if err != nil {
		return nil, err
	}
	steps, err := r.Pricing.History(ctx, scope, variant, in.Since)
	if err != nil {
		return nil, err
	}
	out := priceHistory{Items: make([]priceStep, len(steps))}
	for i, s := range steps {
		out.Items[i] = priceStep{From: s.From.UTC(), Amount: priceOrNull{s.Amount}, By: s.Note.By, Why: s.Note.Why}
	}
	return &priceHistoryAnswer{Body: out}, nil
}

// alone takes from the fields of an error the place in a list of one, which the caller did not send.
func alone(place string, err error) error {
	known := fault.Of(err)
	if known == nil || len(known.Violations()) == 0 && known.Field() == "" {
		return err
	}
	strip := func(e *fault.Error) *fault.Error {
		if rest, below := cutPlace(e.Field(), place); below {
			return e.At(rest)
		}
		return e
	}
	if len(known.Violations()) == 0 {
		return strip(known)
	}
	var out []*fault.Error
	for _, v := range known.Violations() {
		out = append(out, strip(v))
	}
	return fault.Collect(out)
}

// cutPlace is the part of a path behind a place, and whether it stands there.
func cutPlace(path, place string) (string, bool) {
	rest, below := strings.CutPrefix(path, place)
	return strings.TrimPrefix(rest, "."), below
}
