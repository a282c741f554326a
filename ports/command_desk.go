package ports

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// The errors of commands.
var (
	IdempotencyMismatch = fault.Define(fault.Invalid, "idempotency_mismatch", "The idempotency key was used with another request; use a new key.")
	InProgress          = fault.Define(fault.Conflict, "in_progress", "A request with this idempotency key is still being worked on; retry with the same key soon.")
	CommandSuperseded   = fault.Define(fault.Conflict, "command_superseded", "Another attempt at this command took over; its answer counts.")
	CommandGone         = fault.Define(fault.NotFound, "command_gone", "There is no such command any more: it was given up, with nothing done; begin it anew.")
)

// CommandDesk writes the records of commands that no commit carries: whose work is done by one call of a service or by
// several, in whatever context. They are the records that commits write too, and that Commands reads, so that a key is
// used once whoever uses it.
//
// Who runs a command begins its record, does the work, and finishes the record. Whoever dies between has a retry take
// over once the lease is over, which does the work again; so each step of it must be one that can be done twice, by ids
// and keys that are derived from the command's. What was refused, with nothing done, is dropped: the key is free again.
//
// Contract: Step makes one step true, or gives the record that stands in its way and writes nothing; what is which says
// Command.Judge of the state at that moment. [desk-begin] CommandBegin writes the record of a key that has none, its
// answer too if it has one, and of many at once one does; it is there after a restart. [desk-take] CommandTake gives an
// unanswered record to a new owner, once its lease is over; its owner changes the lease at any time, such as to end it.
// [desk-finish] CommandFinish answers an unanswered record, with its subject if the step has one, and only for its
// owner: CommandSuperseded for others. [desk-drop] CommandDrop deletes an unanswered record, only for its owner: the key is
// free again; without a record it changes nothing. [desk-fingerprint] every step with another fingerprint is refused with
// IdempotencyMismatch. [desk-one] the records of commits stand in its way as its own do. Errors also: CommandGone for
// taking or finishing what is not there; kinds Unavailable, when nothing was written, and Unknown. Safe for concurrent
// use.
type CommandDesk interface {
	Step(ctx context.Context, cmd Command) (standing *CommandRecord, err error)
}

// Judge tells what a step does to the record that is stored under its key, nil for none: next is to be stored instead,
// nil for nothing, or standing stands in the way and nothing is to be written. It is the meaning of a step, for every
// store, whether the step rides in a commit or comes to the desk.
func (c Command) Judge(stored *CommandRecord) (next, standing *CommandRecord, err error) {
	switch {
	case stored == nil && c.Step == CommandBegin:
		made := c.On(CommandRecord{})
		return &made, nil, nil
	case stored == nil && c.Step == CommandDrop:
		return nil, nil, nil
	case stored == nil:
		return nil, nil, CommandGone.New("the command is no longer there; begin it anew")
	case stored.Fingerprint != c.Fingerprint:
		return nil, nil, IdempotencyMismatch.New("this Idempotency-Key was used with another request; use a new key")
	case c.Step == CommandBegin, stored.Answer != nil:
		return nil, stored, nil
	case c.Step == CommandTake && stored.Owner != c.Owner && stored.Lease.After(c.At):
		return nil, stored, nil
	case c.Step != CommandTake && stored.Owner != c.Owner:
		return nil, nil, CommandSuperseded.New("another attempt took over")
	case c.Step == CommandDrop:
		return nil, nil, nil
	}
	made := c.On(*stored)
	return &made, nil, nil
}

// On is the record of a command after the step, when it is allowed; stored is the one before, if any.
func (c Command) On(stored CommandRecord) CommandRecord {
	switch c.Step {
	case CommandTake:
		stored.Owner, stored.Lease, stored.Answer = c.Owner, c.Lease, c.Answer
		return stored
	case CommandFinish:
		stored.Answer = c.Answer
		if c.Subject != "" {
			stored.Subject = c.Subject
		}
		return stored
	default:
		return CommandRecord{
			Key: c.Key, Fingerprint: c.Fingerprint, Owner: c.Owner, Subject: c.Subject,
			CreatedAt: c.At, Lease: c.Lease, Answer: c.Answer,
		}
	}
}
