package portstest_test

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/ports"
)

// Step is ports.CommandDesk's.
func (s sketchCommands) Step(ctx context.Context, cmd ports.Command) (*ports.CommandRecord, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	stored := s.stored(cmd.Key)
	if s.flaw == deskOfItsOwn && !s.stepped[cmd.Key] {
		stored = nil
	}
	cmd, asked := s.bend(cmd, stored), cmd
	next, standing, err := cmd.Judge(s.bent(cmd, stored))
	if err != nil || standing != nil {
		return standing, err
	}
	s.stepped[cmd.Key] = true
	key := s.key(cmd.Key)
	switch {
	case next == nil && s.flaw != dropsNothing:
		delete(s.records, key)
		s.order = slices.DeleteFunc(s.order, func(k ports.CommandKey) bool { return k == key })
	case next != nil:
		if s.records[key].CreatedAt.IsZero() {
			s.order = append(s.order, key)
		}
		next.Answer = clone(next.Answer)
		if s.flaw == keepsLeases && stored != nil && stored.Owner == asked.Owner {
			next.Lease = stored.Lease
		}
		s.records[key] = *next
	}
	return nil, nil
}

// bend is where a flaw mistakes a step.
func (s sketchCommands) bend(cmd ports.Command, stored *ports.CommandRecord) ports.Command {
	switch {
	case s.flaw == beginsUnanswered && cmd.Step == ports.CommandBegin:
		cmd.Answer = nil
	case s.flaw == finishesNamelessly && cmd.Step == ports.CommandFinish:
		cmd.Subject = ""
	case stored == nil:
	case s.flaw == comparesNothing:
		cmd.Fingerprint = stored.Fingerprint
	case s.flaw == finishesForAll && cmd.Step == ports.CommandFinish, s.flaw == dropsForAll && cmd.Step == ports.CommandDrop:
		cmd.Owner = stored.Owner
	}
	return cmd
}

// bent is where a flaw mistakes what is stored.
func (s sketchCommands) bent(cmd ports.Command, stored *ports.CommandRecord) *ports.CommandRecord {
	if stored == nil {
		return nil
	}
	r := *stored
	switch {
	case s.flaw == beginsOver && cmd.Step == ports.CommandBegin && r.Fingerprint == cmd.Fingerprint:
		return nil
	case s.flaw == takesAlive && cmd.Step == ports.CommandTake:
		r.Lease = cmd.At
	case s.flaw == finishesAnew && cmd.Step == ports.CommandFinish, s.flaw == dropsAnswered && cmd.Step == ports.CommandDrop:
		r.Answer = nil
	}
	return &r
}

// clone copies an answer.
func clone(a *ports.Answer) *ports.Answer {
	if a == nil {
		return nil
	}
	out := *a
	return &out
}
