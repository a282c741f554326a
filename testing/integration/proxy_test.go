package integration_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// proxy stands between a store and PostgreSQL and follows the wire's messages.
type proxy struct {
	listener net.Listener
	target   *pgx.ConnConfig
	ends     sync.WaitGroup

	mu    sync.Mutex
	conns []*proxied
}

// proxied is what passed over one connection.
type proxied struct {
	statements []string          // The texts that were parsed or run.
	prepared   map[string]string // Texts by the names that they were parsed under.
	ran        []string          // The texts that were run, each time.
	trips      int               // How often the client sent something for the server to answer: Sync, Flush or a simple query.
	open       []net.Conn
}

// networkOf tells how a server is dialled.
func networkOf(cfg *pgx.ConnConfig) (network, address string) {
	return pgconn.NetworkAddress(cfg.Host, cfg.Port)
}

// newProxy starts a proxy to the database that the DSN names, and gives its own DSN; it ends with the test.
func newProxy(t *testing.T, dsn string) (*proxy, string) {
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
	p := &proxy{listener: listener, target: target}
	p.ends.Go(func() { p.accept(t) })
	t.Cleanup(func() {
		_ = listener.Close()
		p.mu.Lock()
		for _, c := range p.conns {
			for _, end := range c.open {
				_ = end.Close()
			}
		}
		p.mu.Unlock()
		p.ends.Wait()
	})
	u := address(t, dsn)
	query := u.Query()
	query.Del("host")
	query.Del("port")
	query.Set("sslmode", "disable") // The proxy reads what passes.
	u.Host, u.RawQuery = listener.Addr().String(), query.Encode()
	return p, u.String()
}

func (p *proxy) accept(t *testing.T) {
	network, address := networkOf(p.target)
	var dialer net.Dialer
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := dialer.DialContext(anew(t), network, address)
		if err != nil {
			_ = client.Close()
			continue
		}
		c := &proxied{open: []net.Conn{client, server}, prepared: map[string]string{}}
		p.mu.Lock()
		p.conns = append(p.conns, c)
		p.mu.Unlock()
		p.ends.Go(func() {
			defer func() { _ = server.Close() }()
			p.follow(c, client, server)
		})
		p.ends.Go(func() {
			defer func() { _ = client.Close() }()
			_, _ = io.Copy(client, server)
		})
	}
}

// follow passes on what the client sends, message by message; the first has no type.
func (p *proxy) follow(c *proxied, client io.Reader, server io.Writer) {
	for started := false; ; started = true {
		message, err := readMessage(client, started)
		if err != nil {
			return
		}
		if started {
			p.note(c, message)
		}
		if _, err := server.Write(message); err != nil {
			return
		}
	}
}

// readMessage reads a message of the client, with its type if typed.
func readMessage(from io.Reader, typed bool) ([]byte, error) {
	head := make([]byte, 4, 5)
	if typed {
		head = head[:5]
	}
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(head[len(head)-4:])
	if length < 4 || length > 1<<28 {
		return nil, errors.New("not a message of PostgreSQL")
	}
	message := append(head, make([]byte, length-4)...)
	_, err := io.ReadFull(from, message[len(head):])
	return message, err
}

// note remembers a message before it is passed on, so that it is counted before it is answered.
func (p *proxy) note(c *proxied, message []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	body := string(message[5:])
	switch message[0] {
	case 'Q':
		c.trips++
		text := strings.TrimRight(body, "\x00")
		c.statements, c.ran = append(c.statements, text), append(c.ran, text)
	case 'P':
		name, text, _ := strings.Cut(body, "\x00")
		text, _, _ = strings.Cut(text, "\x00")
		c.statements = append(c.statements, text)
		c.prepared[name] = text
	case 'B':
		_, name, _ := strings.Cut(body, "\x00") // Behind the portal's.
		name, _, _ = strings.Cut(name, "\x00")
		c.ran = append(c.ran, c.prepared[name])
	case 'S', 'H':
		c.trips++
	}
}

// commitTrips adds up the round trips of the connections on which orders are committed.
func (p *proxy) commitTrips() (trips, conns int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		for _, s := range c.statements {
			if strings.HasPrefix(s, "BEGIN") && !strings.Contains(s, "READ ONLY") {
				trips += c.trips
				conns++
				break
			}
		}
	}
	return trips, conns
}

// texts gives all statements that passed.
func (p *proxy) texts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, c := range p.conns {
		out = append(out, c.statements...)
	}
	return out
}

// inTransactions gives the statements that contain a text and ran within a transaction of several statements.
func (p *proxy) inTransactions(part string) []string { return p.containing(part, true) }

// alone gives the statements that contain a text and were a transaction by themselves.
func (p *proxy) alone(part string) []string { return p.containing(part, false) }

func (p *proxy) containing(part string, within bool) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, c := range p.conns {
		open := false
		for _, s := range c.ran {
			lower := strings.ToLower(s)
			switch {
			case strings.HasPrefix(lower, "begin"):
				open = true
			case strings.HasPrefix(lower, "commit"), strings.HasPrefix(lower, "rollback"):
				open = false
			case strings.Contains(lower, part) && open == within:
				out = append(out, s)
			}
		}
	}
	return out
}
