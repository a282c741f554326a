package shopapitest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// makers name the operations that make objects which no POST to their list makes.
var makers = map[string]string{
	"/api/v1/orders/{order}": "POST /api/v1/carts/{cart}/checkout",
}

// spends are the operations after which their object takes no more of the same.
var spends = []string{"POST /api/v1/carts/{cart}/checkout"}

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

// supply gives an object to send a request to: one that answers told of, or a new one.
func (f *fighter) supply(ctx context.Context, op *operation, depth int) *location {
	prefix, reads := placeOf(op.path), op.method == http.MethodGet
	one := f.pool.pick(f.random, prefix, reads)
	if one != nil && f.random.IntN(renewed) > 0 && !slices.Contains(spends, op.String()) {
		return one
	}
	if depth < deepest {
		if made, err := f.make(ctx, prefix, depth+1); err == nil {
			return made
		}
	}
	return one
}

// renewed is how many requests, about, go to one object.
const renewed = 6

var errNotMade = errors.New("not made")

// make makes an object by the operation that does.
func (f *fighter) make(ctx context.Context, prefix string, depth int) (*location, error) {
	parent, _, ok := cutParameter(prefix)
	name := http.MethodPost + " " + parent
	if other, named := makers[prefix]; named {
		name, ok = other, true
	}
	i := slices.IndexFunc(f.document.operations, func(op *operation) bool { return op.String() == name })
	if !ok || i < 0 {
		return nil, errNotMade
	}
	op := f.document.operations[i]
	r, err := f.request(ctx, op, true, depth)
	if err != nil {
		return nil, err
	}
	a, _, err := f.wire.send(ctx, r.shot())
	if err != nil || a.status >= http.StatusMultipleChoices {
		return nil, errNotMade
	}
	f.note(op, r, a)
	made := newPool()
	made.learn(f.document, op, r, a)
	if fresh := made.pick(f.random, prefix, true); fresh != nil {
		return fresh, nil
	}
	return nil, errNotMade
}
