package fiberhttp

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

//go:embed page
var pageFiles embed.FS

// pages are the documentation and the landing page; both need the one style sheet and no script.
var pages = template.Must(template.New("").Funcs(template.FuncMap{"prose": prose}).ParseFS(pageFiles, "page/*.html"))

// prose escapes text and shows what stands between backticks as code, the only Markdown that our texts use.
func prose(text string) template.HTML {
	var out strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		out.WriteString(part)
	}
	return template.HTML(out.String()) //nolint:gosec // each part is escaped above
}

var pageStyle = func() template.CSS {
	style, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		panic(err) // Unreachable: the file is part of the program.
	}
	return template.CSS(style) //nolint:gosec // our own file
}()

// pagePolicy allows exactly the style sheet that the pages hold.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; img-src 'self'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; " + nothingElse
}()

// registerDocuments adds what is about the API rather than of it, so it is not in the document.
func (s *Server) registerDocuments() {
	s.raw("/openapi.json", "/openapi.json", s.cached("application/openapi+json", s.document))
	docs := sync.OnceValues(func() ([]byte, error) { return render("docs.html", s.reference()) })
	s.raw("/docs", "/docs", s.cached(fiber.MIMETextHTMLCharsetUTF8, docs))
	landing := sync.OnceValues(func() ([]byte, error) { return render("landing.html", s.reference()) })
	s.raw("/", "/", s.cached(fiber.MIMETextHTMLCharsetUTF8, landing))
	exposition := promhttp.HandlerFor(s.options.Registry, promhttp.HandlerOpts{DisableCompression: true, ErrorHandling: promhttp.HTTPErrorOnError})
	s.raw("/metrics", "/metrics", adaptor.HTTPHandler(exposition))
}

// cached answers with bytes that are made once.
func (s *Server) cached(mediaType string, made func() ([]byte, error)) fiber.Handler {
	etag := sync.OnceValue(func() string {
		body, err := made()
		if err != nil {
			return ""
		}
		return etagOf(body)
	})
	return func(c *fiber.Ctx) error {
		body, err := made()
		if err != nil {
			return err
		}
		if mediaType == fiber.MIMETextHTMLCharsetUTF8 {
			c.Set(fiber.HeaderContentSecurityPolicy, pagePolicy)
		}
		return tagged(c, mediaType, "no-cache", body, etag())
	}
}

func render(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, data); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// undocumented are the routes that are about the API rather than of it: the reviewed exceptions from the rule that each
// route stands in the document.
var undocumented = map[string]bool{"/openapi.json": true, "/docs": true, "/": true, "/metrics": true}

// Undocumented tells whether a route of GET or HEAD is one of the reviewed few that the OpenAPI document leaves out.
func Undocumented(method, path string) bool {
	return (method == http.MethodGet || method == http.MethodHead) && undocumented[path]
}
