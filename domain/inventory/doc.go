// Package inventory is the context of what is in stock, where, and who has a claim on it.
//
// # The model
//
// A Site is a location: a shop, a warehouse, with the priority in which stock is drawn from it. DefaultLocation is there
// without anybody making it; every other one is made with OpenLocation before stock is put there. A location that is
// closed holds nothing and takes nothing.
//
// A Level is the stock of a SKU at a location, in two numbers: on hand (what lies there) and reserved (what of it is
// claimed). Neither is ever set: each change is a Movement in an append-only ledger, and at every moment the sums of a
// level's movements are its two numbers, with 0 ≤ reserved ≤ on hand.
//
// A Claim is what an order holds of a SKU: Parts at locations, and Owed, which is promised beyond what is there. A
// Policy says how much may be owed of a SKU: nothing (Deny, that of every SKU without one), up to a limit (Backorder),
// or up to a limit until a moment (Preorder). Promise is the policy with what is owed, which is the sum of what the
// SKU's claims are owed.
//
// # The life of a claim
//
// ClaimMachine: held, then exactly one of consumed (the goods left), released (given up) or expired (taken away when its
// time was over). It goes there in parts, too: an Effect says how many left, were given up or came back in all since the
// claim was made, so that it may be told again without harm. What is owed is given up first, and cannot leave before it
// came in: ClaimOwed. Goods that come back damaged are written off as they come.
//
// Whatever brings stock, a delivery, a correction, a claim given up, goods that come back, fills the claims that are owed
// some within the same commit, the one that waits longest first, and tells so: BackorderFilled. One commit fills at most
// FillMax claims of a SKU; FillsWait asks for another one, Service.Fill. While somebody waits, what lies free is kept for
// who waits: a new claim comes behind.
//
// Orders end the claims of theirs whose time is over by themselves; Service.ExpireLapsed is for claims that nobody else
// watches.
//
// # Deciding
//
// Ledger is the pure rule. A store loads Facts under its locks, lets the ledger judge, and writes Changes: Apply judges
// what orders do, as part of ordering's commits, and Commit what this context does. Both act wholly or not at all. The
// ledger also makes those events that only it can know of; their ids follow from what happened, so that every store makes
// the same.
//
// # Use
//
// Service is the one way in, but for the claims of orders:
//
//	stock := inventory.NewService(store.Stock(), clock, ids)
//	_, err := stock.OpenLocation(ctx, inventory.Site{Location: "shop", Name: "Cornhill", Priority: 1})
//	err = stock.Adjust(ctx, []inventory.Adjustment{
//		{Key: "note-881/1", LevelKey: inventory.LevelKey{SKU: "MUG"}, Kind: inventory.MoveReceive, Delta: 40},
//		{Key: "note-881/2", LevelKey: inventory.LevelKey{SKU: "MUG"}, Kind: inventory.MoveTransfer, Delta: 10, To: "shop"},
//	})
//	_, err = stock.SetPolicies(ctx, []inventory.Policy{{SKU: "MUG", Kind: inventory.Backorder, Limit: 100}})
//	offers, err := stock.Offers(ctx, []ref.SKU{"MUG"})
//
// A correction by a difference (MoveAdjust) and a count (MoveCount) are two things: a count names what was on hand when the
// counting began and fails with CountChanged when it no longer is. Every adjustment has a key, and one key changes stock
// once, however often it is sent.
package inventory
