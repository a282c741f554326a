// Package fiberhttp is the HTTP edge of a shop: Fiber v2 and huma, problem details, an OpenAPI document made from the
// routes, health, metrics, media and a drain that drops nothing.
//
// It holds no business rule. What a request must be before a route sees it (well-formed, known parameters, strict JSON,
// one deadline) is decided here, once; what it means is decided by the services that routes call.
//
//	server, err := fiberhttp.New(fiberhttp.Options{Logger: logger, Registry: registry, NewID: ids, Now: clock.Now})
//	fiberhttp.Op(server, fiberhttp.Route{ID: "get-cart", Method: http.MethodGet, Path: "/api/v1/carts/{id}", …}, handler)
//	err = server.Listen(listener)
//
// Three traps of Fiber v2 shape the package: strings of a request are views of pooled memory (Immutable is on), nobody
// cancels a handler when its client leaves (every operation has a deadline), and a request that fails before routing
// meets no middleware (everything common hangs on the fasthttp handler and on the one error handler instead).
package fiberhttp
