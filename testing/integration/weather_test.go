package integration_test

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// weather stands between a shop and PostgreSQL and is the network between them: fair, slow, or cut without a word.
type weather struct {
	listener net.Listener
	target   *pgx.ConnConfig
	ends     sync.WaitGroup
	delay    atomic.Int64 // Of each piece that passes, in nanoseconds.

	mu    sync.Mutex
	cut   bool
	conns []*passage
}

// passage is one connection through the weather.
type passage struct {
	ends [2]net.Conn // The shop's and the server's; the latter is nil for who came while the network was cut.
	dead atomic.Bool // What is sent is swallowed, for ever: who dropped the packets forgot the connection.
}

// newWeather starts it before the database that the DSN names, and gives its own DSN; it ends with the test.
func newWeather(t *testing.T, dsn string) (*weather, string) {
	t.Helper()
	target, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	var listening net.ListenConfig
	listener, err := listening.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &weather{listener: listener, target: target}
	w.ends.Go(func() { w.accept(t) })
	t.Cleanup(func() {
		_ = listener.Close()
		w.each(func(p *passage) {
			for _, end := range p.ends {
				if end != nil {
					_ = end.Close()
				}
			}
		})
		w.ends.Wait()
	})
	u := address(t, dsn)
	query := u.Query()
	query.Del("host")
	query.Del("port")
	u.Host, u.RawQuery = listener.Addr().String(), query.Encode()
	return w, u.String()
}

func (w *weather) each(do func(*passage)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.conns {
		do(p)
	}
}

// swallow cuts the network: nothing is refused, nothing is closed, and nothing arrives. After it is over what was open
// stays dead.
func (w *weather) swallow(on bool) {
	w.mu.Lock()
	w.cut = on
	w.mu.Unlock()
	if on {
		w.each(func(p *passage) { p.dead.Store(true) })
	}
}

// slow delays each piece of what is sent, in both directions.
func (w *weather) slow(by time.Duration) { w.delay.Store(int64(by)) }

func (w *weather) accept(t *testing.T) {
	network, address := networkOf(w.target)
	var dialer net.Dialer
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		p := &passage{ends: [2]net.Conn{client}}
		w.mu.Lock()
		p.dead.Store(w.cut)
		w.conns = append(w.conns, p)
		w.mu.Unlock()
		if p.dead.Load() {
			w.ends.Go(func() { _, _ = io.Copy(io.Discard, client); _ = client.Close() })
			continue
		}
		server, err := dialer.DialContext(anew(t), network, address)
		if err != nil {
			_ = client.Close()
			continue
		}
		w.mu.Lock()
		p.ends[1] = server
		w.mu.Unlock()
		w.ends.Go(func() { w.carry(p, client, server) })
		w.ends.Go(func() { w.carry(p, server, client) })
	}
}

// carry passes on what one end sends, as the weather lets it. The end of a connection passes only while it lives.
func (w *weather) carry(p *passage, from, to net.Conn) {
	piece := make([]byte, 64<<10)
	for {
		n, err := from.Read(piece)
		if wait := time.Duration(w.delay.Load()); wait > 0 && n > 0 {
			time.Sleep(wait) // The network is slow by this much.
		}
		if !p.dead.Load() && n > 0 {
			if _, lost := to.Write(piece[:n]); lost != nil {
				err = lost
			}
		}
		if err != nil {
			_ = from.Close()
			if !p.dead.Load() {
				_ = to.Close()
			}
			return
		}
	}
}
