package postgres_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// desk answers numbers with their doubles, one trip after the other told to go.
type desk struct {
	mu    sync.Mutex
	trips [][]int
	gate  chan struct{} // Nil: at once.
	fail  func(questions []int, trip int) error
}

func (d *desk) ask(ctx context.Context, questions []int) ([]int, error) {
	d.mu.Lock()
	d.trips = append(d.trips, slices.Sorted(slices.Values(questions)))
	n := len(d.trips)
	d.mu.Unlock()
	if d.gate != nil {
		select {
		case <-d.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if d.fail != nil {
		if err := d.fail(questions, n); err != nil {
			return nil, err
		}
	}
	out := make([]int, len(questions))
	for i, q := range questions {
		out[i] = 2 * q
	}
	return out, nil
}

// made are the trips so far.
func (d *desk) made() [][]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.trips)
}

// asks asks each number by a goroutine of its own and gives what came.
func asks(ctx context.Context, g *postgres.Gather, questions ...int) (wait func() (answers map[int]int, errs map[int]error)) {
	answers, errs := map[int]int{}, map[int]error{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, q := range questions {
		all.Go(func() {
			a, err := g.Get(ctx, q)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs[q] = err
			} else {
				answers[q] = a
			}
		})
	}
	return func() (map[int]int, map[int]error) {
		all.Wait()
		return answers, errs
	}
}

func TestWhoAsksMeanwhileGoesTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{gate: make(chan struct{})}
		g := postgres.NewGather(d.ask)
		first := asks(t.Context(), g, 1)
		synctest.Wait()
		rest := asks(t.Context(), g, 2, 3, 4)
		synctest.Wait()
		if got := d.made(); len(got) != 1 {
			t.Fatalf("%v went while the first was under way", got)
		}
		d.gate <- struct{}{}
		d.gate <- struct{}{}
		got, errs := first()
		more, moreErrs := rest()
		if got[1] != 2 || more[2] != 4 || more[3] != 6 || more[4] != 8 || len(errs)+len(moreErrs) > 0 {
			t.Errorf("answered %v %v, %v %v", got, more, errs, moreErrs)
		}
		if trips := d.made(); len(trips) != 2 || !slices.Equal(trips[0], []int{1}) || !slices.Equal(trips[1], []int{2, 3, 4}) {
			t.Errorf("trips %v, want 1 alone and then the others together", trips)
		}
		synctest.Wait()
		if n := g.Trips(); n != 0 {
			t.Errorf("%d trips are under way when all is answered", n)
		}
	})
}

func TestATripThatHangsHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{gate: make(chan struct{})}
		g := postgres.NewGather(d.ask)
		hangs := asks(t.Context(), g, 1)
		synctest.Wait()
		waits := asks(t.Context(), g, 2) // And nobody comes after it.
		time.Sleep(postgres.GatherPatience - 1)
		synctest.Wait()
		if trips := d.made(); len(trips) != 1 {
			t.Fatalf("trips %v: the second question did not wait at all", trips)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if trips := d.made(); len(trips) != 2 {
			t.Fatalf("trips %v: the second question waits for the first, which hangs", trips)
		}
		time.Sleep(postgres.GatherPatience)
		third := asks(t.Context(), g, 3) // Both hang, and are in nobody's way.
		synctest.Wait()
		if trips := d.made(); len(trips) != 3 || g.Trips() != 1 {
			t.Fatalf("trips %v, %d of them in the way", trips, g.Trips())
		}
		close(d.gate)
		for q, wait := range map[int]func() (map[int]int, map[int]error){1: hangs, 2: waits, 3: third} {
			if answers, errs := wait(); answers[q] != 2*q {
				t.Errorf("question %d: %v, %v", q, answers, errs)
			}
		}
		synctest.Wait()
		if n := g.Trips(); n != 0 {
			t.Errorf("%d trips are under way when all is answered", n)
		}
	})
}

func TestALongQueueGoesInParts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{gate: make(chan struct{})}
		g := postgres.NewGather(d.ask)
		first := asks(t.Context(), g, 0)
		synctest.Wait()
		var many []int
		for i := range postgres.GatherMost + 3 {
			many = append(many, i+1)
		}
		rest := asks(t.Context(), g, many...)
		synctest.Wait()
		close(d.gate)
		first()
		if answers, errs := rest(); len(answers) != len(many) || len(errs) > 0 {
			t.Errorf("%d of %d answered: %v", len(answers), len(many), errs)
		}
		if trips := d.made(); len(trips) != 3 || len(trips[1]) != postgres.GatherMost || len(trips[2]) != 3 {
			t.Errorf("trips of %d, %d and more", len(trips), len(trips[1]))
		}
	})
}

func TestWhoLeavesIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{gate: make(chan struct{})}
		g := postgres.NewGather(d.ask)
		ctx, leave := context.WithCancel(t.Context())
		leaver, stays := asks(ctx, g, 1), asks(t.Context(), g, 2)
		synctest.Wait()
		leave()
		if _, errs := leaver(); fault.KindOf(errs[1]) != fault.Unavailable {
			t.Errorf("who left was told %v", errs[1])
		}
		close(d.gate)
		if answers, errs := stays(); answers[2] != 4 {
			t.Errorf("who stayed got %v, %v: the trip ended with who left", answers, errs)
		}
	})
}

func TestFaultsOfATrip(t *testing.T) {
	t.Parallel()
	refusal := &pgconn.PgError{Code: "22021"}
	for name, c := range map[string]struct {
		fail func(questions []int, trip int) error
		want map[int]fault.Kind // Of questions 1 to 3 that go together; without an entry they are answered.
	}{
		"one question is refused": {
			func(questions []int, _ int) error {
				if slices.Contains(questions, 2) {
					return refusal
				}
				return nil
			}, map[int]fault.Kind{2: fault.Invalid},
		},
		"a connection is dead": {
			func(_ []int, trip int) error {
				if trip == 2 || trip == 3 {
					return errors.New("broken pipe")
				}
				return nil
			}, nil,
		},
		"the server is away": {
			func(_ []int, trip int) error {
				if trip > 1 {
					return errors.New("connection refused")
				}
				return nil
			}, map[int]fault.Kind{1: fault.Unavailable, 2: fault.Unavailable, 3: fault.Unavailable},
		},
		"a row is a defect": {
			func(questions []int, _ int) error {
				if slices.Contains(questions, 3) {
					panic("no such thing")
				}
				return nil
			}, map[int]fault.Kind{3: fault.Internal},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := &desk{gate: make(chan struct{}), fail: c.fail}
				g := postgres.NewGather(d.ask)
				before := asks(t.Context(), g, 0)
				synctest.Wait()
				together := asks(t.Context(), g, 1, 2, 3)
				synctest.Wait()
				close(d.gate)
				before()
				answers, errs := together()
				for q := 1; q <= 3; q++ {
					if kind, refused := c.want[q]; refused != (errs[q] != nil) || refused && fault.KindOf(errs[q]) != kind || !refused && answers[q] != 2*q {
						t.Errorf("question %d: %d, %v (%v)", q, answers[q], errs[q], fault.KindOf(errs[q]))
					}
				}
			})
		})
	}
}

// An answer is never older than its question, whoever asks at the same time.
func TestAnswersAreNeverOlderThanQuestions(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	g := postgres.NewGather(func(_ context.Context, questions []int) ([]int, error) {
		seen := int(now.Load())
		return slices.Repeat([]int{seen}, len(questions)), nil
	})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 2000 {
				asked := int(now.Add(1))
				if seen, err := g.Get(t.Context(), asked); err != nil || seen < asked {
					t.Errorf("asked at %d, told what was at %d, %v", asked, seen, err)
					return
				}
			}
		})
	}
	all.Wait()
}
