package fiberhttp

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// defaultConnections is how many connections are open at once unless Options say otherwise: each costs some 50 KB.
const defaultConnections = 4096

const (
	// refusals is how many refused connections are seen off at once; further ones are closed without a word.
	refusals = 64
	// refusedAnswer is what a connection beyond the limit gets. Nothing of its request was read.
	refusedAnswer = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 2\r\nCache-Control: no-store\r\n" +
		"X-Content-Type-Options: nosniff\r\nContent-Type: application/problem+json\r\n\r\n" + // Its end is that of the connection.
		`{"type":"/docs#error-unavailable","title":"Unavailable","status":503,"detail":"too many connections are open; try again","code":"unavailable"}`
)

// boundedListener bounds the connections that are open. One that is full still answers: a kernel that queues connections
// tells nobody anything.
type boundedListener struct {
	net.Listener

	most    int64
	open    atomic.Int64
	refused chan struct{} // A word for each connection that is being seen off.
}

func newBoundedListener(l net.Listener, most int) *boundedListener {
	return &boundedListener{Listener: l, most: int64(most), refused: make(chan struct{}, refusals)}
}

// Accept gives the next connection for which there is room.
func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= l.most {
			return &lingeringConn{Conn: conn, closed: func() { l.open.Add(-1) }}, nil
		}
		l.open.Add(-1)
		select {
		case l.refused <- struct{}{}:
			go l.refuse(conn)
		default:
			_ = conn.Close()
		}
	}
}

// refuse answers and closes.
func (l *boundedListener) refuse(conn net.Conn) {
	defer func() { <-l.refused }()
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(lingerTime)) //nolint:forbidigo // The kernel's time, not the shop's.
	if _, err := io.WriteString(conn, refusedAnswer); err != nil {
		return
	}
	if half, ok := conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_, _ = io.Copy(io.Discard, conn) // Else the kernel resets the connection, and the answer with it.
	}
}

// crowded tells that most connections are taken: then none is kept open for a next request, so that new ones find room.
func (l *boundedListener) crowded() bool { return l != nil && l.open.Load() > l.most*3/4 }
