package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// databaseFlags say which database, and how to report.
type databaseFlags struct {
	compose.Place
	formatFlag
}

// check judges all settings.
func (c databaseFlags) check() error {
	if err := errors.Join(c.Check(), c.formatFlag.check()); err != nil {
		return err
	}
	if !c.Persistent() {
		return usagef("memory has no schema: migrate needs --store sqlite, or --database-url postgres://…")
	}
	return nil
}

// migrateCmd changes the schema.
type migrateCmd struct {
	Up     migrateUpCmd     `cmd:"" help:"Apply every migration that is pending."`
	Down   migrateDownCmd   `cmd:"" help:"Take the last migration back; its tables go, with what is in them."`
	Status migrateStatusCmd `cmd:"" help:"List the migrations and which are applied."`
	Verify migrateVerifyCmd `cmd:"" help:"Exit 0 when the schema is the one that this program needs, else 1."`
}

type (
	migrateUpCmd     struct{ databaseFlags }
	migrateStatusCmd struct{ databaseFlags }
	migrateVerifyCmd struct{ databaseFlags }
	migrateDownCmd   struct {
		databaseFlags
		Yes bool `help:"Of migrate down: say that the tables may go." group:"General"`
	}
)

// Run applies what is pending.
func (c *migrateUpCmd) Run(ctx context.Context, p Process) error {
	return c.with(ctx, p, "applied", true, func(m compose.Migrator) ([]compose.Step, error) {
		done, err := m.Up(ctx)
		if err != nil {
			return done, err
		}
		return done, m.Verify(ctx)
	})
}

// Run takes the last migration back.
func (c *migrateDownCmd) Run(ctx context.Context, p Process) error {
	if !c.Yes {
		return usagef("migrate down drops tables with what is in them: say --yes")
	}
	return c.with(ctx, p, "taken back", false, func(m compose.Migrator) ([]compose.Step, error) { return m.Down(ctx) })
}

// Run lists the migrations.
func (c *migrateStatusCmd) Run(ctx context.Context, p Process) error {
	return c.with(ctx, p, "", false, func(m compose.Migrator) ([]compose.Step, error) { return m.Status(ctx) })
}

// Run checks the schema.
func (c *migrateVerifyCmd) Run(ctx context.Context, p Process) error {
	return c.with(ctx, p, "", false, func(m compose.Migrator) ([]compose.Step, error) {
		if err := m.Verify(ctx); err != nil {
			return nil, err
		}
		return m.Status(ctx)
	})
}

// with runs f on the database, of which a file is made when it may be, and reports the migrations that it gives; after an error those that went before it.
func (c databaseFlags) with(ctx context.Context, p Process, verb string, may bool, f func(compose.Migrator) ([]compose.Step, error)) error {
	if err := c.check(); err != nil {
		return err
	}
	m, _, err := c.NewMigrator(ctx, may)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer func() { _ = m.Close() }()
	migrations, err := f(m)
	if err == nil || len(migrations) > 0 {
		if writeErr := c.write(p.Stdout, verb, migrations); err == nil {
			err = writeErr
		}
	}
	return interrupted(ctx, err)
}

// step is a migration in a report.
type step struct {
	Version int64  `json:"version"`
	Name    string `json:"name"`
	Applied bool   `json:"applied"`
}

func (c databaseFlags) write(w io.Writer, verb string, migrations []compose.Step) error {
	if c.Format == "json" {
		steps := make([]step, len(migrations))
		for i, m := range migrations {
			steps[i] = step(m)
		}
		return json.NewEncoder(w).Encode(map[string]any{"migrations": steps})
	}
	for _, m := range migrations {
		state := verb
		if state == "" {
			state = map[bool]string{true: "applied", false: "pending"}[m.Applied]
		}
		if _, err := fmt.Fprintf(w, "%-10s %d %s\n", state, m.Version, m.Name); err != nil {
			return err
		}
	}
	if len(migrations) == 0 {
		_, err := fmt.Fprintln(w, "nothing to do")
		return err
	}
	return nil
}
