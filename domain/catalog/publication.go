package catalog

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Window is a span of time, from From until just before Until; a zero bound is none.
type Window struct {
	From  time.Time
	Until time.Time
}

// Open tells whether the moment lies in the window.
func (w Window) Open(at time.Time) bool {
	return (w.From.IsZero() || !at.Before(w.From)) && (w.Until.IsZero() || at.Before(w.Until))
}

// Empty tells whether no moment lies in the window.
func (w Window) Empty() bool {
	return !w.From.IsZero() && !w.Until.IsZero() && !w.From.Before(w.Until)
}

// Meet is the span in which both windows are open.
func (w Window) Meet(o Window) Window {
	if w.From.Before(o.From) {
		w.From = o.From
	}
	if w.Until.IsZero() || !o.Until.IsZero() && o.Until.Before(w.Until) {
		w.Until = o.Until
	}
	return w
}

// Listing says that something is shown in a channel, and when.
type Listing struct {
	Channel   ref.Channel
	Published bool // False keeps the listing for later.
	Window
}

// listed gives the window of the channel among the listings. Without listings a thing is shown in the default channel
// alone: a shop with one channel need not know that there are channels, and whoever opens a second one finds it empty
// until things are listed there.
func listed(listings []Listing, channel ref.Channel) (Window, bool) {
	if len(listings) == 0 {
		return Window{}, channel == ref.DefaultChannel
	}
	i := slices.IndexFunc(listings, func(l Listing) bool { return l.Channel == channel })
	if i < 0 || !listings[i].Published {
		return Window{}, false
	}
	return listings[i].Window, true
}

// SoldIn tells whether the variant is sold in the channel, wherever its product is shown.
func (v Variant) SoldIn(channel ref.Channel) bool {
	return !v.Retired && (len(v.Channels) == 0 || slices.Contains(v.Channels, channel))
}

// Shown gives the window in which the product is shown in the channel, and whether there is one: it is active, listed
// there and has a variant that is sold there.
func (p Product) Shown(channel ref.Channel) (Window, bool) {
	w, ok := listed(p.Listings, channel)
	if !ok || p.Status != Active || !slices.ContainsFunc(p.Variants, func(v Variant) bool { return v.SoldIn(channel) }) {
		return Window{}, false
	}
	w = w.Meet(p.Publication)
	return w, !w.Empty()
}

// Channels lists the channels in which the product is shown at one time or another, in ascending order.
func (p Product) Channels() []ref.Channel {
	var out []ref.Channel
	for _, l := range append([]Listing{{Channel: ref.DefaultChannel}}, p.Listings...) {
		if _, ok := p.Shown(l.Channel); ok && !slices.Contains(out, l.Channel) {
			out = append(out, l.Channel)
		}
	}
	slices.Sort(out)
	return out
}

// ShownAt lists the channels in which the product is shown at the moment, in ascending order.
func (p Product) ShownAt(at time.Time) []ref.Channel {
	return slices.DeleteFunc(p.Channels(), func(c ref.Channel) bool {
		w, _ := p.Shown(c)
		return !w.Open(at)
	})
}

// Next is the first moment after the given one at which the clock changes where the product is shown; zero for none.
func (p Product) Next(after time.Time) time.Time {
	var next time.Time
	for _, c := range p.Channels() {
		w, _ := p.Shown(c)
		for _, bound := range [2]time.Time{w.From, w.Until} {
			if bound.After(after) && (next.IsZero() || bound.Before(next)) {
				next = bound
			}
		}
	}
	return next
}

// In gives the product as the scope sees it: with the variants that are sold in its channel and the texts in its
// locale; false when it is not shown there and then.
func (p Product) In(scope ref.Scope) (Product, bool) {
	if w, ok := p.Shown(scope.Channel); !ok || !w.Open(scope.At) {
		return Product{}, false
	}
	var sold []Variant
	for _, v := range p.Variants {
		if v.SoldIn(scope.Channel) {
			sold = append(sold, v)
		}
	}
	p.Variants = sold
	return p.translated(scope.Locale), true
}

// SellableIn is the short form of one of the product's variants as the scope sees it; false when it is not sold there
// and then.
func (p Product) SellableIn(scope ref.Scope, v Variant) (Sellable, bool) {
	if w, ok := p.Shown(scope.Channel); !ok || !w.Open(scope.At) || !v.SoldIn(scope.Channel) {
		return Sellable{}, false
	}
	return p.Sellable(v).In(scope.Locale, p.Translations), true
}
