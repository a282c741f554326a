package shopapitest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

const (
	staffOrders = "/api/v1/admin/orders/{order}"
	checkoutOp  = "POST /api/v1/carts/{cart}/checkout"
)

// spends are the operations after which their object takes no more of the same.
var spends = []string{checkoutOp}

// paidBy are the tokens of the test provider with which an order is paid that the operation, without what stands before
// it, is good for; "" is one that is paid by hand.
var paidBy = map[string]string{"/captures": "tok_authorize", "/void": "tok_authorize", "/refunds": "tok_ok", "/payments/{payment}/settle": "tok_async", "/settle": "tok_async"}

var errNotMade = errors.New("not made")

// order makes an order that an operation of staff is good for, with what has to be done to it before.
func (f *fighter) order(ctx context.Context, op *operation, depth int) (*location, error) {
	rest := strings.TrimPrefix(op.path, staffOrders)
	checkout := f.operation(checkoutOp)
	if checkout == nil {
		return nil, errNotMade
	}
	r, err := f.request(ctx, checkout, true, depth)
	if err != nil {
		return nil, err
	}
	if token := paidBy[rest]; token != "" {
		r.body.(map[string]any)["payment"] = map[string]any{"provider": "test", "token": token}
	}
	var bought struct{ ID, Currency string }
	if err := f.does(ctx, checkout, r, &bought); err != nil {
		return nil, err
	}
	made := &location{prefix: staffOrders, values: map[string]string{"order": bought.ID}}
	f.pool.add(made)
	if op.path == staffOrders || placeOf(op.path) == staffOrders {
		return made, nil
	}
	return f.ofOrder(ctx, made, placeOf(op.path), bought.Currency)
}

// ofOrder makes what belongs to an order: a fulfilment, an undecided payment, a refund that somebody has to send.
func (f *fighter) ofOrder(ctx context.Context, order *location, prefix, currency string) (*location, error) {
	_, name, _ := cutParameter(prefix)
	var made struct {
		ID         string
		Fulfilment struct{ ID string }
		Payments   []struct{ ID string }
	}
	var err error
	switch name {
	case "fulfilment":
		err = f.staff(ctx, order, "POST", "/fulfilments", map[string]any{}, &made)
		made.ID = made.Fulfilment.ID
	case "payment":
		if err = f.staff(ctx, order, "GET", "", nil, &made); err == nil && len(made.Payments) > 0 {
			made.ID = made.Payments[0].ID
		}
	case "effect":
		receipt := map[string]any{"provider": "manual", "reference": order.values["order"], "amount": map[string]any{"amount": "0.01", "currency": currency}}
		if err = f.staff(ctx, order, "POST", "/payments", receipt, &made); err == nil {
			err = f.staff(ctx, order, "POST", "/refunds", map[string]any{"reason": "sent back"}, &made)
		}
	}
	if err != nil || made.ID == "" {
		return nil, errNotMade
	}
	one := &location{prefix: prefix, values: with(order.values, name, made.ID)}
	f.pool.add(one)
	return one, nil
}

// staff sends a request to an order as staff.
func (f *fighter) staff(ctx context.Context, order *location, method, path string, body, into any) error {
	op := f.operation(method + " " + staffOrders + path)
	if op == nil {
		return errNotMade
	}
	r := &request{op: op, method: method, path: order.values, place: order, body: body, media: jsonType}
	f.identify(ctx, r)
	if slices.Contains(op.parameters, parameter{keyHeader, "header"}) {
		r.set(keyHeader, f.string(keyHeader, nil))
	}
	return f.does(ctx, op, r, into)
}

// does sends a good request and reads the answer.
func (f *fighter) does(ctx context.Context, op *operation, r *request, into any) error {
	a, _, err := f.wire.send(ctx, r.shot())
	f.lose(a, err)
	if err != nil {
		return err
	}
	f.note(op, r, a)
	if a.status >= 300 {
		return errNotMade
	}
	return json.Unmarshal(a.body, into)
}

// operation gives an operation by its method and template, nil when the document has none.
func (b *battle) operation(name string) *operation {
	for _, op := range b.document.operations {
		if op.String() == name {
			return op
		}
	}
	return nil
}
