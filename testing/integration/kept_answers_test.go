package integration_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// handClock stands still until it is moved.
type handClock struct{ micros atomic.Int64 }

func (c *handClock) Now() time.Time          { return time.UnixMicro(c.micros.Load()).UTC() }
func (c *handClock) advance(d time.Duration) { c.micros.Add(d.Microseconds()) }

// keptAge is how long the shops of these tests keep answers.
const keptAge = time.Second

// keptShop is a shop whose clock the test moves, with one mug that costs 10.00.
type keptShop struct {
	*httpShop

	clock *handClock
	mug   ref.VariantID
}

func openKeptShop(t *testing.T) keptShop {
	t.Helper()
	clock := &handClock{}
	clock.micros.Store(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixMicro())
	s := keptShop{httpShop: openHTTPShopAt(t, clock, keptAge), clock: clock}
	p := s.stock(t, goods{slug: "mug", brand: "Orwell", variants: []goodsVariant{{sku: "MUG", price: "10.00", stock: 1000}}})
	s.mug = p.Variants[0].ID
	return s
}

// costs sets the price through a service; that of a shop's own is told of it, another is another process.
func (s keptShop) costs(t *testing.T, by *pricing.Service, price string) {
	t.Helper()
	scope := ref.Scope{Channel: s.Scope.Channel, Currency: s.Scope.Currency}
	if _, err := by.Set(t.Context(), scope, []pricing.Price{priceOf(t, s.mug, goodsVariant{price: price})}); err != nil {
		t.Fatal(err)
	}
}

// elsewhere sets prices in the same store, as another process does.
func (s keptShop) elsewhere() *pricing.Service {
	return pricing.NewService(s.store.Prices(), s.store.Pricing(), s.clock, s.ids)
}

// shown reads what the mug costs in the list and by itself.
func (s keptShop) shown(t *testing.T) string {
	t.Helper()
	list := s.want(t, http.StatusOK, http.MethodGet, productsPath+"?limit=5", "").pounds(t, "items", 0, "price")
	return list + " " + s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "").pounds(t, "price")
}

func (s keptShop) wantShown(t *testing.T, when, want string) {
	t.Helper()
	if got := s.shown(t); got != want {
		t.Errorf("%s: the mug costs %s, want %s", when, got, want)
	}
}

// What this process changes is seen at once; what another one does, never later than the age, and until then nobody asks
// the store.
func TestKeptAnswersAge(t *testing.T) {
	t.Parallel()
	s := openKeptShop(t)
	s.wantShown(t, "at first", "10.00 10.00")
	s.costs(t, s.elsewhere(), "11.00")
	s.wantShown(t, "changed by another process", "10.00 10.00")
	s.clock.advance(keptAge - time.Microsecond)
	s.wantShown(t, "just before the age", "10.00 10.00")
	s.clock.advance(time.Microsecond)
	s.wantShown(t, "at the age", "11.00 11.00")
	s.costs(t, s.Pricing, "12.00")
	s.wantShown(t, "changed here", "12.00 12.00")
}

// A price that a page shows from before is never charged, and who says what total they expect is told.
func TestKeptAnswersAreNeverCharged(t *testing.T) {
	t.Parallel()
	s := openKeptShop(t)
	s.wantShown(t, "at first", "10.00 10.00")
	cart, made := s.cart(t, `{"sku":"MUG","quantity":2}`)
	if got := made.pounds(t, "totals", "total"); got != "20.00" {
		t.Fatalf("the cart costs %s", got)
	}
	s.costs(t, s.elsewhere(), "11.00")
	s.wantShown(t, "changed by another process", "10.00 10.00")
	if got := s.want(t, http.StatusOK, http.MethodGet, cart, "").pounds(t, "totals", "total"); got != "22.00" {
		t.Errorf("the cart costs %s", got)
	}
	refused := s.call(t, http.MethodPost, cart+"/checkout", checkoutBody("manual", "", `,"expected_total":{"amount":"20.00","currency":"GBP"}`), "Idempotency-Key", "one")
	if got := refused.problem(t); !strings.HasPrefix(got, "409 price_changed") || refused.pounds(t, "current_total") != "22.00" {
		t.Errorf("expecting the old total: %s %s", got, refused.body)
	}
	order := s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", checkoutBody("manual", "", ""), "Idempotency-Key", "two")
	if got := order.pounds(t, "totals", "total"); got != "22.00" {
		t.Errorf("charged %s", got)
	}
}

// Orders change how many there are and, with the last, whether there are any.
func TestKeptAnswersShowOrders(t *testing.T) {
	t.Parallel()
	s := openKeptShop(t)
	buy := func(key string, quantity int) {
		t.Helper()
		cart, _ := s.cart(t, fmt.Sprintf(`{"sku":"MUG","quantity":%d}`, quantity))
		s.want(t, http.StatusCreated, http.MethodPost, cart+"/checkout", checkoutBody("manual", "", ""), "Idempotency-Key", key)
	}
	wantStock := func(available float64) {
		t.Helper()
		detail := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "")
		list := s.want(t, http.StatusOK, http.MethodGet, productsPath, "")
		if detail.at(t, "variants", 0, "available") != available || detail.at(t, "in_stock") != (available > 0) || list.at(t, "items", 0, "in_stock") != (available > 0) {
			t.Errorf("%v are shown, %v, want %v; the list says %v", detail.at(t, "variants", 0, "available"), detail.at(t, "in_stock"), available, list.at(t, "items", 0, "in_stock"))
		}
	}
	wantStock(1000)
	buy("one", 400)
	wantStock(600)
	buy("two", 600)
	wantStock(0)
}

// While a price only rises, nobody is shown one that was replaced before they asked, however reads and changes overlap.
func TestKeptAnswersUnderWay(t *testing.T) {
	t.Parallel()
	s := openKeptShop(t)
	const changes, readers = 150, 4
	var told atomic.Int64
	told.Store(10)
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			for told.Load() < 10+changes {
				least := told.Load()
				text := s.want(t, http.StatusOK, http.MethodGet, productsPath+"/mug", "").pounds(t, "price")
				if price, err := strconv.ParseFloat(text, 64); err != nil || int64(price) < least {
					t.Errorf("%s is shown after %d was set", text, least)
					return
				}
			}
		})
	}
	for n := int64(11); n <= 10+changes; n++ {
		s.costs(t, s.Pricing, strconv.FormatInt(n, 10)+".00")
		told.Store(n)
	}
	all.Wait()
}

// What is kept is for whoever asks the very same, and nothing that is refused is let through by it.
func TestKeptAnswersAreOfTheSameRequest(t *testing.T) {
	t.Parallel()
	s := openKeptShop(t)
	first := s.want(t, http.StatusOK, http.MethodGet, productsPath+"?limit=1", "")
	etag := first.header.Get("ETag")
	s.costs(t, s.elsewhere(), "11.00") // What is shown from here on was kept, if it still costs 10.00.
	again := s.want(t, http.StatusOK, http.MethodGet, productsPath+"?limit=1", "")
	for _, name := range []string{"ETag", "Content-Type", "Content-Length", "Cache-Control", "Vary", "X-Content-Type-Options", "Content-Security-Policy"} {
		if again.header.Get(name) != first.header.Get(name) {
			t.Errorf("%s is %q, at first it was %q", name, again.header.Get(name), first.header.Get(name))
		}
	}
	if again.body != first.body || again.header.Get("X-Request-Id") == first.header.Get("X-Request-Id") {
		t.Errorf("again: %s with the id %s", again.body, again.header.Get("X-Request-Id"))
	}
	if held := s.want(t, http.StatusNotModified, http.MethodGet, productsPath+"?limit=1", "", "If-None-Match", `"x", W/`+etag); held.header.Get("ETag") != etag || held.header.Get("Content-Type") != "" {
		t.Errorf("held: %v", held.header)
	}
	if head := s.want(t, http.StatusOK, http.MethodHead, productsPath+"?limit=1", ""); head.body != "" || head.header.Get("ETag") != etag {
		t.Errorf("HEAD: %v %q", head.header, head.body)
	}
	s.want(t, http.StatusOK, http.MethodGet, productsPath+"?limit=1", "", "If-None-Match", `"x"`)
	for name, pairs := range map[string][]string{
		"another query": {"?limit=2"}, "another language": {"?limit=1", "Accept-Language", "fr"}, "another country": {"?limit=1", "X-Country", "FR"},
	} {
		got := s.want(t, http.StatusOK, http.MethodGet, productsPath+pairs[0], "", pairs[1:]...)
		if price := got.pounds(t, "items", 0, "price"); price != "11.00" {
			t.Errorf("%s is shown what was kept for the first: %s", name, price)
		}
	}
	for query, pairs := range map[string][]string{
		"?limit=1&limit=1": nil, "?limit=1&x=y": nil, "?limit=1": {"X-Currency", "EUR"}, "?limit=0": nil,
	} {
		for range 2 {
			if got := s.call(t, http.MethodGet, productsPath+query, "", pairs...); got.status < http.StatusBadRequest || got.status >= http.StatusInternalServerError {
				t.Errorf("%s %v: %d", query, pairs, got.status)
			}
		}
	}
	s.want(t, http.StatusMethodNotAllowed, http.MethodPut, productsPath+"?limit=1", "")
}
