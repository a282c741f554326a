package system

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// carrier is a relay's work for one consumer.
type carrier struct {
	*Relay
	Consumer

	timed     bool // By Run, which bounds every call.
	leases    []ports.Lease
	renew     time.Time // When to claim again.
	next      time.Time // When there is something to do at the latest.
	pause     time.Time // Until when to do nothing, since something is down.
	down      int       // How often in a row.
	full      bool      // The last reading was as long as it may be, so there is more.
	unsettled int       // How often in a row events were there that could not be given yet.
}

// failures gathers errors.
type failures struct{ errs []error }

func (f *failures) add(err error) {
	if err != nil {
		f.errs = append(f.errs, err)
	}
}

func (f *failures) err() error { return errors.Join(f.errs...) }

// run delivers until the context ends.
func (c *carrier) run(ctx context.Context) {
	for ctx.Err() == nil {
		wake := c.outbox.Wake() // Before reading: what is written after is heard.
		c.full = false
		began := time.Now()
		progress, err := c.step(ctx)
		if err != nil && ctx.Err() == nil {
			c.opts.OnError(err)
		}
		if progress {
			if !c.full {
				wait(ctx, nil, c.opts.Pace-time.Since(began))
			}
			continue
		}
		now := c.clock.Now()
		if c.pause.After(now) {
			wake = nil
		}
		wait(ctx, wake, c.next.Sub(now))
	}
	if err := c.release(ctx); err != nil {
		c.opts.OnError(err)
	}
}

// step does what is to be done now.
func (c *carrier) step(ctx context.Context) (progress bool, err error) {
	now := c.clock.Now()
	if now.Before(c.pause) {
		c.next = c.pause
		return false, nil
	}
	c.next = now.Add(c.opts.Poll)
	if err := c.claim(ctx, now); err != nil {
		return false, c.back(now, outageMost, fmt.Errorf("relay %s: claiming: %w", c.Name, err))
	}
	if len(c.leases) == 0 {
		return false, nil
	}
	reading, err := c.read(ctx, ports.OutboxRead{Consumer: c.Name, Leases: c.leases, At: now, Limit: c.opts.Batch})
	if err != nil {
		return false, c.back(now, outageMost, fmt.Errorf("relay %s: reading the outbox: %w", c.Name, err))
	}
	c.plan(now, reading)
	c.full = len(reading.Fresh) >= c.opts.Batch
	t := &tally{}
	err = c.deliver(ctx, reading, t)
	if t.hopeless() {
		return true, c.back(now, backoffMost, err)
	}
	if err == nil || t.taken.Load() > 0 {
		c.down = 0
	}
	return t.moved.Load(), err
}

// read reads the outbox; one that is silent counts as down.
func (c *carrier) read(ctx context.Context, r ports.OutboxRead) (ports.Reading, error) {
	ctx, cancel := within(ctx, c.timed, ackTime)
	defer cancel()
	return c.outbox.Read(ctx, r)
}

// plan sets when to look again.
func (c *carrier) plan(now time.Time, reading ports.Reading) {
	if due := reading.NextDue; !due.IsZero() && due.Before(c.next) {
		c.next = due
	}
	if !reading.Unsettled {
		c.unsettled = 0
		return
	}
	if soon := now.Add(settleWait << min(c.unsettled, 10)); soon.Before(c.next) {
		c.next = soon
	}
	c.unsettled++
}

// back leaves everything alone for a while, each time for twice as long, up to 2 to the power of most polls.
func (c *carrier) back(now time.Time, most int, err error) error {
	c.pause = now.Add(c.opts.Poll << min(c.down, most))
	c.next = c.pause
	c.down++
	return err
}

// claim takes or renews the consumer's share when it is time to.
func (c *carrier) claim(ctx context.Context, now time.Time) error {
	if now.Before(c.renew) {
		return nil
	}
	ctx, cancel := within(ctx, c.timed, c.opts.Lease/3)
	defer cancel()
	got, err := c.outbox.Claim(ctx, ports.OutboxClaim{Consumer: c.Name, Owner: c.owner, At: now, Until: now.Add(c.opts.Lease)})
	if err != nil {
		return err
	}
	c.leases, c.renew = got.Leases, now.Add(c.opts.Lease/3)
	if len(got.Leases) < got.Share {
		c.renew = now.Add(min(c.opts.Poll, c.opts.Lease/3)) // Others give theirs up soon.
	}
	return nil
}

// release hands the leases back, also when the context has just ended.
func (c *carrier) release(ctx context.Context) error {
	ctx, cancel := within(context.WithoutCancel(ctx), c.timed, ackTime)
	defer cancel()
	c.leases, c.renew = nil, time.Time{}
	if err := c.outbox.Release(ctx, c.Name, c.owner); err != nil {
		return fmt.Errorf("relay %s: handing the leases back: %w", c.Name, err)
	}
	return nil
}

// deliver delivers what was read, partition by partition. Each is acknowledged at once, beside the next, so that a store
// can take those of many together; but those with failures when all are done: only then is it clear whether it is the
// events that fail.
func (c *carrier) deliver(ctx context.Context, reading ports.Reading, t *tally) error {
	var mu sync.Mutex
	var failed failures
	var later []*delivery
	var acks sync.WaitGroup
	acknowledge := func(d *delivery) {
		d.acknowledge(ctx)
		mu.Lock()
		defer mu.Unlock()
		failed.add(d.failed.err())
	}
	c.each(c.split(reading), func(w portion) {
		d := c.carry(ctx, w, t)
		switch {
		case len(d.progress.Failed) > 0:
			mu.Lock()
			defer mu.Unlock()
			later = append(later, d)
		case c.opts.Parallel > 1:
			acks.Go(func() { acknowledge(d) })
		default:
			acknowledge(d)
		}
	})
	acks.Wait()
	for _, d := range later {
		acknowledge(d)
	}
	err := failed.err()
	if errors.Is(err, ports.LeaseLost.New("")) {
		c.renew = time.Time{}
	}
	return err
}

// each does portions, some side by side.
func (c *carrier) each(work []portion, do func(portion)) {
	parallel := min(c.opts.Parallel, len(work))
	if parallel <= 1 {
		for _, w := range work {
			do(w)
		}
		return
	}
	var all sync.WaitGroup
	queue := make(chan portion)
	for range parallel {
		all.Go(func() {
			for w := range queue {
				do(w)
			}
		})
	}
	for _, w := range work {
		queue <- w
	}
	close(queue)
	all.Wait()
}
