package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// stockOfSKU is what is there of a SKU, with a page of its ledger.
type stockOfSKU struct {
	SKU        string          `json:"sku"`
	OnHand     int64           `json:"on_hand" doc:"At all locations."`
	Reserved   int64           `json:"reserved" doc:"Claimed by orders."`
	Available  int64           `json:"available" doc:"There, and neither claimed nor owed."`
	Owed       int64           `json:"owed" doc:"Promised to orders beyond what is there."`
	Counted    bool            `json:"counted" doc:"Whether it was ever counted anywhere."`
	Levels     []stockLevel    `json:"levels"`
	Policy     stockPolicy     `json:"policy" doc:"How it is sold beyond its stock."`
	Movements  []stockMovement `json:"movements" doc:"The ledger, newest first."`
	NextCursor *string         `json:"next_cursor" doc:"Where the next page of movements starts; null on the last one."`
}

type stockLevel struct {
	Location  string `json:"location" example:"main"`
	OnHand    int64  `json:"on_hand"`
	Reserved  int64  `json:"reserved"`
	Available int64  `json:"available"`
}

// stockPolicy tells how a SKU is sold beyond its stock.
type stockPolicy struct {
	Kind    string     `json:"kind" enum:"deny,backorder,preorder" doc:"Not at all; up to the limit; up to the limit and until a moment."`
	Limit   int64      `json:"limit" doc:"The most that may be owed."`
	Until   *time.Time `json:"until" doc:"Of a preorder; null else."`
	Version int64      `json:"version" doc:"Counts the changes, for If-Match; 0 when nobody set one yet."`
}

// stockMovement is an entry of the ledger.
type stockMovement struct {
	At            time.Time `json:"at"`
	Location      string    `json:"location"`
	Kind          string    `json:"kind" enum:"receive,adjust,count,damage,transfer,claim,release,consume,restock"`
	OnHand        int64     `json:"on_hand" doc:"Difference."`
	Reserved      int64     `json:"reserved" doc:"Difference."`
	OnHandAfter   int64     `json:"on_hand_after"`
	ReservedAfter int64     `json:"reserved_after"`
	Cause         string    `json:"cause" doc:"What it came of: the claim of an order, or the change by staff."`
	Reason        string    `json:"reason"`
}

func stockOfSKUOf(sku ref.SKU, p inventory.Position, a inventory.Availability, ledger inventory.Movements) stockOfSKU {
	onHand, reserved := p.Totals()
	a.OnHand, a.Reserved, a.Owed = onHand, reserved, p.Owed
	out := stockOfSKU{
		SKU: sku.String(), OnHand: onHand, Reserved: reserved, Available: a.Available(), Owed: p.Owed, Counted: len(p.Levels) > 0,
		Levels: make([]stockLevel, len(p.Levels)), Policy: policyOf(a.Policy), Movements: make([]stockMovement, len(ledger.Entries)),
	}
	for i, l := range p.Levels {
		out.Levels[i] = stockLevel{Location: string(l.Location), OnHand: l.OnHand, Reserved: l.Reserved, Available: l.Available()}
	}
	for i, m := range ledger.Entries {
		out.Movements[i] = stockMovement{
			At: m.At.UTC(), Location: string(m.Location), Kind: string(m.Kind), OnHand: m.OnHand, Reserved: m.Reserved,
			OnHandAfter: m.OnHandAfter, ReservedAfter: m.ReservedAfter, Cause: m.Cause, Reason: m.Reason,
		}
	}
	return out
}

func policyOf(p inventory.Policy) stockPolicy {
	out := stockPolicy{Kind: string(p.Kind), Limit: p.Limit, Until: shownInstant(p.Until), Version: int64(p.Version)}
	if p.Kind == "" {
		out.Kind = string(inventory.Deny)
	}
	return out
}

// site is a place that holds stock.
type site struct {
	Location string `json:"location" example:"main" doc:"Its code."`
	Name     string `json:"name"`
	State    string `json:"state" enum:"open,closed"`
	Priority int32  `json:"priority" doc:"Orders draw on the lowest first."`
	Version  int64  `json:"version" doc:"Counts the changes, for If-Match; 0 for the default location as long as nobody changed it."`
}

func siteOf(s inventory.Site) site {
	return site{Location: string(s.Location), Name: s.Name, State: string(s.State), Priority: s.Priority, Version: int64(s.Version)}
}
