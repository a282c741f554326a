package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// copyCmd moves a shop from one store into another.
type copyCmd struct {
	formatFlag
	From     string `help:"Of copy: where the shop is, sqlite:FILE or postgres://USER:PASSWORD@HOST:PORT/NAME." placeholder:"PLACE" group:"Store" secret:""`
	To       string `help:"Of copy: the empty place where the shop is to be, in the same form; its schema is made when it has none." placeholder:"PLACE" group:"Store" secret:""`
	Currency string `help:"Currency of the shop's channel, ISO 4217." default:"GBP" placeholder:"CODE" group:"Shop"`
}

// Run copies the shop, looks at what came of it, and reports.
func (c *copyCmd) Run(ctx context.Context, p Process) error {
	from, to, err := c.places()
	if err != nil {
		return err
	}
	log, err := logger(from, p)
	if err != nil {
		return err
	}
	report := copyReport{From: from.Place.String(), To: to.Place.String()}
	bar := newProgress(p.Stderr, 0)
	start := time.Now()
	report.Tables, err = compose.Copy(ctx, from.Place, to.Place, log, func(so carry.Progress) {
		bar.show(string(so.Phase), int(so.Rows), 0, so.Products)
	})
	bar.end()
	if err != nil {
		return interrupted(ctx, refusedCopy(err))
	}
	report.sum(start)
	err = c.look(ctx, p, from, to, &report)
	if writeErr := report.write(p.Stdout, c.Format); err == nil {
		err = writeErr
	}
	return unlooked(ctx, err)
}

// unlookedError is a shop that is copied, and was not looked at to the end.
type unlookedError struct{ error }

// unlooked tells of an error that came after the copy, which is not to be run again for it.
func unlooked(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return unlookedError{err}
	}
	return err
}

// refusedCopy makes what a copy refuses a refusal, and leaves other errors as they are.
func refusedCopy(err error) error {
	var holding *carry.NotEmptyError
	if errors.As(err, &holding) || errors.Is(err, carry.ErrInUse) || errors.Is(err, compose.ErrSamePlace) {
		return declinedError{fmt.Errorf("%w; nothing was written", err)}
	}
	return err
}

// check judges all settings.
func (c *copyCmd) check() error {
	_, _, err := c.places()
	return err
}

// places gives the settings of the shop that is copied and of the one that it becomes.
func (c *copyCmd) places() (from, to compose.Settings, err error) {
	at := func(flag, text string) (s compose.Settings, err error) {
		s = compose.Settings{Currency: c.Currency, Locale: "en-GB", Country: "GB", LogLevel: zap.WarnLevel.String(), CommitGroup: 1, CommitLoops: 1}
		if s.Place, err = compose.ParsePlace(flag, text); err != nil {
			return s, err
		}
		return s, nil
	}
	from, wrongFrom := at("--from", c.From)
	to, wrongTo := at("--to", c.To)
	if err := errors.Join(wrongFrom, wrongTo, c.formatFlag.check()); err != nil {
		return from, to, err
	}
	return from, to, from.Check()
}

// look examines the copy as doctor does, and compares what both shops export.
func (c *copyCmd) look(ctx context.Context, p Process, from, to compose.Settings, report *copyReport) error {
	found, err := (&doctorCmd{Settings: to}).examine(ctx, p)
	if err != nil {
		return fmt.Errorf("the shop is copied; it was not looked at to the end, so run doctor there: %w", err)
	}
	report.Doctor = &found
	at := time.Now()
	for _, side := range []struct {
		of   compose.Settings
		into **exported
	}{{from, &report.Export.From}, {to, &report.Export.To}} {
		if *side.into, err = exportOf(ctx, p, side.of, at); err != nil {
			return fmt.Errorf("the shop is copied, and doctor has seen it; what it exports was not compared to the end: %w", err)
		}
	}
	switch count := found.Count; {
	case *report.Export.From != *report.Export.To:
		return &findingsError{count + 1}
	case count > 0:
		return &findingsError{count}
	}
	return nil
}
