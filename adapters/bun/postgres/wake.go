package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/ports/observe"
)

// How others are told. A commit never notifies, for that makes all commits of a server wait for each other: it wakes
// its own process, and that tells the others afterwards, now and then.
const (
	notifyPause   = 100 * time.Millisecond // Between two notifications of a process.
	listenCheck   = time.Minute            // How often a silent connection is asked whether it lives.
	listenBack    = time.Second            // The first wait before a new connection.
	listenBackMax = 30 * time.Second
)

// What others are told of, as bits.
const (
	newsEvents uint32 = 1 << iota
	newsJobs
)

// waker wakes who waits for events or jobs, here and on other servers.
type waker struct {
	told   bell // Rings when events were written.
	called bell // Rings when jobs were enqueued.

	self string        // Names this store in what it tells.
	news atomic.Uint32 // What is to be told.
	poke chan struct{} // Has a word when something is.

	mu         sync.Mutex
	listening  bool // Somebody waits, so others are listened to.
	ended      bool
	background sync.WaitGroup
}

func (w *waker) init() {
	var name [8]byte
	_, _ = rand.Read(name[:]) // Never fails: the process ends instead.
	w.self, w.poke = hex.EncodeToString(name[:]), make(chan struct{}, 1)
}

// signal wakes the relays of this process at once, and those of others soon.
func (s *Store) signal() {
	s.told.ring()
	s.announce(newsEvents)
}

// call wakes the runners of this process at once, and those of others soon.
func (s *Store) call() {
	s.called.ring()
	s.announce(newsJobs)
}

func (w *waker) announce(what uint32) {
	w.news.Or(what)
	select {
	case w.poke <- struct{}{}:
	default: // It is awake already.
	}
}

// goes starts what runs until the store closes; false when it has.
func (w *waker) goes(f func()) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.background.Go(f)
	}
	return !w.ended
}

// end lets nothing more start and waits for what runs; the store is stopping.
func (w *waker) end() {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
	w.background.Wait()
}

// hear listens to other servers from the first time on that somebody here waits to be woken.
func (s *Store) hear() {
	s.mu.Lock()
	first := !s.listening
	s.listening = true
	s.mu.Unlock()
	if first {
		s.goes(func() { s.untilStopped(s.listen) })
	}
}

// untilStopped runs f with a context that ends when the store stops.
func (s *Store) untilStopped(f func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(detached())
	defer cancel()
	go func() {
		select {
		case <-s.stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	f(ctx)
}

// channel is what servers of one shop tell each other on.
func (s *Store) channel() string { return "commerce_wake_" + strconv.Itoa(int(s.cfg.Shop)) }

// notify tells other servers what is new, each time on any connection of the general pool, in a transaction of its own.
func (s *Store) notify(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.poke:
		}
		s.tellOthers(ctx, s.news.Swap(0))
		pause := time.NewTimer(notifyPause)
		select {
		case <-ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
		}
	}
}

func (s *Store) tellOthers(ctx context.Context, news uint32) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Connect)
	defer cancel()
	payload := s.self + ":" + strconv.Itoa(int(news))
	if _, err := s.pool.Exec(ctx, "SELECT pg_notify($1, $2)", s.channel(), payload); err != nil {
		s.cfg.Logger.Debug(observe.NotNotified, zap.String(observe.Error, observe.Reason(hushed(err))))
	}
}

// listen hears what others tell, over a connection of its own, which is made anew when it breaks.
func (s *Store) listen(ctx context.Context) {
	back := listenBack
	for ctx.Err() == nil {
		start := time.Now() //nolint:forbidigo // How long a connection lasted is the machine's matter.
		err := s.listenOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		s.cfg.Logger.Info(observe.NotListening, zap.String(observe.Error, observe.Reason(hushed(err))), zap.Duration(observe.Retry, back))
		if time.Since(start) > listenBackMax {
			back = listenBack
		}
		pause := time.NewTimer(back)
		select {
		case <-ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
		}
		back = min(2*back, listenBackMax)
	}
}

// listenOnce listens until the connection breaks. What was told while nobody listened is made up for by ringing.
func (s *Store) listenOnce(ctx context.Context) error {
	conn, err := connectAlone(ctx, s.cfg.Direct, "commerce-listen", s.cfg.Connect)
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(detached(), s.cfg.Connect)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{s.channel()}.Sanitize()); err != nil {
		return err
	}
	s.told.ring()
	s.called.ring()
	for {
		waiting, cancel := context.WithTimeout(ctx, listenCheck)
		n, err := conn.WaitForNotification(waiting)
		silent := waiting.Err() != nil
		cancel()
		switch {
		case err == nil:
			s.heard(n.Payload)
		case ctx.Err() != nil || !silent:
			return err
		default:
			if err := s.pingAlone(ctx, conn); err != nil {
				return err
			}
		}
	}
}

// pingAlone asks whether a connection that was silent lives.
func (s *Store) pingAlone(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Connect)
	defer cancel()
	return conn.Ping(ctx)
}

// heard rings for what another server told.
func (s *Store) heard(payload string) {
	from, what, _ := strings.Cut(payload, ":")
	news, err := strconv.ParseUint(what, 10, 32)
	if err != nil || from == s.self {
		return
	}
	if uint32(news)&newsEvents != 0 {
		s.told.ring()
	}
	if uint32(news)&newsJobs != 0 {
		s.called.ring()
	}
}
