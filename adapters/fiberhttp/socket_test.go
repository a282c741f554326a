package fiberhttp_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// exchangeRaw writes bytes to the server and gives every answer until the server closes or has nothing more to say.
func exchangeRaw(t *testing.T, address, text string) []answer {
	t.Helper()
	conn := dial(t, address)
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if half, ok := conn.(*net.TCPConn); ok { // The server then answers what it has and closes.
		_ = half.CloseWrite()
	}
	return answers(t, conn)
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(slow)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func answers(t *testing.T, conn io.Reader) []answer {
	t.Helper()
	reader := bufio.NewReader(conn)
	var out []answer
	for {
		response, err := http.ReadResponse(reader, nil) //nolint:bodyclose // readAnswer closes it.
		if err != nil {
			return out
		}
		if response.StatusCode == http.StatusContinue {
			continue
		}
		out = append(out, readAnswer(t, response))
	}
}

// TestRawRequests sends the corpus of requests over whose meaning two readers may disagree. A refusal is the end of its
// connection, and the request that is hidden in it is never answered.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	address := s.listen(t)
	for _, raw := range shopapitest.RawRequests(orderPath, "/api/v1/keep/x") {
		t.Run(raw.Name, func(t *testing.T) {
			t.Parallel()
			got := exchangeRaw(t, address, raw.Text)
			for i, each := range got {
				if id := each.header.Get("X-Request-Id"); id == shopapitest.SmuggledID || id == "" {
					t.Errorf("answer %d of %d is to %q", i, len(got), id)
				}
			}
			switch {
			case raw.Refuse && (len(got) != 1 || got[0].status < 400 || got[0].header.Get("Content-Type") != "application/problem+json"):
				t.Errorf("%v, want one refusal", got)
			case !raw.Refuse && len(got) != raw.Answers:
				t.Errorf("%d answers, want %d: %v", len(got), raw.Answers, got)
			}
		})
	}
}

// TestSlowConnections holds two hundred connections that never finish their requests: others are answered all the same,
// before the first of these ends, and each of these ends with its time.
func TestSlowConnections(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(o *fiberhttp.Options) { o.Timeouts.Read = 5 * time.Second })
	address := s.listen(t)
	begun := []string{
		"GET / HTT", "GET / HTTP/1.1\r\nHost: x\r\nX-A: ", "POST " + orderPath + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
		"POST " + orderPath + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
	}
	var held []net.Conn
	for i := range 200 {
		conn := dial(t, address)
		if _, err := io.WriteString(conn, begun[i%len(begun)]); err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	ended := make(chan []answer, len(held))
	for _, conn := range held {
		go func() { ended <- answers(t, conn) }()
	}
	for range 30 {
		if got := exchangeRaw(t, address, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"); len(got) != 1 || got[0].status != http.StatusOK {
			t.Fatalf("beside slow connections: %+v", got)
		}
	}
	if len(ended) > 0 {
		t.Error("the requests of others waited for slow connections")
	}
	for range held {
		if got := <-ended; len(got) > 1 || len(got) == 1 && got[0].status != http.StatusRequestTimeout {
			t.Errorf("a request that did not come was answered with %+v", got)
		}
	}
}

// TestRefusedBeforeRouting looks at answers that pass no handler: they need everything that others have.
func TestRefusedBeforeRouting(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(o *fiberhttp.Options) { o.BodyLimit = 10_000 })
	address := s.listen(t)
	big := strings.Repeat("x", 2_000_000)
	for name, c := range map[string]struct {
		raw    string
		status int
		code   string
	}{
		"headers": {"GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + strings.Repeat("h", 20_000) + "\r\n\r\n", 431, "headers_too_large"},
		"address": {"GET /" + strings.Repeat("a", 20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 431, "headers_too_large"},
		"plain":   {"POST " + orderPath + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n" + big, 413, "body_too_large"},
		"chunked": {"POST " + orderPath + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1e8480\r\n" + big + "\r\n0\r\n\r\n", 413, "body_too_large"},
		"expect":  {"POST " + orderPath + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n", 413, "body_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: first\r\n\r\n" // Its id must not stick to the next.
			got := exchangeRaw(t, address, first+c.raw)
			if len(got) != 2 || got[1].status != c.status {
				t.Fatalf("%d answers, the last %+v", len(got), got[max(0, len(got)-1)])
			}
			checkProblem(t, got[1], c.code, "")
			id := got[1].header.Get("X-Request-Id")
			if !strings.HasPrefix(id, "made-") || got[1].header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%v", got[1].header)
			}
			for _, entry := range s.logs.FilterMessage("request").All() {
				if fields := entry.ContextMap(); fields["request_id"] == id {
					if fields["status"] != int64(c.status) || fields["route"] != "unmatched" {
						t.Errorf("%v", fields)
					}
					return
				}
			}
			t.Error("not logged")
		})
	}
}

// TestTooLargeBodyIsToldToTheClient sends more than the server reads: the answer must arrive all the same.
func TestTooLargeBodyIsToldToTheClient(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	address := s.listen(t)
	body := strings.Repeat("x", 5<<20)
	for range 20 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+orderPath, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request) //nolint:bodyclose // readAnswer closes it.
		if err != nil {
			t.Fatal(err)
		}
		if got := readAnswer(t, response); got.status != http.StatusRequestEntityTooLarge {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
}

func TestStalledRequestIsAnswered(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(o *fiberhttp.Options) { o.Timeouts.Read = 50 * time.Millisecond })
	address := s.listen(t)
	for _, begun := range []string{"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", "POST " + orderPath + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"} {
		conn := dial(t, address)
		if _, err := io.WriteString(conn, begun); err != nil {
			t.Fatal(err)
		}
		got := answers(t, conn)
		if len(got) != 1 || got[0].status != 408 {
			t.Fatalf("%q: %+v", begun, got)
		}
		checkProblem(t, got[0], "request_timeout", "")
	}
}

func TestGzipBombIsRefusedUnread(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	var bomb bytes.Buffer
	writer := gzip.NewWriter(&bomb)
	zeros := make([]byte, 1<<20)
	for range 8 { // 8 MiB, eight times the body limit.
		if _, err := writer.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	address := s.listen(t)
	for _, path := range []string{orderPath, "/", "/nowhere"} {
		raw := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", path, bomb.Len(), bomb.String())
		got := exchangeRaw(t, address, raw)
		if len(got) != 1 || got[0].status != 415 {
			t.Fatalf("%s: %+v", path, got)
		}
		checkProblem(t, got[0], "unsupported_media_type", "")
	}
}

// TestIdsOutliveTheirRequest keeps what handlers were given; without Immutable the next request overwrites it.
func TestIdsOutliveTheirRequest(t *testing.T) {
	t.Parallel()
	const count = 200
	s := newShop(t)
	address := s.listen(t)
	var requests strings.Builder
	for i := range count {
		fmt.Fprintf(&requests, "GET /api/v1/keep/id-%04d HTTP/1.1\r\nHost: x\r\n\r\n", i)
	}
	if got := exchangeRaw(t, address, requests.String()); len(got) != count {
		t.Fatalf("%d answers", len(got))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, id := range s.seen {
		if want := fmt.Sprintf("id-%04d", i); id != want {
			t.Fatalf("id %d became %q", i, id)
		}
	}
}
