package fiberhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/ports"
)

// Keeping keeps answers to reads of the catalogue ready, as bytes, and gives them without asking a service. The zero value
// keeps none.
type Keeping struct {
	// Cache is told of changes by whoever makes them in this process; see catalog.TagCatalogue and the others.
	Cache ports.Cache
	// Age is how old an answer may be: what another process changes is seen within it.
	Age time.Duration
}

// keptReads are the routes whose answers may be kept, by the element below apiPath: of all, and of one.
var keptReads = map[string][2]string{
	"products":    {apiPath + "/products", productPath + "{product}"},
	"categories":  {apiPath + "/categories", categoryPath + "{category}"},
	"brands":      {apiPath + "/brands", brandPath + "{brand}"},
	"collections": {apiPath + "/collections", collectionPath + "{collection}"},
}

// keptRoute gives the route of a path whose answer may be kept.
func keptRoute(path []byte) (route string, ok bool) {
	rest, below := bytes.CutPrefix(path, []byte(apiPath+"/"))
	kind, one, single := bytes.Cut(rest, []byte{'/'})
	routes, read := keptReads[string(kind)]
	switch {
	case !below, !read, single && (len(one) == 0 || bytes.IndexByte(one, '/') >= 0):
		return "", false
	case single:
		return routes[1], true
	}
	return routes[0], true
}

// wanted is what an answer is to be kept under, once it is made.
type wanted struct {
	key  string // "" for an answer that is not to be kept.
	mark uint64
	from time.Time
}

// answersKept answers with what is kept for such a request, and tells whether anything was. A request differs from another
// that had the same answer in nothing that the answer depends on, so what was refused of it then is refused now: it has the
// same address to the byte and the same headers of the scope. What it holds besides is for others to judge.
func (s *Server) answersKept(fctx *fasthttp.RequestCtx, x *exchange) bool {
	if s.options.Keeping.Cache == nil || x.method != http.MethodGet && x.method != http.MethodHead || len(fctx.Request.Body()) > 0 {
		return false
	}
	route, ok := keptRoute(fctx.URI().PathOriginal())
	if !ok {
		return false
	}
	key, ok := keyOf(&fctx.Request)
	if !ok {
		return false
	}
	now := s.options.Now()
	kept, ok := s.options.Keeping.Cache.Get(key, now)
	if !ok {
		x.wanted = wanted{key: key, mark: s.options.Keeping.Cache.Mark(), from: now}
		return false
	}
	x.route, x.kept = route, true
	etag, body := kept[:etagSize], kept[etagSize:]
	answer := &fctx.Response
	answer.Header.SetCanonical(etagField, etag)
	answer.Header.SetCanonical(askEachTime.name, askEachTime.value)
	answer.Header.SetCanonical(varying.name, varying.value)
	if held := fctx.Request.Header.Peek(fasthttp.HeaderIfNoneMatch); len(held) > 0 && matches(string(held), string(etag)) {
		answer.SetStatusCode(http.StatusNotModified)
		return true
	}
	answer.Header.SetContentType(jsonType)
	answer.SetBodyRaw(body)
	return true
}

// The headers of kept answers.
var (
	etagField   = []byte("Etag") // As fasthttp writes it for all.
	askEachTime = fieldOf(fasthttp.HeaderCacheControl, "no-cache")
	varying     = fieldOf(fasthttp.HeaderVary, scopeHeaders)
)

// keyHeaders are the headers on which a kept answer depends; each is taken once.
var keyHeaders = []string{"X-Channel", fasthttp.HeaderAcceptLanguage, "X-Currency", "X-Country"}

// keyOf is what the answer to a request is kept under, unless one of its headers is given more than once.
func keyOf(r *fasthttp.Request) (key string, ok bool) {
	buffer := make([]byte, 0, 256)
	buffer = append(buffer, r.Header.RequestURI()...)
	for _, name := range keyHeaders {
		values := r.Header.PeekAll(name)
		if len(values) > 1 {
			return "", false
		}
		buffer = append(buffer, '\n')
		if len(values) == 1 {
			buffer = append(buffer, values[0]...)
		}
	}
	return string(buffer), len(r.Header.PeekAll(fasthttp.HeaderIfNoneMatch)) <= 1
}

// readOf answers with the value, or that the caller holds it already, and keeps the answer for others who ask the same: until
// one of the tags is forgotten. Prices and stock change at any moment, so caches on the way may keep it and must ask each
// time.
func (s *Server) readOf(ctx context.Context, in Conditional, value any, tags ...string) (*catalogueRead, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	raw := Tagged(in.IfNoneMatch, body, "no-cache")
	if x := exchangeIn(ctx); x != nil && x.wanted.key != "" {
		s.options.Keeping.Cache.Put(x.wanted.key, append([]byte(raw.ETag), body...), ports.Keep{
			Mark: x.wanted.mark, Until: x.wanted.from.Add(s.options.Keeping.Age), Tags: tags,
		})
	}
	return &catalogueRead{
		Status: raw.Status, ContentType: raw.ContentType, ETag: raw.ETag, CacheControl: raw.CacheControl,
		Vary: scopeHeaders, Body: raw.Body,
	}, nil
}
