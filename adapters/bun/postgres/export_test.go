package postgres

import (
	"context"
)

// What tests look at that no adopter needs.
var (
	Stripped = stripped
	NameOf   = nameOf
	Hushed   = hushed
)

// Heard is what a store does with what another server told.
func Heard(payload string) { new(Store).heard(payload) }

// Gather is a gather of whole numbers, for tests without a database.
type Gather struct{ g gather[int, int] }

// NewGather makes one that asks as told.
func NewGather(ask func(ctx context.Context, questions []int) ([]int, error)) *Gather {
	return &Gather{gather[int, int]{s: &Store{cfg: Config{}.withDefaults()}, ask: ask}}
}

// Get asks.
func (g *Gather) Get(ctx context.Context, question int) (int, error) { return g.g.get(ctx, question) }

// Trips tells how many are under way.
func (g *Gather) Trips() int {
	g.g.mu.Lock()
	defer g.g.mu.Unlock()
	return g.g.trips
}

// The bounds of a gather.
const (
	GatherMost     = gatherMost
	GatherPatience = gatherPatience
)
