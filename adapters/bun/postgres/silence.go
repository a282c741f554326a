package postgres

import (
	"context"
	"net"
	"sync"
	"time"
)

const (
	// silenceMargin is what a statement's answer may come later than the server had to give up.
	silenceMargin = 2 * time.Second
	// partingTime bounds each step of taking leave from a connection: the driver asks the server to give up the statement,
	// and waits for it, up to 15 seconds. So long a dead connection would keep its place in a pool.
	partingTime = time.Second
	// keepAlive is how often the kernel asks whether the other end of an idle connection is there.
	keepAlive = 15 * time.Second
)

// dialPatiently dials connections that are made within a time and on which no answer is waited for longer than the limit. A network that drops packets
// without a word would otherwise hold whoever waits without a deadline of its own, such as a job, for ever: the server,
// which bounds its statements, never heard of this one.
func dialPatiently(connect, limit time.Duration) func(ctx context.Context, network, addr string) (net.Conn, error) {
	dialer := &net.Dialer{KeepAlive: keepAlive}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		limit := limit
		if until, ok := ctx.Deadline(); !ok || time.Until(until) > connect { // Only who takes leave has so much time.
			limit = partingTime
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, limit)
			defer cancel()
		}
		conn, err := dialer.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &patientConn{Conn: conn, limit: limit}, nil
	}
}

// patientConn bounds each wait for something to read, unless its user set a deadline.
type patientConn struct {
	net.Conn

	limit time.Duration
	mu    sync.Mutex // Guards what the connection's deadline for reading is.
	set   bool       // By the user.
}

// Read waits until the user's deadline, else as long as the limit says.
func (c *patientConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	var err error
	if !c.set {
		err = c.bound()
	}
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// bound sets our own deadline, measured as the kernel does.
func (c *patientConn) bound() error {
	return c.Conn.SetReadDeadline(time.Now().Add(c.limit)) //nolint:forbidigo // The kernel's time, not the shop's.
}

// SetDeadline sets the user's deadline; zero takes it back, also for a read that waits. The driver has two: at once, when
// a context has ended, and one that is far away, when it takes leave.
func (c *patientConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if parting := time.Now().Add(partingTime); t.After(parting) { //nolint:forbidigo // The kernel's time, not the shop's.
		t = parting
	}
	c.set = !t.IsZero()
	err := c.Conn.SetDeadline(t)
	if err == nil && !c.set {
		err = c.bound()
	}
	return err
}

// SetReadDeadline is SetDeadline for reading alone.
func (c *patientConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set = !t.IsZero()
	if !c.set {
		return c.bound()
	}
	return c.Conn.SetReadDeadline(t)
}
