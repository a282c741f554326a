package postgres

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports/observe"
)

const (
	pulseEvery = time.Second // Between two looks whether the server answers.
	pulseTime  = time.Second // What it may take to answer one. It is asked for nothing else on that connection.
)

// pulse asks the server whether it answers, over a connection of its own: a pool whose connections are all in use, or
// all dead, says nothing of the server. Who asks at the same time shares one answer.
type pulse struct {
	mu     sync.Mutex
	asking *beat
	conn   *pgx.Conn // Used by one beat at a time.
}

// beat is one question.
type beat struct {
	done chan struct{}
	err  error
}

// Ping tells whether the database answers now, within two seconds whatever it does.
func (s *Store) Ping(ctx context.Context) error {
	s.pulse.mu.Lock()
	b := s.pulse.asking
	if b == nil {
		b = &beat{done: make(chan struct{}), err: fault.Down.New("the store is closed")}
		if !s.goes(func() { s.untilStopped(func(ctx context.Context) { s.pulse.ask(ctx, s.cfg, b) }) }) {
			s.pulse.mu.Unlock()
			return b.err
		}
		s.pulse.asking = b
	}
	s.pulse.mu.Unlock()
	select {
	case <-b.done:
		return readError(b.err)
	case <-ctx.Done():
		return readError(ctx.Err())
	}
}

// ask finds out, with a new connection when the one at hand does not do: it may only be older than the server.
func (p *pulse) ask(ctx context.Context, cfg Config, b *beat) {
	b.err = p.once(ctx, cfg)
	if b.err != nil && ctx.Err() == nil {
		b.err = p.once(ctx, cfg)
	}
	p.mu.Lock()
	p.asking = nil
	p.mu.Unlock()
	close(b.done)
}

func (p *pulse) once(ctx context.Context, cfg Config) (err error) {
	ctx, cancel := context.WithTimeout(ctx, pulseTime)
	defer cancel()
	if p.conn == nil {
		if p.conn, err = connectAlone(ctx, cfg.DSN, "commerce-pulse", pulseTime); err != nil {
			p.conn = nil
			return err
		}
	}
	if err = p.conn.Ping(ctx); err != nil {
		_ = p.conn.Close(ctx) // Its time is over, or it is broken: this does not wait.
		p.conn = nil
	}
	return err
}

// end closes the connection; nobody asks any more.
func (p *pulse) end() {
	if p.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(detached(), pulseTime)
	defer cancel()
	_ = p.conn.Close(ctx)
}

// connectAlone makes a connection that belongs to no pool.
func connectAlone(ctx context.Context, dsn, name string, limit time.Duration) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.ConnectTimeout = limit
	cfg.RuntimeParams["application_name"] = name
	return pgx.ConnectConfig(ctx, cfg)
}

// hearEnd is told what the server says on a connection, and false ends it. When one was ended because the server shuts down or
// crashed, so were all others, whose takers would hear of it one after the other.
func (s *Store) hearEnd(_ *pgconn.PgConn, err *pgconn.PgError) bool {
	fatal := strings.EqualFold(err.Severity, "FATAL")
	if fatal && (err.Code == adminShutdown || err.Code == crashShutdown) {
		go s.pool.Reset()
	}
	return !fatal
}

// heal looks whether the server answers. When it does again, after it did not, every idle connection from before is
// thrown away: one that the network forgot looks alive, and who takes it waits in vain, one after the other.
func (s *Store) heal(ctx context.Context) {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for away := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := s.Ping(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !away:
			s.cfg.Logger.Warn(observe.DatabaseAway, zap.String(observe.Error, observe.Reason(hushed(err))))
		case err == nil && away:
			s.pool.Reset()
			s.commits.Reset()
			s.cfg.Logger.Info(observe.DatabaseBack)
		}
		away = err != nil
	}
}
