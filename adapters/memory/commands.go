package memory

import (
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// sweepStep is how many old records a write looks at: more than it adds, so that the sweep keeps up with any load and
// no write pays for all of it.
const sweepStep = 2

// commandState holds the records of commands.
type commandState struct {
	records map[ports.CommandKey]ports.CommandRecord
	ages    []commandAge // By time of making, so that the sweep starts with the oldest.
}

// commandAge tells when a record was made.
type commandAge struct {
	key ports.CommandKey
	at  time.Time
}

func newCommandState() commandState {
	return commandState{records: map[ports.CommandKey]ports.CommandRecord{}}
}

// write stores a record and drops some that are answered and past their time, as of the command that is written.
func (c *commandState) write(r ports.CommandRecord, now time.Time) {
	if _, known := c.records[r.Key]; !known {
		c.ages = append(c.ages, commandAge{r.Key, r.CreatedAt})
	}
	c.records[r.Key] = *copyRecord(&r)
	for range sweepStep {
		if len(c.ages) == 0 || now.Sub(c.ages[0].at) <= ports.CommandTTL {
			return
		}
		oldest := c.ages[0]
		c.ages = c.ages[1:]
		if c.records[oldest.key].Answer == nil {
			c.ages = append(c.ages, oldest) // Somebody may still finish it; look again later.
			continue
		}
		delete(c.records, oldest.key)
	}
}

// remove deletes a record that was begun a moment ago, which is where the search begins.
func (c *commandState) remove(key ports.CommandKey) {
	delete(c.records, key)
	for i := len(c.ages) - 1; i >= 0; i-- {
		if c.ages[i].key == key {
			c.ages = slices.Delete(c.ages, i, i+1)
			return
		}
	}
}

// Commands reads and writes the records of a store: ports.Commands, ports.CommandDesk and ports.CommandSweeper.
type Commands struct{ store *Store }

var (
	_ ports.Commands       = Commands{}
	_ ports.CommandDesk    = Commands{}
	_ ports.CommandSweeper = Commands{}
)

// Commands gives the ports that read, write and sweep the records of commands.
func (s *Store) Commands() Commands { return Commands{s} }

// Find gives the record of a key, or nil.
func (c Commands) Find(ctx context.Context, key ports.CommandKey) (*ports.CommandRecord, error) {
	return view(ctx, c.store, func() (*ports.CommandRecord, error) {
		r, known := c.store.commands.records[key]
		if !known {
			return nil, nil
		}
		return copyRecord(&r), nil
	})
}

// Step makes a step of a command true, which no commit carries.
func (c Commands) Step(ctx context.Context, cmd ports.Command) (*ports.CommandRecord, error) {
	s := c.store
	var standing *ports.CommandRecord
	err := s.update(ctx, func() (func(), error) {
		var stored *ports.CommandRecord
		if r, known := s.commands.records[cmd.Key]; known {
			stored = &r
		}
		next, stands, err := cmd.Judge(stored)
		if stands != nil {
			standing = copyRecord(stands)
		}
		return func() {
			switch {
			case stands != nil:
			case next != nil:
				s.commands.write(*next, cmd.At)
			default:
				s.commands.remove(cmd.Key)
			}
		}, err
	})
	if err != nil {
		return nil, err
	}
	return standing, nil
}

// SweepCommands deletes old answered records. A write does so too, see sweepStep; this is for a shop in which none comes.
func (c Commands) SweepCommands(ctx context.Context, before time.Time, limit int) (int, error) {
	s := c.store
	deleted := 0
	err := s.update(ctx, func() (func(), error) {
		return func() {
			state := &s.commands
			slices.SortStableFunc(state.ages, func(a, b commandAge) int { return a.at.Compare(b.at) })
			state.ages = slices.DeleteFunc(state.ages, func(age commandAge) bool {
				old := deleted < limit && age.at.Before(before) && state.records[age.key].Answer != nil
				if old {
					delete(state.records, age.key)
					deleted++
				}
				return old
			})
		}, nil
	})
	return deleted, err
}
