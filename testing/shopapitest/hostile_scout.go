package shopapitest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// scout reads the document, what every list holds, and what is for sale.
func (f *fighter) scout(ctx context.Context) error {
	raw, _, err := f.wire.send(ctx, shot{method: http.MethodGet, target: "/openapi.json"})
	if err != nil {
		return err
	}
	if raw.status != http.StatusOK {
		return fmt.Errorf("/openapi.json: %s", raw)
	}
	if f.document, err = ParseDocument(raw.body); err != nil {
		return fmt.Errorf("/openapi.json: %w", err)
	}
	for _, op := range f.document.operations {
		if op.method == http.MethodGet && placeOf(op.path) == "" {
			f.visit(ctx, op, &request{op: op, method: op.method})
		}
	}
	for _, op := range f.document.operations {
		if prefix := placeOf(op.path); op.method != http.MethodGet || prefix != op.path {
			continue
		} else if prefix == mediaTemplate {
			f.pool.add(&location{prefix: prefix, values: f.fiction(prefix), kept: true})
		} else {
			for _, one := range slices.Clone(f.pool.places[prefix]) {
				f.visit(ctx, op, &request{op: op, method: op.method, path: one.values, place: one})
			}
		}
	}
	most := int64(0)
	for _, v := range f.goods {
		most = max(most, stock(v))
	}
	f.goods = slices.DeleteFunc(f.goods, func(v variant) bool { return stock(v) < most/4 }) // The others are soon sold out.
	return ctx.Err()
}

// visit sends a good request, and learns from the answer what the shop had before the siege.
func (f *fighter) visit(ctx context.Context, op *operation, r *request) {
	for _, in := range op.inputs() {
		if value, ok := f.text(in.name, in.schema); in.required && in.in == "query" && ok {
			r.query = append(r.query, [2]string{in.name, value})
		}
	}
	f.identify(ctx, r)
	a, _, err := f.wire.send(ctx, r.shot())
	f.lose(a, err)
	if err != nil || a.status != http.StatusOK {
		return
	}
	f.pool.learn(f.document, op, r, a)
	var whole product
	if json.Unmarshal(a.body, &whole) != nil {
		return
	}
	for _, v := range whole.Variants {
		if v.Price != nil && v.InStock && v.SKU != "" {
			f.goods = append(f.goods, v)
		}
	}
}

// supply gives an object to send a request to: one that answers told of, or a new one, which a good request always
// gets.
func (f *fighter) supply(ctx context.Context, op *operation, fresh bool, depth int) *location {
	one := f.pool.pick(f.random, placeOf(op.path), op.method == http.MethodGet)
	if one != nil && !fresh && f.random.IntN(renewed) > 0 && !slices.Contains(spends, op.String()) {
		return one
	}
	if depth < deepest {
		if made, err := f.make(ctx, op, depth+1); err == nil {
			return made
		}
	}
	return one
}

// renewed is how many requests, about, go to one object.
const renewed = 8

// make makes an object for an operation: by a POST to its list, unless it is an order or of one.
func (f *fighter) make(ctx context.Context, op *operation, depth int) (*location, error) {
	prefix := placeOf(op.path)
	if strings.HasPrefix(prefix, staffOrders) || prefix == "/api/v1/orders/{order}" {
		one, err := f.order(ctx, op, depth)
		if err == nil && prefix == "/api/v1/orders/{order}" {
			one = f.pool.at(prefix, one.values)
		}
		if one == nil {
			return nil, errNotMade
		}
		return one, err
	}
	if forge := forges[prefix]; forge != nil {
		return forge(ctx, f, op, depth)
	}
	if one, err := f.member(ctx, op); one != nil || err != nil {
		return one, err
	}
	parent, _, _ := cutParameter(prefix)
	by := f.operation(http.MethodPost + " " + parent)
	if by == nil {
		return nil, errNotMade
	}
	r, err := f.request(ctx, by, true, depth)
	if err != nil {
		return nil, err
	}
	a, _, err := f.wire.send(ctx, r.shot())
	f.lose(a, err)
	if err != nil || a.status >= http.StatusMultipleChoices {
		return nil, errNotMade
	}
	f.note(by, r, a)
	made := newPool()
	made.learn(f.document, by, r, a)
	if one := made.pick(f.random, prefix, true); one != nil {
		return one, nil
	}
	return nil, errNotMade
}
