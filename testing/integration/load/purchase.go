package load

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"
)

// State is what is known of a purchase.
type State string

// The states of a purchase. It is unknown while no answer tells whether there is an order.
const (
	Unbegun  State = "unbegun"
	Given    State = "given up" // Before its checkout: there is no order.
	Unknown  State = "unknown"
	Refused  State = "refused"
	Accepted State = "accepted"
)

// Purchase is an invoice that is played.
type Purchase struct {
	Invoice Invoice
	Key     string
	State   State
	Status  int           // Of the last answer.
	Code    string        // Of the problem that it was.
	Order   string        // The id of an accepted one.
	Total   int64         // In pence, as the answer said.
	Late    time.Duration // From when it was to begin to when it was answered.

	cart string
}

// buyer plays purchases over one client.
type buyer struct {
	base    string
	name    string // Begins the ids of requests.
	client  *fasthttp.Client
	timeout time.Duration
	log     *journal

	together bool
}

// play is a purchase from the cart to the answer of the checkout.
func (b *buyer) play(p *Purchase) {
	p.State = Given
	lines := p.Invoice.Lines
	first := lines[:len(lines)-1]
	if b.together {
		first = lines
	}
	made := b.ask(p, CallCart, "/api/v1/carts", cartBody(first), "")
	var cart struct{ ID string }
	if made.status != http.StatusCreated || json.Unmarshal(made.body, &cart) != nil || cart.ID == "" {
		return
	}
	p.cart = cart.ID
	for _, l := range lines[len(first):] {
		if added := b.ask(p, CallLine, "/api/v1/carts/"+p.cart+"/lines", lineBody(nil, l), ""); added.status != http.StatusOK {
			return
		}
	}
	b.checkout(p, CallCheckout)
}

// checkout asks for the order, and notes what it heard.
func (b *buyer) checkout(p *Purchase, call Call) {
	a := b.ask(p, call, "/api/v1/carts/"+p.cart+"/checkout", checkoutBody, p.Key)
	switch {
	case a.status == http.StatusCreated:
		p.State, p.Order, p.Total = Accepted, a.order, a.total
	case a.status >= http.StatusBadRequest && a.status < http.StatusInternalServerError && a.status != http.StatusRequestTimeout &&
		a.status != http.StatusTooManyRequests && a.code != "in_progress":
		p.State = Refused
	default: // It may have been done, may be under way, or may yet be done when it is asked for again.
		p.State = Unknown
	}
}

// reply is what was heard of a request.
type reply struct {
	status int
	code   string
	order  string
	total  int64
	body   []byte
}

// ask sends a request and writes it down.
func (b *buyer) ask(p *Purchase, call Call, path string, body []byte, key string) reply {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	e := Entry{Request: b.name + "-" + strconv.FormatUint(serial.Add(1), 10), Call: call, Invoice: p.Invoice.Number, Key: key, At: time.Now()}
	req.SetRequestURI(b.base + path)
	req.Header.SetMethod(http.MethodPost)
	req.Header.SetContentType("application/json")
	req.Header.Set("X-Request-Id", e.Request)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	req.SetBodyRaw(body)
	err := b.client.DoTimeout(req, resp, b.timeout)
	e.Took = time.Since(e.At)
	var a reply
	if err != nil {
		e.Error = err.Error()
	} else {
		a = read(resp)
	}
	e.Status, e.Code, e.Order = a.status, a.code, a.order
	p.Status, p.Code = a.status, a.code
	b.log.write(e)
	return a
}

// read takes what matters of an answer. The body of a cart is copied, for the id in it; an order's is large and is not.
func read(resp *fasthttp.Response) reply {
	a := reply{status: resp.StatusCode()}
	switch body := resp.Body(); {
	case a.status == http.StatusCreated || a.status == http.StatusOK:
		var shown struct {
			ID     string
			Number string
			Totals struct{ Total struct{ Amount string } }
		}
		if json.Unmarshal(body, &shown) != nil {
			a.status = 0 // Half an answer is none.
			return a
		}
		a.total, _ = pence(shown.Totals.Total.Amount)
		if shown.Number != "" {
			a.order = shown.ID
			return a
		}
		a.body = append([]byte(nil), body...)
	case a.status >= http.StatusBadRequest:
		var problem struct{ Code string }
		_ = json.Unmarshal(body, &problem)
		a.code = problem.Code
	}
	return a
}
