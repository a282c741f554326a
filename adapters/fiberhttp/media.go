package fiberhttp

import (
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// mediaTypes are the kinds of files that are served; others do not exist for callers.
var mediaTypes = map[string]string{
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
	".webp": "image/webp", ".avif": "image/avif", ".gif": "image/gif",
}

const (
	mediaPath = "/media/{key}"
	// mediaPolicy lets an SVG that is opened on its own style itself and do nothing else.
	mediaPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; " + nothingElse
	// A key names content that does not change; a drawn image may be drawn better some day.
	mediaForever = "public, max-age=31536000, immutable"
	mediaDrawn   = "public, max-age=86400"
)

// registerMedia serves images below /media/. Keys hold slashes, which huma cannot say, so the operation is documented
// by hand. SendFile is never used: it opens paths.
func (s *Server) registerMedia() {
	s.raw("/media/+", mediaPath, s.media)
	op := &huma.Operation{
		OperationID: "get-media", Method: http.MethodGet, Path: mediaPath, Tags: []string{"Media"},
		Security: []map[string][]string{{}}, Extensions: map[string]any{authExtension: Public.name()},
		Summary:     "An image of the shop",
		Description: "The key may hold slashes. `drawn/<slug>.svg` is a placeholder, drawn from the slug.",
		Parameters: []*huma.Param{
			{Name: "key", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}},
			{Name: fiber.HeaderIfNoneMatch, In: "header", Schema: &huma.Schema{Type: huma.TypeString}},
		},
		Responses: map[string]*huma.Response{
			"200": {Description: "The image", Content: map[string]*huma.MediaType{
				"image/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
			}},
			"304": {Description: "The caller holds the present image"},
		},
	}
	s.documentProblems(op, []fault.Class{UnknownParameter, fault.Missing})
	s.api.OpenAPI().AddOperation(op)
}

func (s *Server) media(c *fiber.Ctx) error {
	if err := admitQuery(c.Context().QueryArgs(), nil); err != nil {
		return err
	}
	key, err := url.PathUnescape(c.Params("+"))
	if err != nil {
		return errNoImage
	}
	mediaType := mediaTypes[path.Ext(key)]
	if mediaType == "" || !fs.ValidPath(key) {
		return errNoImage
	}
	c.Set(fiber.HeaderContentSecurityPolicy, mediaPolicy)
	c.Set(resourcePolicy, resourceOfAnybody) // A page on another host may show the shop's pictures.
	if file, drawn := strings.CutPrefix(key, "drawn/"); drawn {
		image := Draw(strings.TrimSuffix(file, ".svg"))
		if image == nil || !strings.HasSuffix(file, ".svg") {
			return errNoImage
		}
		return tagged(c, mediaType, mediaDrawn, image, etagOf(image))
	}
	if s.options.Media == nil {
		return errNoImage
	}
	content, err := fs.ReadFile(s.options.Media, key)
	switch {
	case err == nil:
		return tagged(c, mediaType, mediaForever, content, etagOf(content))
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid):
		return errNoImage
	default:
		if info, statErr := fs.Stat(s.options.Media, key); statErr == nil && info.IsDir() {
			return errNoImage
		}
		return err
	}
}

var errNoImage = fault.Missing.New("there is no such image")

// tagged answers with bytes that are ready, or 304.
func tagged(c *fiber.Ctx, mediaType, cacheControl string, body []byte, etag string) error {
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, cacheControl)
	if matches(c.Get(fiber.HeaderIfNoneMatch), etag) {
		return c.Status(http.StatusNotModified).Send(nil)
	}
	c.Set(fiber.HeaderContentType, mediaType)
	c.Response().SetBodyRaw(body)
	return nil
}

// raw registers a plain Fiber route for GET and HEAD under a template for logs and metrics.
func (s *Server) raw(fiberPath, template string, handler fiber.Handler) {
	named := func(c *fiber.Ctx) error {
		exchangeOf(c.Context()).route = template
		return handler(c)
	}
	s.app.Get(fiberPath, named) // Get answers HEAD too, Add would not.
}
