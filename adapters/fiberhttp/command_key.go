package fiberhttp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

const (
	maxKey = 255 // Bytes of an idempotency key.
	// maxKeyPath bounds what a path adds to the scope of a key: a longer one stands there by its digest, for stores index it.
	maxKeyPath = 160
)

// commandRequest is what a command needs of its request besides the input.
type commandRequest struct {
	header      string // The Idempotency-Key as it came.
	given       bool
	path        string // The path's parameters, part of the key's scope.
	fingerprint [32]byte
}

// commandOf reads a request; what it means only when it has a key.
func commandOf(c *fiber.Ctx) commandRequest {
	keys := c.Request().Header.PeekAll(keyHeader)
	if len(keys) == 0 {
		return commandRequest{}
	}
	out := commandRequest{header: string(keys[0]), given: true}
	for _, name := range c.Route().Params {
		out.path += ":" + c.Params(name)
	}
	if len(out.path) > maxKeyPath {
		sum := sha256.Sum256([]byte(out.path))
		out.path = ":" + hex.EncodeToString(sum[:])
	}
	sum := sha256.New()
	for _, part := range [...][]byte{[]byte(c.Method()), c.Context().Path(), c.Context().URI().QueryString(), canonical(c)} {
		sum.Write([]byte(strconv.Itoa(len(part)) + ":"))
		sum.Write(part)
	}
	sum.Sum(out.fingerprint[:0])
	return out
}

// canonical is the body without what does not matter: white space and the order of members in JSON, the boundary of a
// form.
func canonical(c *fiber.Ctx) []byte {
	body := c.Request().Body()
	media, parameters, err := mime.ParseMediaType(string(c.Request().Header.ContentType()))
	switch {
	case err != nil:
		return body
	case strings.HasPrefix(media, "multipart/") && parameters["boundary"] != "":
		return bytes.ReplaceAll(body, []byte(parameters["boundary"]), nil)
	case media != jsonType:
		return body
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return body
	}
	text, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return text
}

// key is the idempotency key, "" for none.
func (r commandRequest) key(needed bool) (string, error) {
	switch {
	case !r.given && needed:
		return "", MissingIdempotencyKey.New("the call needs the header " + keyHeader + "; send a fresh random value").
			Listing(MissingIdempotencyKey.New("is missing; send a fresh random value").At(keyHeader))
	case !r.given:
		return "", nil
	case r.header == "" || len(r.header) > maxKey || strings.ContainsFunc(r.header, func(c rune) bool { return c < '!' || c > '~' }):
		return "", fault.Collect([]*fault.Error{fault.Bad.Newf("a key is 1 to %d characters of printable ASCII without spaces", maxKey).At(keyHeader)})
	}
	return r.header, nil
}

// commandCases are the cases that the rules of keys can answer.
func (r Route) commandCases() []fault.Class {
	if !r.command {
		return nil
	}
	cases := []fault.Class{ports.InProgress, ports.IdempotencyMismatch, fault.Bad, fault.Unexpected, fault.Down, fault.Lost}
	if r.NeedsKey {
		cases = append(cases, MissingIdempotencyKey)
	}
	return cases
}

// documentKey says in the document that the operation takes a key.
func (r Route) documentKey(op *huma.Operation) {
	if !r.command {
		return
	}
	one, most := 1, maxKey
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: keyHeader, In: "header", Required: r.NeedsKey,
		Description: "A fresh random value for each intent; repeat it to retry: what was done is not done again.",
		Schema:      &huma.Schema{Type: huma.TypeString, MinLength: &one, MaxLength: &most, Pattern: "^[!-~]+$"},
	})
}

// documentReplay says in the document that an answer may be that of an earlier request.
func (r Route) documentReplay(op *huma.Operation) {
	good := op.Responses[strconv.Itoa(op.DefaultStatus)]
	if !r.command || good == nil {
		return
	}
	if good.Headers == nil {
		good.Headers = map[string]*huma.Param{}
	}
	good.Headers[replayedHeader] = &huma.Header{
		Description: "true when an earlier request with this key did it.", Schema: &huma.Schema{Type: huma.TypeString},
	}
}
