package shopapitest

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

const tokenHeader = "X-Order-Token"

func orderClauses() []clause {
	return []clause{{"orders/token", orderToken}}
}

func orderPath(id string) string { return "/api/v1/orders/" + id }

// orderToken reads an order with its token, without one and with others. Who has no token learns nothing, not even
// that there is such an order.
func orderToken(t *testing.T, s *suite) {
	t.Helper()
	buy := func() (answer, order) {
		c := s.newCart(t, s.unit(t))
		a := s.order(t, c, s.purchase(t, "manual", "", nil), rand.Text())
		return a, readOrder(t, a, http.StatusCreated)
	}
	made, o := buy()
	_, other := buy()
	read := s.call(t, http.MethodGet, orderPath(o.ID), "", tokenHeader, o.Token).want(t, http.StatusOK)
	if readOrder(t, read, http.StatusOK); !reflect.DeepEqual(read.members(t), made.members(t)) {
		t.Errorf("%s: is not what checkout answered: %s", read, made)
	}
	if s.call(t, http.MethodHead, orderPath(o.ID), "", tokenHeader, o.Token).status != http.StatusOK {
		t.Error("HEAD of the order is not 200")
	}
	if len(o.Token) < 22 || o.Token == other.Token || o.Number == other.Number {
		t.Errorf("tokens %q and %q, numbers %q and %q", o.Token, other.Token, o.Number, other.Number)
	}
	unknown := facts(t, s.call(t, http.MethodGet, orderPath("ord_00000000000000000000000000"), "", tokenHeader, o.Token))
	for _, token := range []string{"", "x", other.Token, flipped(o.Token), o.Token + "A", strings.ToUpper(o.Token), strings.Repeat("z", 2000)} {
		a := s.call(t, http.MethodGet, orderPath(o.ID), "", tokenHeader, token)
		a.refused(t, http.StatusNotFound, "not_found")
		if got := facts(t, a); got != unknown {
			t.Errorf("%s: tells more than that of an unknown order, %+v", a, unknown)
		}
	}
	for _, id := range []string{"x", flipped(o.ID), o.Number, "%20", strings.Repeat("x", 2000)} {
		s.call(t, http.MethodGet, orderPath(id), "", tokenHeader, o.Token).refused(t, http.StatusNotFound, "not_found")
	}
}

// facts is what a refusal tells, besides its own id.
func facts(t *testing.T, a answer) string {
	t.Helper()
	var p problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Errorf("%s: %v", a, err)
	}
	p.RequestID = ""
	return jsonOf(t, p)
}
