// Package pricing is the context of what things cost. It names what it prices by variant id and knows nothing else of
// the catalogue, which in turn holds no money.
//
// # The model
//
// A Price is an amount for one unit of a variant in a channel and a currency while a Window holds; without a window it
// always does. All prices of one Key are a Plan, the aggregate of this context: what the variant costs now and as far
// as it is planned. Amounts are money.UnitPrice, millionths of the major unit, never negative.
//
// Resolve decides which price holds at a moment, and is all there is to deciding: the narrowest window wins, so that a
// sale stands before the standing price and a day's offer before the sale. Plan.At adds what is shown beside it, and
// where it comes from. Both are pure: the same plan and moment give the same answer on every store.
//
// # Life of a price
//
// Set changes the standing price, the one that holds without an end. Schedule plans prices that begin or end by
// themselves: at its time a price holds without any job, because every read resolves at Scope.At. End takes a price
// out of its plan, whether it has begun or not. Each command is one commit with the events PriceSet, PriceScheduled or
// PriceEnded; several changes of one plan in it make one version. Writers name the version that they replace, so that
// of two who change one plan at once the slower is refused with fault.VersionConflict.
//
//	prices := pricing.NewService(store.Prices(), store.Pricing(), clock, ids).With(pricing.Note{By: "ada", Why: "summer sale"})
//	_, err := prices.Schedule(ctx, scope, []pricing.Price{{
//		Key:       pricing.Key{Variant: mug},
//		Window:    pricing.Window{From: june, Until: july},
//		Amount:    money.NewUnitPrice(8_000_000, money.GBP),
//		CompareAt: &full,
//	}})
//
// # History and price reductions
//
// No version of a plan is ever lost: History gives what a variant cost when, with the Note of who changed it and why,
// whether somebody changed it or the clock did. From it follows the lowest price of the 30 days before a reduction,
// which shops in the European Union must show beside one (directive 98/6/EC, Art. 6a); Plan.At defines it to the
// moment. A plan carries the little of the past that this needs, so that a list of a hundred products costs one read.
// Adopt takes a plan over from another shop with its past, so that a move forgets none of it.
// CompareAt is what the shop says of a former or recommended price and proves nothing: ResolvedPrice.Reduced tells
// whether a reduction may be announced.
package pricing
