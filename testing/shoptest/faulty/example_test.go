package faulty_test

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// An adopter's own adapter, or any other, gets faults by one call. The second call of it loses its answer: the caller is
// told that it may have been done, and it was.
func ExampleWrap() {
	ctx := context.Background()
	inner := &till{}
	faults := faulty.New(nil)
	committer := faulty.Wrap[ordering.Committer](inner, faults)
	faults.On("ordering.Committer", "Commit", faulty.Fault{}, faulty.Fault{Kind: faulty.After})
	for range 2 {
		_, err := committer.Commit(ctx, ordering.Commit{})
		fmt.Println(err == nil || fault.KindOf(err) == fault.Unknown, len(inner.got))
	}
	// Output:
	// true 1
	// true 2
}

// All ports of a struct at once, with faults by chance: three calls in a hundred fail, always the same ones for a seed.
func ExampleFields() {
	faults := faulty.New(&faulty.Options{Choose: faulty.Random(7, faulty.Rates{faulty.Before: 30})})
	parts := faulty.Fields(ordering.Parts{Committer: &till{}}, faults)
	failed := 0
	for range 1000 {
		if _, err := parts.Committer.Commit(context.Background(), ordering.Commit{}); err != nil {
			failed++
		}
	}
	fmt.Println(failed > 10, failed < 60)
	// Output: true true
}

// The process dies behind a call that was done. What it knew is gone; the next one finds what it left.
func ExampleSurvive() {
	inner := &till{}
	faults := faulty.New(nil)
	committer := faulty.Wrap[ordering.Committer](inner, faults)
	faults.On("ordering.Committer", "Commit", faulty.Fault{Kind: faulty.CrashAfter})
	crashed := faulty.Survive(func() { _, _ = committer.Commit(context.Background(), ordering.Commit{}) })
	fmt.Println(crashed, len(inner.got))
	// Output: true 1
}
