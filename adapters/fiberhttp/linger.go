package fiberhttp

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// lingerTime is how long a connection with an unread rest of a request stays open for reading after its answer.
const lingerTime = time.Second

// lingeringConn matters when a request is refused before it is read, such as a body that is too large: closing with
// unread input makes the kernel reset the connection, and the client loses the 413 that is on its way.
type lingeringConn struct {
	net.Conn
	rest   atomic.Bool
	closed func() // Told once that there is one connection less.
	once   sync.Once
}

// linger marks a connection as one with an unread rest.
func linger(conn net.Conn) {
	if c, ok := conn.(*lingeringConn); ok {
		c.rest.Store(true)
	}
}

// Close closes at once, or, with an unread rest, stops sending, reads the rest away for a bounded time and then closes.
func (c *lingeringConn) Close() error {
	defer c.once.Do(c.closed)
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok || !c.rest.CompareAndSwap(true, false) || half.CloseWrite() != nil {
		return c.Conn.Close()
	}
	timer := time.AfterFunc(lingerTime, func() { _ = c.Conn.Close() })
	defer timer.Stop()
	_, _ = io.Copy(io.Discard, c.Conn)
	return c.Conn.Close()
}
