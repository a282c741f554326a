package shopapitest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// shot is a request as it goes over the wire. Package net/http would mend or refuse much of what a hostile one has.
type shot struct {
	method, target string
	header         [][2]string // In this order; Host and the framing are added.
	body           []byte
	chunked        bool // The body goes in chunks of a few bytes.
	slow           bool // The body goes in pieces, with pauses.
}

// wire is a connection to the shop for one goroutine; it dials anew whenever the shop closed it.
type wire struct {
	scheme, address string
	within          time.Duration // Bounds one answer.
	conn            net.Conn
	reader          *bufio.Reader
	again           int // How many requests were sent twice.
}

func newWire(base string, within time.Duration) (*wire, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	return &wire{scheme: u.Scheme, address: address, within: within}, nil
}

func (w *wire) close() {
	if w.conn != nil {
		_ = w.conn.Close()
	}
	w.conn, w.reader = nil, nil
}

func (w *wire) open(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", w.address)
	if err != nil {
		return err
	}
	if w.scheme == "https" {
		host, _, _ := net.SplitHostPort(w.address)
		conn = tls.Client(conn, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	}
	w.conn, w.reader = conn, bufio.NewReader(conn)
	return nil
}

// send gives the answer and how long it took. A connection that the shop had closed in the meantime is no failure: the
// request goes again, over a new one.
func (w *wire) send(ctx context.Context, s shot) (answer, time.Duration, error) {
	reused := w.conn != nil
	a, took, err := w.attempt(ctx, s)
	if err != nil && reused && !errors.Is(err, errLate) && ctx.Err() == nil {
		w.again++
		a, took, err = w.attempt(ctx, s)
	}
	return a, took, err
}

var errLate = errors.New("no answer in time")

func (w *wire) attempt(ctx context.Context, s shot) (answer, time.Duration, error) {
	if err := w.open(ctx); err != nil {
		return answer{}, 0, err
	}
	start := time.Now()
	_ = w.conn.SetDeadline(start.Add(w.within))
	sent := w.write(s) // What the shop refuses unread it answers all the same: the answer counts.
	a, closing, err := w.read(s.method)
	took := time.Since(start)
	if err != nil || closing || sent != nil {
		w.close()
	}
	var late net.Error
	switch {
	case errors.As(err, &late) && late.Timeout():
		return a, took, fmt.Errorf("%w: %s", errLate, w.within)
	case err != nil:
		return a, took, errors.Join(err, sent)
	}
	a.request = s.String()
	return a, took, nil
}

const (
	chunkSize = 7
	pieces    = 4
	pause     = 5 * time.Millisecond // Long enough that each piece is a packet.
)

func (w *wire) write(s shot) error {
	var head bytes.Buffer
	fmt.Fprintf(&head, "%s %s HTTP/1.1\r\nHost: %s\r\n", s.method, s.target, w.address)
	for _, h := range s.header {
		fmt.Fprintf(&head, "%s: %s\r\n", h[0], h[1])
	}
	body := s.body
	switch {
	case s.chunked:
		head.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		body = chunks(s.body)
	case len(s.body) > 0 || s.method != http.MethodGet && s.method != http.MethodHead:
		fmt.Fprintf(&head, "Content-Length: %d\r\n\r\n", len(s.body))
	default:
		head.WriteString("\r\n")
	}
	if !s.slow {
		head.Write(body)
		_, err := w.conn.Write(head.Bytes())
		return err
	}
	if _, err := w.conn.Write(head.Bytes()); err != nil {
		return err
	}
	for i := range pieces {
		time.Sleep(pause)
		if _, err := w.conn.Write(body[len(body)*i/pieces : len(body)*(i+1)/pieces]); err != nil {
			return err
		}
	}
	return nil
}

func chunks(body []byte) []byte {
	var out bytes.Buffer
	for len(body) > 0 {
		n := min(chunkSize, len(body))
		fmt.Fprintf(&out, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	out.WriteString("0\r\n\r\n")
	return out.Bytes()
}

func (w *wire) read(method string) (a answer, closing bool, err error) {
	for {
		response, err := http.ReadResponse(w.reader, &http.Request{Method: method})
		if err != nil {
			return answer{}, true, err
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil {
			return answer{}, true, fmt.Errorf("reading the answer: %w", err)
		}
		if response.StatusCode < http.StatusOK {
			continue
		}
		return answer{status: response.StatusCode, header: response.Header, body: body}, response.Close, nil
	}
}

// String shows the request in a few lines of a log.
func (s shot) String() string {
	var out strings.Builder
	out.WriteString(s.method + " " + strconv.QuoteToASCII(excerpt(s.target, 300)))
	for _, h := range s.header {
		out.WriteString(" -H " + strconv.QuoteToASCII(excerpt(h[0]+": "+h[1], 120)))
	}
	if s.chunked {
		out.WriteString(" chunked")
	}
	if s.slow {
		out.WriteString(" slowly")
	}
	if len(s.body) > 0 {
		out.WriteString(" " + strconv.QuoteToASCII(excerpt(string(s.body), 400)))
	}
	return out.String()
}
