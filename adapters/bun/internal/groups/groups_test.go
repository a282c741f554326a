package groups_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/groups"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// TestRefusedAreToldFirst gives a group its verdicts: who was refused may try again before the others come back.
func TestRefusedAreToldFirst(t *testing.T) {
	t.Parallel()
	one, two := error(fault.VersionConflict.New("somebody else was first")), error(fault.VersionConflict.New("nor second"))
	if told := groups.Told(nil, one, nil, two); !slices.Equal(told, []error{one, two, nil, nil}) {
		t.Errorf("they were told %v", told)
	}
}

// TestGroups brings more values than a group takes: each is answered once, by groups of no more.
func TestGroups(t *testing.T) {
	t.Parallel()
	const most, callers = 4, 50
	stop := make(chan struct{})
	q := groups.New[int, int](most, callers, stop)
	var loop, all sync.WaitGroup
	loop.Go(func() {
		for group := q.Collect(nil); group != nil; group = q.Collect(nil) {
			if len(group) > most {
				t.Errorf("a group of %d", len(group))
			}
			for i, v := range groups.Values(group) {
				group[i].Answer(2*v, nil)
			}
		}
	})
	for i := range callers {
		all.Go(func() {
			if got, err := q.Do(t.Context(), i); got != 2*i || err != nil {
				t.Errorf("%d was answered %d, %v", i, got, err)
			}
		})
	}
	all.Wait()
	close(stop)
	loop.Wait()
	q.Ended()
	if _, err := q.Do(t.Context(), 1); !fault.Is(err, fault.Down) {
		t.Errorf("a closed queue says %v", err)
	}
}

// TestLeaving leaves a queue before and after a group took what was brought.
func TestLeaving(t *testing.T) {
	t.Parallel()
	q := groups.New[int, int](4, 1, make(chan struct{}))
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := q.Do(ctx, 1)
		left <- err
	}()
	group := q.Collect(nil)
	leave()
	if err := <-left; !fault.Is(err, fault.Lost) {
		t.Errorf("who left a group that was written is told %v", err)
	}
	groups.Refuse(group, fault.Down.New("nobody hears this"))
	if _, err := q.Do(ctx, 2); !fault.Is(err, fault.Down) {
		t.Errorf("who left before is told %v", err)
	}
	full := make(chan error)
	ctx, leave = context.WithCancel(t.Context())
	for range 2 { // One waits, the other finds no room.
		go func() {
			_, err := q.Do(ctx, 3)
			full <- err
		}()
	}
	if err := <-full; !fault.Is(err, fault.Down) || err.Error() == "" {
		t.Errorf("without room it says %v", err)
	}
	leave()
	if err := <-full; !fault.Is(err, fault.Down) {
		t.Errorf("who left the queue is told %v", err)
	}
}
