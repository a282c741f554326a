package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// Commands is the store as ports.Commands, ports.CommandDesk and ports.CommandSweeper.
type Commands struct{ s *Store }

var (
	_ ports.Commands       = Commands{}
	_ ports.CommandDesk    = Commands{}
	_ ports.CommandSweeper = Commands{}
)

// Commands gives the ports of commands.
func (s *Store) Commands() Commands { return Commands{s} }

const (
	commandColumns   = `actor, route, key, fingerprint, owner, subject, created_at, lease, answered, code, detail`
	sqlReadCommand   = `SELECT ` + commandColumns + ` FROM commands WHERE actor = ?1 AND route = ?2 AND key = ?3`
	sqlInsertCommand = `INSERT INTO commands (` + commandColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`
	sqlUpdateCommand = `UPDATE commands SET owner = ?4, lease = ?5, answered = ?6, code = ?7, detail = ?8, subject = ?9
		WHERE actor = ?1 AND route = ?2 AND key = ?3`
	sqlDeleteCommand = `DELETE FROM commands WHERE actor = ?1 AND route = ?2 AND key = ?3`
)

// commandRow is a record as its row has it.
type commandRow struct {
	r        ports.CommandRecord
	answered bool
	answer   ports.Answer
}

func (c *commandRow) into() []any {
	r := &c.r
	return []any{
		&r.Key.Actor, &r.Key.Route, &r.Key.Key, intoBytes(r.Fingerprint[:]), intoBytes(r.Owner[:]), &r.Subject,
		intoTime(&r.CreatedAt), intoTime(&r.Lease), &c.answered, &c.answer.Code, &c.answer.Detail,
	}
}

// record is the record that was read.
func (c *commandRow) record() ports.CommandRecord {
	r := c.r
	r.Answer = nil
	if c.answered {
		a := c.answer
		r.Answer = &a
	}
	return r
}

// Find reads the record of a command.
func (c Commands) Find(ctx context.Context, key ports.CommandKey) (*ports.CommandRecord, error) {
	found, err := findCommand(ctx, c.s.reader, key)
	return found, readError(err)
}

func findCommand(ctx context.Context, db asked, key ports.CommandKey) (found *ports.CommandRecord, err error) {
	var row commandRow
	err = eachRow(ctx, db, sqlReadCommand, []any{key.Actor, key.Route, key.Key}, row.into(), func() {
		r := row.record()
		found = &r
	})
	return found, err
}

// Step makes a step of a command true, which no commit carries, in a transaction of its own.
func (c Commands) Step(ctx context.Context, cmd ports.Command) (standing *ports.CommandRecord, err error) {
	err = c.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		stored, err := findCommand(ctx, tx, cmd.Key)
		if err != nil {
			return err
		}
		var next *ports.CommandRecord
		next, standing, err = cmd.Judge(stored)
		switch {
		case err != nil || standing != nil:
			return err
		case next == nil:
			_, err = tx.ExecContext(ctx, sqlDeleteCommand, cmd.Key.Actor, cmd.Key.Route, cmd.Key.Key)
			return err
		case stored == nil:
			return writeCommands(ctx, tx, []ports.CommandRecord{*next}, nil)
		}
		return writeCommands(ctx, tx, nil, []ports.CommandRecord{*next})
	})
	if err != nil {
		return nil, err
	}
	return standing, nil
}

func (w *writer) writeCommands(ctx context.Context) error {
	fresh, known := w.cmds.Split()
	return writeCommands(ctx, w.tx, fresh, known)
}

// writeCommands writes records that are new and such as were there.
func writeCommands(ctx context.Context, tx *sql.Tx, fresh, known []ports.CommandRecord) error {
	answer := func(r ports.CommandRecord) (bool, ports.Answer) {
		if r.Answer == nil {
			return false, ports.Answer{}
		}
		return true, *r.Answer
	}
	err := each(ctx, tx, sqlInsertCommand, fresh, func(r ports.CommandRecord) []any {
		answered, a := answer(r)
		return []any{
			r.Key.Actor, r.Key.Route, r.Key.Key, r.Fingerprint[:], r.Owner[:], r.Subject, microsOf(r.CreatedAt), microsOf(r.Lease), answered, a.Code, a.Detail,
		}
	})
	if err != nil {
		return err
	}
	return each(ctx, tx, sqlUpdateCommand, known, func(r ports.CommandRecord) []any {
		answered, a := answer(r)
		return []any{r.Key.Actor, r.Key.Route, r.Key.Key, r.Owner[:], microsOf(r.Lease), answered, a.Code, a.Detail, r.Subject}
	})
}

// SweepCommands deletes old answered records of commands.
func (c Commands) SweepCommands(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = c.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err = affected(ctx, tx, `DELETE FROM commands WHERE (actor, route, key) IN (
			SELECT actor, route, key FROM commands WHERE created_at < ?1 AND answered ORDER BY created_at LIMIT ?2)`, microsOf(before), max(limit, 0))
		return err
	})
	return n, err
}
