package bridge

import (
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
)

// Fresh keeps a cache of what the shop shows from giving what a change made old. It stands in front of the ports that write,
// so that whoever changed something sees it from then on; events tell it of what other processes changed. With no cache it
// leaves everything as it is.
type Fresh struct{ cache ports.Cache }

// NewFresh tells the cache, which may be nil.
func NewFresh(cache ports.Cache) *Fresh { return &Fresh{cache} }

// forget tells of a change after it was tried: a refusal changed nothing, and of a failure nobody may know.
func (f *Fresh) forget(err error, tags []string) {
	if err != nil {
		switch fault.KindOf(err) {
		case fault.Internal, fault.Unavailable, fault.Unknown:
		default:
			return
		}
	}
	f.cache.Forget(tags)
}

// ofPages are the contexts whose events tell of what the shop shows, as event names begin.
var ofPages = []string{"catalog", "pricing", "inventory"}

// Handle takes an event of the outbox: one of the catalogue, of prices or of stock makes old what this process shows, whoever
// committed it. Orders are too many to be told of so; see Ordering.
func (f *Fresh) Handle(_ context.Context, e event.Event) error {
	if of, _, _ := strings.Cut(e.Name, "."); f.cache != nil && slices.Contains(ofPages, of) {
		f.cache.Forget(everything)
	}
	return nil
}

// everything is forgotten when those who run the shop change something, which is seldom.
var everything = []string{catalog.TagCatalogue}

// Catalog is the port of the catalogue that writes.
func (f *Fresh) Catalog(next catalog.Committer) catalog.Committer {
	if f.cache == nil {
		return next
	}
	return freshCatalog{f, next}
}

type freshCatalog struct {
	fresh *Fresh
	next  catalog.Committer
}

// Unwrap gives the port itself.
func (c freshCatalog) Unwrap() any { return c.next }

func (c freshCatalog) Commit(ctx context.Context, commit catalog.Commit) error {
	err := c.next.Commit(ctx, commit)
	c.fresh.forget(err, everything)
	return err
}

// Pricing is the port of prices that writes.
func (f *Fresh) Pricing(next pricing.Committer) pricing.Committer {
	if f.cache == nil {
		return next
	}
	return freshPricing{f, next}
}

type freshPricing struct {
	fresh *Fresh
	next  pricing.Committer
}

// Unwrap gives the port itself.
func (p freshPricing) Unwrap() any { return p.next }

func (p freshPricing) Commit(ctx context.Context, commit pricing.Commit) error {
	err := p.next.Commit(ctx, commit)
	p.fresh.forget(err, everything)
	return err
}

// Stock is the port of stock, which the shop counts and sells beyond.
func (f *Fresh) Stock(next inventory.Stock) inventory.Stock {
	if f.cache == nil {
		return next
	}
	return freshStock{next, f}
}

type freshStock struct {
	inventory.Stock

	fresh *Fresh
}

// Unwrap gives the port itself.
func (s freshStock) Unwrap() any { return s.Stock }

func (s freshStock) Commit(ctx context.Context, commit inventory.Commit) error {
	err := s.Stock.Commit(ctx, commit)
	s.fresh.forget(err, everything)
	return err
}

// Ordering is the port that orders are made true by.
func (f *Fresh) Ordering(next ordering.Committer) ordering.Committer {
	if f.cache == nil {
		return next
	}
	return freshOrdering{f, next}
}

type freshOrdering struct {
	fresh *Fresh
	next  ordering.Committer
}

// Unwrap gives the port itself.
func (o freshOrdering) Unwrap() any { return o.next }

func (o freshOrdering) Commit(ctx context.Context, commit ordering.Commit) (ordering.Outcome, error) {
	out, err := o.next.Commit(ctx, commit)
	if len(commit.Stock) > 0 && out.Replay == nil {
		o.fresh.forget(err, tagsOf(commit.Stock, out.Steady))
	}
	return out, err
}

// tagsOf are the tags of what the effects of an order change.
func tagsOf(effects []ordering.StockEffect, steady bool) []string {
	tags := make([]string, 0, len(effects)+1)
	for _, e := range effects {
		if e.SKU == "" { // It names its claim alone.
			return everything
		}
		tags = append(tags, catalog.TagOf(e.SKU))
	}
	if !steady {
		tags = append(tags, catalog.TagTurns)
	}
	return tags
}
