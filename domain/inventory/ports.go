package inventory

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Stock keeps locations, policies, levels, claims and the ledger. Orders change it too, through the same store's
// ordering.Committer; what is said here of claims holds for those.
//
// Contract, each clause proven by inventorytest.TestStock:
//   - [stock-atomic] Commit is wholly true or not at all: locations, policies, levels, claims, movements and events.
//   - [stock-rule] It decides as Ledger.Commit does, and orders as Ledger.Apply, of the state at that moment.
//   - [stock-version] A location or policy is written only over the version that the commit expects.
//   - [stock-key] An adjustment whose key was applied before changes nothing and tells nothing; a commit that changes
//     nothing tells nothing.
//   - [stock-ledger] At every moment the sums of a SKU's movements are its levels, whatever runs beside.
//   - [stock-oversell] No more is claimed than is there and may be promised, whatever runs beside.
//   - [stock-owed] What claims are owed adds up to what is owed of the SKU, never above the limit of its policy when it
//     was promised; goods that come in go to the claim that waits longest, in the commit that brings them, and are told.
//   - [stock-once] A claim is settled in one way, whatever runs beside: what was consumed is not taken away for its time.
//   - [stock-closed] A closed location holds nothing and takes nothing, whatever runs beside.
//   - [stock-available] Availability gives what is there, claimed, owed and promised of each SKU that has a level or a
//     policy, leaves out the others, and may be a moment old.
//   - [stock-position] Position gives the levels of a SKU in the order of their codes, and the sums of its ledger and
//     claims at the same moment; a SKU without a level has none and zeros.
//   - [stock-movements] Movements gives the entries of a SKU before a place, the newest first, each page where the one
//     before ended, at most limit and MovementsMax; before 0 it begins with the newest.
//   - [stock-lapsed] Lapsed gives held claims whose time was over at the moment, the longest over first, at most limit.
//   - [stock-locations] Locations gives all, in the order in which claims draw on them, DefaultLocation also when nobody
//     wrote it.
//   - [stock-durable] What was committed is there after the store is opened anew.
//
// Errors: those of Ledger.Commit; kinds Unavailable and Unknown. Safe for concurrent use.
type Stock interface {
	Commit(ctx context.Context, c Commit) error
	Availability(ctx context.Context, skus []ref.SKU) (map[ref.SKU]Availability, error)
	Position(ctx context.Context, sku ref.SKU) (Position, error)
	Movements(ctx context.Context, sku ref.SKU, before uint64, limit int) (Movements, error)
	Lapsed(ctx context.Context, at time.Time, limit int) ([]Claim, error)
	Locations(ctx context.Context) ([]Site, error)
}
