package fiberhttp

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// jsonType is the media type of a body unless its operation says otherwise.
const jsonType = "application/json"

// admitAny refuses what no address takes: a header whose name is none, an encoded body, since decoding it would pass the body limit, and an address
// whose path or query is not properly encoded UTF-8, since a store may choke on it.
func admitAny(fctx *fasthttp.RequestCtx) error {
	if err := admitFraming(fctx); err != nil {
		return err
	}
	if len(fctx.Request.Header.ContentEncoding()) > 0 {
		return UnsupportedMediaType.New("an encoded body is not read here; send it without Content-Encoding")
	}
	for name := range fctx.Request.Header.All() {
		if !isToken(name) {
			// Whoever stands in front may read such a name as another one and disagree over where the request ends.
			fctx.SetConnectionClose()
			return MalformedRequest.New("a header's name is no token; letters, digits and hyphens make one")
		}
	}
	if !wellEncoded(fctx.URI().PathOriginal(), false) {
		return MalformedRequest.New("the path is not properly encoded; use percent-encoded UTF-8 without control characters")
	}
	if !wellEncoded(fctx.URI().QueryString(), true) {
		return MalformedRequest.New("the query is not properly encoded; use percent-encoded UTF-8 without control characters")
	}
	return nil
}

// wellEncoded tells whether text is UTF-8 without control characters once its percent escapes are read. A query may
// hold line breaks and tabs.
func wellEncoded(text []byte, query bool) bool {
	if bytes.IndexByte(text, '%') >= 0 {
		decoded := make([]byte, 0, len(text))
		for i := 0; i < len(text); i++ {
			if text[i] != '%' {
				decoded = append(decoded, text[i])
				continue
			}
			if i+2 >= len(text) {
				return false
			}
			high, low := unhex(text[i+1]), unhex(text[i+2])
			if high > 15 || low > 15 {
				return false
			}
			decoded = append(decoded, high<<4|low)
			i += 2
		}
		text = decoded
	}
	for _, c := range text {
		if (c < 0x20 && (!query || c != '\t' && c != '\n' && c != '\r')) || c == 0x7F {
			return false
		}
	}
	return utf8.Valid(text)
}

// isToken tells whether text is a token of RFC 9110, which fasthttp does not check in full.
func isToken(text []byte) bool {
	for _, c := range text {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return len(text) > 0
}

// unhex is the value of a hexadecimal digit, or 16.
func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	default:
		return 16
	}
}

// admit refuses what this operation does not take: parameters it does not know or that are repeated, another media
// type, a body that is not strict JSON.
func admit(c *fiber.Ctx, op *huma.Operation) error {
	if err := admitQuery(c.Context().QueryArgs(), op.Parameters); err != nil {
		return err
	}
	if err := admitIntegers(c.Context().QueryArgs(), op.Parameters); err != nil {
		return err
	}
	for _, parameter := range op.Parameters {
		if parameter.In == "header" && len(c.Request().Header.PeekAll(parameter.Name)) > 1 {
			return UnknownParameter.New("the header is given more than once; give it once").At(parameter.Name)
		}
	}
	if op.RequestBody == nil {
		return nil
	}
	return admitBody(c, op.RequestBody)
}

// admitQuery refuses parameters that are not in the list and those given twice, unless they are lists themselves.
func admitQuery(args *fasthttp.Args, known []*huma.Param) error {
	var refused []*fault.Error
	seen := make(map[string]bool, args.Len())
	for key := range args.All() {
		name := string(key)
		switch parameter := queryParameter(known, name); {
		case parameter == nil && !seen[name]:
			refused = append(refused, UnknownParameter.New("is not known here; leave it out").At(excerpt(name, maxPath)))
		case parameter != nil && seen[name] && (parameter.Explode == nil || !*parameter.Explode):
			refused = append(refused, UnknownParameter.New("is given more than once; give it once").At(name))
		}
		seen[name] = true
	}
	if len(refused) == 0 {
		return nil
	}
	return UnknownParameter.New("a query parameter is not known here or is repeated").Listing(refused...)
}

func queryParameter(known []*huma.Param, name string) *huma.Param {
	for _, parameter := range known {
		if parameter.In == "query" && parameter.Name == name {
			return parameter
		}
	}
	return nil
}

func admitBody(c *fiber.Ctx, body *huma.RequestBody) error {
	raw := c.Request().Body()
	if body.Content[anyMedia] != nil {
		return nil
	}
	if len(raw) == 0 {
		if body.Required && body.Content[jsonType] != nil {
			return MalformedJSON.New("the body is empty; send a JSON value")
		}
		return nil
	}
	media, ok := mediaType(string(c.Request().Header.ContentType()))
	if !ok || body.Content[media] == nil {
		return ofStatus(fiber.StatusUnsupportedMediaType)
	}
	if media == jsonType {
		return Scan(raw)
	}
	return nil
}

// mediaType gives the media type without its parameters, and false when it is malformed or names another charset than
// UTF-8.
func mediaType(header string) (string, bool) {
	if header == jsonType {
		return jsonType, true
	}
	media, parameters, err := mime.ParseMediaType(header)
	if err != nil {
		return "", false
	}
	if charset, given := parameters["charset"]; given && !strings.EqualFold(charset, "utf-8") {
		return "", false
	}
	return media, true
}
