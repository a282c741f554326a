package fiberhttp

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

const (
	// finishTime bounds the writing of a command's answer, whether its caller still listens or not.
	finishTime = 1250 * time.Millisecond
	// commandMargin is what a lease lasts beyond the deadline of the work: the time of a payment provider that was asked
	// before it, the time to write the answer, and some.
	commandMargin = ordering.ProviderTimeout + 2*finishTime
)

// Attempt is one attempt at a command. A command may be attempted again after one that was cut off, so whatever it makes
// takes its id from here, and whatever it does under a key takes that: then it is made and done once.
type Attempt struct {
	// Again tells that an earlier attempt may have done some of it or all: what it changed already is no contradiction.
	Again bool

	key     ports.CommandKey // Zero when the caller brought none.
	begunAt time.Time
	newID   func() [16]byte
}

// ID is the id of something that the command makes, the same at each attempt; what tells several from each other.
func (a Attempt) ID(what string) ref.UUID {
	if a.key.Key == "" {
		return a.newID()
	}
	// A UUIDv7 like others, so that it sorts by its time: that of the first attempt, and bits that are the command's own.
	sum := a.digest(what)
	var id ref.UUID
	binary.BigEndian.PutUint64(id[:], uint64(a.begunAt.UnixMilli())<<16)
	copy(id[6:], sum[:])
	id[6], id[8] = id[6]&0x0F|0x70, id[8]&0x3F|0x80
	return id
}

// Key is a key for what keeps keys of its own, the same at each attempt; what tells several from each other.
func (a Attempt) Key(what string) string {
	if a.key.Key == "" {
		return ref.UUID(a.newID()).String()
	}
	sum := a.digest(what)
	return hex.EncodeToString(sum[:16])
}

func (a Attempt) digest(what string) [sha256.Size]byte {
	return sha256.Sum256([]byte(a.key.Actor + "\x00" + a.key.Route + "\x00" + a.key.Key + "\x00" + what))
}

// Command registers an operation that changes something for somebody who is known, and that takes an Idempotency-Key.
// Do does it, and gives the public id of what it made or changed; show gives the answer to a repeated request: the
// subject as it is now. Both may be called at the same time as others of the same command, after an attempt that was cut
// off; so do takes its ids and keys from the attempt. What do refuses, it refuses with nothing done.
//
// The rules are those of checkout. Keys are of who calls, of the operation and what its path names, and live for
// ports.CommandTTL. A request with a key that was used is answered like the first one, with Idempotent-Replayed: true;
// while the first one is being worked on, with in_progress; when it was cut off, the work is done again and finished.
// Another request under the same key is refused with idempotency_mismatch. What is refused with 4xx keeps no key.
func Command[I, O any](r *routes, route Route, do func(ctx context.Context, in *I, a Attempt) (out *O, subject string, err error), show func(ctx context.Context, in *I, subject string) (*O, error)) {
	route.command = true
	Op(r.server, route, func(ctx context.Context, in *I) (*O, error) {
		x := exchangeIn(ctx)
		run, err := r.newRun(x, route)
		switch {
		case err != nil:
			return nil, err
		case run == nil:
			out, _, err := do(ctx, in, Attempt{newID: r.IDs.New})
			return out, err
		}
		standing, err := run.begin(ctx)
		switch {
		case err != nil:
			return nil, err
		case standing != nil:
			x.replayed = true
			out, err := show(ctx, in, standing.Subject)
			if err != nil {
				x.replayed = false
			}
			return out, err
		}
		out, subject, err := do(ctx, in, run.attempt())
		return out, run.end(ctx, subject, err)
	})
}

// run is a command under way.
type run struct {
	desk   ports.CommandDesk
	now    func() time.Time
	log    *zap.Logger
	newID  func() [16]byte
	cmd    ports.Command
	begun  time.Time
	resume bool
}

// newRun makes the run of a request, or nil for one without a key.
func (r *routes) newRun(x *exchange, route Route) (*run, error) {
	key, err := x.command.key(route.NeedsKey)
	if err != nil || key == "" || x.principal.Kind == "" {
		return nil, err
	}
	limit := route.Timeout
	if limit == 0 {
		limit = r.server.options.Timeouts.Handler
	}
	actor := x.principal.Actor()
	now := ref.Instant(r.Now())
	return &run{
		desk: r.Desk, now: r.Now, log: r.server.options.Logger, newID: r.IDs.New, begun: now,
		cmd: ports.Command{
			Step: ports.CommandBegin, Fingerprint: x.command.fingerprint, Owner: r.IDs.New(), At: now, Lease: now.Add(limit + commandMargin),
			Key: ports.CommandKey{Actor: actor.Kind + ":" + actor.ID, Route: route.ID + x.command.path, Key: key},
		},
	}, nil
}

// attempt is what the work is given.
func (r *run) attempt() Attempt {
	return Attempt{Again: r.resume, key: r.cmd.Key, begunAt: r.begun, newID: r.newID}
}

// begin writes the command's record, or takes over one that was cut off; it gives the record of a command that was
// answered.
func (r *run) begin(ctx context.Context) (*ports.CommandRecord, error) {
	standing, err := r.desk.Step(ctx, r.cmd)
	for err == nil && standing != nil && standing.Answer == nil {
		if standing.Lease.After(r.cmd.At) {
			return nil, ports.InProgress.New("this request is still being worked on; retry with the same key in a few seconds")
		}
		cut := *standing
		take := r.cmd
		take.Step = ports.CommandTake
		standing, err = r.desk.Step(ctx, take)
		switch {
		case fault.Is(err, ports.CommandGone): // Given up meanwhile, with nothing done.
			standing, err = r.desk.Step(ctx, r.cmd)
		case err == nil && standing == nil:
			r.resume, r.begun = true, cut.CreatedAt
		}
	}
	return standing, err
}

// end writes what came of the work, and gives the error of the answer. The caller's leaving stops nothing.
func (r *run) end(ctx context.Context, subject string, done error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	step := r.cmd
	step.At = ref.Instant(r.now())
	switch {
	case done == nil:
		step.Step, step.Subject, step.Answer = ports.CommandFinish, subject, &ports.Answer{}
	case fault.KindOf(done) == fault.Unknown, fault.KindOf(done) == fault.Internal:
		return done // Something may be under way still: the lease says for how long others wait.
	case fault.KindOf(done) == fault.Unavailable:
		step.Step, step.Lease = ports.CommandTake, step.At // Nothing is: a retry may go on at once.
	default:
		step.Step = ports.CommandDrop
	}
	_, err := r.desk.Step(ctx, step)
	switch {
	case err == nil, fault.Is(err, ports.CommandSuperseded), fault.Is(err, ports.CommandGone):
		return done // Who took over did the same.
	case done != nil:
		r.log.Warn(observe.CommandOpen, zap.String(observe.RequestID, RequestID(ctx)), zap.String(observe.Error, observe.Reason(err)))
		return done
	}
	return fault.Lost.New("it was done and its record is not certain; retry with the same key").Because(err)
}
