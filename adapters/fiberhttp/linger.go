package fiberhttp

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// lingerTime is how long a connection with an unread rest of a request stays open for reading after its answer.
const lingerTime = time.Second

// lingeringListener hands out connections that can close without losing their last answer.
type lingeringListener struct{ net.Listener }

// Accept wraps the next connection.
func (l lingeringListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lingeringConn{Conn: conn}, nil
}

// lingeringConn matters when a request is refused before it is read, such as a body that is too large: closing with
// unread input makes the kernel reset the connection, and the client loses the 413 that is on its way.
type lingeringConn struct {
	net.Conn
	rest atomic.Bool
}

// linger marks a connection as one with an unread rest.
func linger(conn net.Conn) {
	if c, ok := conn.(*lingeringConn); ok {
		c.rest.Store(true)
	}
}

// Close closes at once, or, with an unread rest, stops sending, reads the rest away for a bounded time and then closes.
func (c *lingeringConn) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok || !c.rest.CompareAndSwap(true, false) || half.CloseWrite() != nil {
		return c.Conn.Close()
	}
	timer := time.AfterFunc(lingerTime, func() { _ = c.Conn.Close() })
	defer timer.Stop()
	_, _ = io.Copy(io.Discard, c.Conn)
	return c.Conn.Close()
}
