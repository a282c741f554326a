package system_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// queue keeps jobs by the rules of ports.JobRecord.
type queue struct {
	mu      sync.Mutex
	records map[[16]byte]ports.JobRecord
	wake    chan struct{}
	claims  int
	broken  error // Of Claim.
}

func newQueue() *queue {
	return &queue{records: map[[16]byte]ports.JobRecord{}, wake: make(chan struct{})}
}

func (q *queue) Enqueue(_ context.Context, jobs []ports.Job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range jobs {
		if err := j.Validate(); err != nil {
			return err
		}
		known := false
		for id, r := range q.records {
			if j.Key != "" && r.Kind == j.Kind && r.Key == j.Key {
				q.records[id], known = r.Enqueued(j), true
			}
		}
		if !known {
			q.records[j.ID] = ports.NewJobRecord(j)
		}
	}
	close(q.wake)
	q.wake = make(chan struct{})
	return nil
}

func (q *queue) Claim(_ context.Context, c ports.JobClaim) (ports.JobShare, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.claims++
	if q.broken != nil {
		return ports.JobShare{}, q.broken
	}
	var list []ports.JobRecord
	for _, r := range q.records {
		if r.State != ports.JobDead && slices.Contains(c.Kinds, r.Kind) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b ports.JobRecord) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	var out ports.JobShare
	for _, r := range list {
		if len(out.Runs) < c.Limit && r.Claimable(c.At) {
			next, run := r.Claimed(c)
			q.records[r.ID], r = next, next
			out.Runs = append(out.Runs, run)
		}
		if out.Next.IsZero() || r.Due.Before(out.Next) {
			out.Next = r.Due
		}
	}
	return out, nil
}

func (q *queue) Extend(_ context.Context, run ports.JobRun, until time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.records[run.ID]
	if !r.HeldBy(run) {
		return ports.LeaseLost.New("another has it")
	}
	r.Due = until
	q.records[run.ID] = r
	return nil
}

func (q *queue) Finish(_ context.Context, res ports.JobResult) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.records[res.Run.ID]
	if !r.HeldBy(res.Run) {
		return ports.LeaseLost.New("another has it")
	}
	next, gone := r.Finished(res)
	q.records[r.ID] = next
	if gone {
		delete(q.records, r.ID)
	}
	return nil
}

func (q *queue) Wake() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.wake
}

// record gives a job by its number.
func (q *queue) record(n byte) (ports.JobRecord, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r, known := q.records[[16]byte{15: n}]
	return r, known
}

// steal lets another runner have a job.
func (q *queue) steal(n byte, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.records[[16]byte{15: n}]
	r.Owner, r.Due = owner(99), until
	r.Token++
	q.records[r.ID] = r
}

// work makes the n-th job of a kind, due at once.
func work(n byte, kind string, at time.Time) ports.Job {
	return ports.Job{ID: [16]byte{15: n}, Kind: kind, Payload: json.RawMessage(`{}`), RunAt: at}
}

// runner makes a runner of jobs by the clock.
func runner(q *queue, clock ports.Clock, opts *system.JobOptions) *system.JobRunner {
	return system.NewJobRunner(q, clock, system.NewIDs(), opts)
}

// enqueue enqueues jobs that must be accepted.
func enqueue(t *testing.T, q *queue, jobs ...ports.Job) {
	t.Helper()
	if err := q.Enqueue(t.Context(), jobs); err != nil {
		t.Fatal(err)
	}
}

func TestRunnerDoesWhatIsDue(t *testing.T) {
	t.Parallel()
	clock, q := newStepClock(), newQueue()
	r := runner(q, clock, nil)
	var did []byte
	r.Handle("work", func(_ context.Context, run ports.JobRun) error {
		did = append(did, run.ID[15])
		return nil
	})
	later := work(3, "work", clock.Now().Add(time.Second))
	enqueue(t, q, work(1, "work", clock.Now()), work(2, "nobody's", clock.Now()), later)
	settle(t, r)
	if !bytes.Equal(did, []byte{1}) || !r.Next().Equal(later.RunAt) {
		t.Errorf("did %v and looks again at %v, want the first and %v", did, r.Next(), later.RunAt)
	}
	clock.advance(time.Second)
	settle(t, r)
	if !bytes.Equal(did, []byte{1, 3}) || !r.Next().Equal(clock.Now().Add(system.JobPoll)) {
		t.Errorf("did %v and looks again at %v", did, r.Next())
	}
	if _, left := q.record(2); !left || len(q.records) != 1 {
		t.Errorf("%d jobs are left, want the one without a handler", len(q.records))
	}
}

func TestRunnerTriesAgainAndGivesUp(t *testing.T) {
	t.Parallel()
	clock, q := newStepClock(), newQueue()
	var ended []error
	r := runner(q, clock, &system.JobOptions{Attempts: 5, OnRun: func(_ ports.JobRun, err error) { ended = append(ended, err) }})
	var tries []time.Time
	r.Handle("work", func(context.Context, ports.JobRun) error {
		if tries = append(tries, clock.Now()); len(tries) == 2 {
			panic("worse than broken")
		}
		return errors.New("broken \x00 \xff")
	})
	enqueue(t, q, work(1, "work", clock.Now()))
	var told []error
	for range 3600 {
		told = append(told, settle(t, r)...)
		clock.advance(time.Second)
	}
	wait := time.Second
	for i, at := range tries[1:] {
		if got := at.Sub(tries[i]); got != wait {
			t.Errorf("attempt %d came after %s, want %s", i+2, got, wait)
		}
		wait *= 2
	}
	if len(tries) != 5 || len(told) != 5 || len(ended) != 5 || !strings.Contains(told[1].Error(), "panic with a value of type string") {
		t.Errorf("tried %d times, told of %v", len(tries), told)
	}
	if dead, _ := q.record(1); dead.State != ports.JobDead || dead.Cause != "broken  ?" || dead.Attempts != 5 {
		t.Errorf("it ended as %+v", dead)
	}
}

func TestRunnerGivesUpWhatEndsItsRunners(t *testing.T) {
	t.Parallel()
	clock, q := newStepClock(), newQueue()
	enqueue(t, q, work(1, "work", clock.Now()))
	for range 3 { // Runners that crash while they do it.
		if _, err := q.Claim(t.Context(), ports.JobClaim{Kinds: []string{"work"}, Owner: owner(1), At: clock.Now(), Until: clock.Now(), Limit: 1}); err != nil {
			t.Fatal(err)
		}
	}
	r := runner(q, clock, &system.JobOptions{Attempts: 3})
	r.Handle("work", func(context.Context, ports.JobRun) error {
		t.Error("it runs once too often")
		return nil
	})
	settle(t, r)
	if dead, _ := q.record(1); dead.State != ports.JobDead {
		t.Errorf("it is %+v", dead)
	}
}

func TestRunnersDoARecurringJobOnceATick(t *testing.T) {
	t.Parallel()
	clock, q := newStepClock(), newQueue()
	var runs []time.Time
	fails := errors.New("broken")
	var runners []*system.JobRunner
	for range 3 {
		r := runner(q, clock, &system.JobOptions{Attempts: 2})
		r.Every("sweep", time.Minute, func(context.Context, ports.JobRun) error {
			runs = append(runs, clock.Now())
			return fails
		})
		runners = append(runners, r)
	}
	step := func(minutes int) {
		for range 60 * minutes {
			for _, r := range runners {
				settle(t, r)
			}
			clock.advance(time.Second)
		}
	}
	fails = nil
	step(5)
	if len(runs) != 5 {
		t.Errorf("ran %d times within 5 minutes, at %v", len(runs), runs)
	}
	fails = errors.New("broken")
	step(5)
	fails, runs = nil, nil
	step(5)
	if len(runs) < 5 {
		t.Errorf("ran %d times within 5 minutes after it failed for a while: it never dies", len(runs))
	}
}

// A runner that loses its lease while it works does the job twice, and only the second one's end counts.
func TestRunnerLosesItsLease(t *testing.T) {
	t.Parallel()
	clock, q := newStepClock(), newQueue()
	second := runner(q, clock, nil)
	var did []string
	second.Handle("work", func(context.Context, ports.JobRun) error {
		did = append(did, "second")
		return nil
	})
	first := runner(q, clock, nil)
	first.Handle("work", func(context.Context, ports.JobRun) error {
		did = append(did, "first")
		clock.advance(2 * system.JobLease)
		settle(t, second)
		return nil
	})
	enqueue(t, q, work(1, "work", clock.Now()))
	errs := settle(t, first)
	if len(errs) != 1 || !fault.Is(errs[0], ports.LeaseLost) {
		t.Errorf("told of %v, want that the lease was lost", errs)
	}
	if !slices.Equal(did, []string{"first", "second"}) || len(q.records) != 0 {
		t.Errorf("did %v, %d jobs are left", did, len(q.records))
	}
}

func TestRunnerHandsBackWhatIsInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		r := runner(q, system.NewClock(), &system.JobOptions{OnError: func(err error) { t.Errorf("told of %v", err) }})
		r.Handle("work", func(ctx context.Context, _ ports.JobRun) error {
			<-ctx.Done()
			return ctx.Err()
		})
		r.Handle("finishes", func(ctx context.Context, _ ports.JobRun) error {
			<-ctx.Done()
			return nil
		})
		enqueue(t, q, work(1, "work", time.Now()), work(2, "finishes", time.Now()))
		stop := run(t, r)
		time.Sleep(10 * system.JobLease) // The leases are extended all the while.
		synctest.Wait()
		stop()
		job, left := q.record(1)
		if !left || job.State != ports.JobWaiting || job.Attempts != 0 || job.Due.After(time.Now()) || len(q.records) != 1 {
			t.Errorf("the interrupted job is %+v, %d jobs are left", job, len(q.records))
		}
	})
}

// A runner that is stopped while it asks for work hands back what it is given.
func TestRunnerHandsBackWhatCameTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		enqueue(t, q, work(1, "work", time.Now()))
		ctx, cancel := context.WithCancel(t.Context())
		r := system.NewJobRunner(slowClaims{q, cancel}, system.NewClock(), system.NewIDs(), nil)
		r.Handle("work", func(context.Context, ports.JobRun) error {
			t.Error("it runs though its runner was stopped")
			return nil
		})
		if err := r.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
		if job, _ := q.record(1); job.State != ports.JobWaiting || job.Attempts != 0 {
			t.Errorf("the job is %+v", job)
		}
	})
}

// slowClaims is a queue whose runner is stopped while it claims.
type slowClaims struct {
	*queue
	stop func()
}

func (s slowClaims) Claim(ctx context.Context, c ports.JobClaim) (ports.JobShare, error) {
	s.stop()
	if ctx.Err() != nil {
		_, _ = s.queue.Claim(ctx, c) // The store gives it, and nobody hears of it.
		return ports.JobShare{}, ctx.Err()
	}
	return s.queue.Claim(ctx, c)
}

func TestRunnerStopsAHandlerThatLostItsLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		var mu sync.Mutex
		var told []error
		r := runner(q, system.NewClock(), &system.JobOptions{OnError: func(err error) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, err)
		}})
		var why error
		ended := make(chan struct{})
		r.Handle("work", func(ctx context.Context, _ ports.JobRun) error {
			defer close(ended)
			<-ctx.Done()
			why = context.Cause(ctx)
			return ctx.Err()
		})
		enqueue(t, q, work(1, "work", time.Now()))
		stop := run(t, r)
		synctest.Wait()
		start := time.Now()
		q.steal(1, time.Now().Add(time.Hour))
		<-ended
		if !fault.Is(why, ports.LeaseLost) || time.Since(start) > system.JobLease/3 {
			t.Errorf("the handler was stopped after %s because of %v", time.Since(start), why)
		}
		synctest.Wait()
		mu.Lock()
		if len(told) != 1 || !errors.Is(told[0], ports.LeaseLost.New("")) {
			t.Errorf("told of %v", told)
		}
		mu.Unlock()
		stop()
	})
}

func TestRunnerIsIdleWithoutWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		r := runner(q, system.NewClock(), nil)
		did := make(chan time.Time, 10)
		r.Handle("work", func(context.Context, ports.JobRun) error {
			did <- time.Now()
			return nil
		})
		stop := run(t, r)
		time.Sleep(time.Minute)
		synctest.Wait()
		if want := int(time.Minute/system.JobPoll) + 1; q.claims > want {
			t.Errorf("asked %d times within an idle minute, want %d", q.claims, want)
		}
		start := time.Now()
		enqueue(t, q, work(1, "work", start), work(2, "work", start.Add(1700*time.Millisecond)))
		if at := <-did; !at.Equal(start) {
			t.Errorf("a job that was enqueued ran after %s", at.Sub(start))
		}
		if at := <-did; at.Sub(start) != 1700*time.Millisecond {
			t.Errorf("a job that was due later ran after %s", at.Sub(start))
		}
		stop()
	})
}

func TestRunnerWorksSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		r := runner(q, system.NewClock(), &system.JobOptions{Parallel: 3})
		var mu sync.Mutex
		atWork, most, done := 0, 0, 0
		r.Handle("work", func(context.Context, ports.JobRun) error {
			mu.Lock()
			atWork++
			most = max(most, atWork)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			defer mu.Unlock()
			atWork--
			done++
			return nil
		})
		for n := range byte(7) {
			enqueue(t, q, work(n+1, "work", time.Now()))
		}
		stop := run(t, r)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if most != 3 || done != 7 {
			t.Errorf("%d jobs at once and %d done in three seconds, want 3 and 7", most, done)
		}
		stop()
	})
}

func TestRunnerBacksOffFromAStoreThatIsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		q.broken = errors.New("no jobs")
		told := 0
		r := runner(q, system.NewClock(), &system.JobOptions{OnError: func(error) { told++ }})
		r.Handle("work", func(context.Context, ports.JobRun) error { return nil })
		stop := run(t, r)
		for range 600 { // What wakes it does not make it ask more often than every four seconds.
			enqueue(t, q, work(1, "work", time.Now()))
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if q.claims > 160 || told != q.claims {
			t.Errorf("asked %d times within ten minutes, told of %d", q.claims, told)
		}
		stop()
	})
}
