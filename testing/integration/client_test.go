package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// client calls a shop over HTTP. Safe for concurrent use.
type client struct {
	base string
	http *http.Client
}

// newClient keeps a connection for each of many callers.
func newClient(t *testing.T, base string) *client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 128}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{base, &http.Client{Transport: transport, Timeout: 30 * time.Second}}
}

// answer is what a shop answered.
type answer struct {
	status   int
	header   http.Header
	body     []byte
	replayed bool
	closes   bool // The connection ends with it.
}

// call sends a request; body is encoded as JSON unless it is nil, headers are names and values.
func (c *client) call(ctx context.Context, method, path string, body any, headers ...string) (answer, error) {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, text, response.Header.Get("Idempotent-Replayed") == "true", response.Close}, err
}

// into decodes the body.
func (a answer) into(v any) error {
	if err := json.Unmarshal(a.body, v); err != nil {
		return fmt.Errorf("%d: %w: %s", a.status, err, a.body)
	}
	return nil
}

// amount is an amount of money as the shop shows it.
type amount struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// shownOrder is what these tests read of an order.
type shownOrder struct {
	ID            string `json:"id"`
	Number        string `json:"number"`
	Token         string `json:"token"`
	Status        string `json:"status"`
	PaymentStatus string `json:"payment_status"`
	Totals        struct {
		Total amount `json:"total"`
	} `json:"totals"`
}

// shownProblem is what these tests read of a problem.
type shownProblem struct {
	Code         string  `json:"code"`
	CurrentTotal *amount `json:"current_total"`
	Errors       []struct {
		Field     string `json:"field"`
		Code      string `json:"code"`
		SKU       string `json:"sku"`
		Available *int64 `json:"available"`
	} `json:"errors"`
}

// order decodes a body that must be an order.
func (a answer) order() (o shownOrder, err error) {
	if err = a.into(&o); err == nil && o.ID == "" {
		err = fmt.Errorf("%d: no order: %s", a.status, a.body)
	}
	return o, err
}

// problem decodes a body that must be a problem.
func (a answer) problem() (p shownProblem, err error) {
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		return p, fmt.Errorf("%d: a problem is of type %q: %s", a.status, got, a.body)
	}
	return p, a.into(&p)
}

// wantCode fails unless the answer is a problem of that status and code.
func (a answer) wantCode(t *testing.T, status int, code string) shownProblem {
	t.Helper()
	p, err := a.problem()
	if err != nil || a.status != status || p.Code != code {
		t.Errorf("%d %s (%v), want %d %s: %s", a.status, p.Code, err, status, code, a.body)
	}
	return p
}

// line is a line of a cart to be made.
type line struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
}

// cart makes a cart and gives its id.
func (c *client) cart(ctx context.Context, lines ...line) (string, error) {
	a, err := c.call(ctx, http.MethodPost, "/api/v1/carts", map[string]any{"lines": lines})
	if err != nil {
		return "", err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := a.into(&made); err != nil || a.status != http.StatusCreated {
		return "", fmt.Errorf("making a cart: %d: %w: %s", a.status, err, a.body)
	}
	return made.ID, nil
}

// wish is the body of a checkout, by manual or, with a token, by the provider test.
func wish(token string) map[string]any {
	payment := map[string]any{"provider": "manual"}
	if token != "" {
		payment = map[string]any{"provider": "test", "token": token}
	}
	return map[string]any{
		"email": "ada@example.org", "payment": payment,
		"shipping_address": map[string]any{"name": "Ada Byron", "line1": "1 Cornhill", "city": "Ipswich", "postal_code": "IP1 1DD", "country": "GB"},
	}
}

// checkout orders a cart.
func (c *client) checkout(ctx context.Context, cart, key string, body map[string]any) (answer, error) {
	return c.call(ctx, http.MethodPost, "/api/v1/carts/"+cart+"/checkout", body, "Idempotency-Key", key)
}

// mustCart is cart for a test's own goroutine.
func (c *client) mustCart(t *testing.T, lines ...line) string {
	t.Helper()
	id, err := c.cart(t.Context(), lines...)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// mustCheckout is checkout for a test's own goroutine.
func (c *client) mustCheckout(t *testing.T, cart, key string, body map[string]any) answer {
	t.Helper()
	a, err := c.checkout(t.Context(), cart, key, body)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
