package fiberhttp

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"path"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ipswich-retail/commerce/domain/fault"
)

const (
	multipartType = "multipart/form-data"
	// uploadMax is the most bytes of a request that uploads a file. It is held in memory as a whole.
	uploadMax = 32 << 20
	// uploadTime bounds the reading of it: half a megabyte a second is a slow line.
	uploadTime = time.Minute
	// fieldMax is the most bytes of a field of a form that is no file.
	fieldMax = 64 << 10
	// fileNameMax is the most bytes of a file's name.
	fileNameMax = 255
	boundaryMax = 70 // RFC 2046, 5.1.1.
)

// upload is a form with one file and perhaps a few texts.
type upload struct {
	name    string // Of the file, without folders.
	content []byte
	fields  map[string]string
}

// parseUpload reads a form strictly: one part named file with a file's name, and of the fields that are named each at most
// once; nothing else. Nothing of it is decoded. Errors: UnsupportedMediaType, MalformedForm, UnknownField,
// DuplicateField, BodyTooLarge, fault.Bad with fields.
func parseUpload(contentType string, body []byte, fields ...string) (upload, error) {
	out := upload{fields: map[string]string{}}
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || media != multipartType {
		return out, UnsupportedMediaType.New("send the file as multipart/form-data")
	}
	boundary := parameters["boundary"]
	if boundary == "" || len(boundary) > boundaryMax {
		return out, MalformedForm.Newf("the content type names a boundary of 1 to %d bytes", boundaryMax)
	}
	seen := map[string]bool{}
	for reader := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, MalformedForm.New("the form breaks off or is no well-formed multipart/form-data; send it again")
		}
		name := part.FormName()
		known := name == "file"
		for _, field := range fields {
			known = known || name == field
		}
		switch encoding := strings.ToLower(part.Header.Get("Content-Transfer-Encoding")); {
		case !known:
			return out, UnknownField.New("the form has a part that is not known here; leave it out").At(excerpt(sanitised(name), maxPath))
		case seen[name]:
			return out, DuplicateField.New("the form has the part twice; send it once").At(name)
		case encoding != "" && encoding != "binary" && encoding != "7bit" && encoding != "8bit":
			return out, MalformedForm.New("a part is encoded; send it as it is").At(name)
		}
		seen[name] = true
		if err := out.read(part, name); err != nil {
			return out, err
		}
	}
	if len(seen) == 0 && !bytes.Contains(body, []byte("--"+boundary+"--")) {
		return out, MalformedForm.New("the body has no part of the boundary that the content type names")
	}
	if !seen["file"] {
		return out, fault.Collect([]*fault.Error{fault.Bad.New("the form has no file; send it as the part named file").At("file")})
	}
	return out, nil
}

// read reads a part, of which the body is in memory already.
func (u *upload) read(part *multipart.Part, name string) error {
	content, err := io.ReadAll(part)
	if err != nil {
		return MalformedForm.New("the form breaks off; send it again").At(name)
	}
	if name != "file" {
		if len(content) > fieldMax || !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
			return fault.Collect([]*fault.Error{fault.Bad.Newf("a field is valid UTF-8 without NUL, of at most %d bytes", fieldMax).At(name)})
		}
		u.fields[name] = string(content)
		return nil
	}
	u.name = path.Base(strings.ReplaceAll(sanitised(part.FileName()), `\`, "/"))
	if u.name == "." || u.name == "/" || len(u.name) > fileNameMax {
		return fault.Collect([]*fault.Error{fault.Bad.Newf("the file has a name of 1 to %d bytes", fileNameMax).At("file")})
	}
	u.content = content
	return nil
}

// sanitised is a text without what could not stand in a report or a log.
func sanitised(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
}

// describeForm tells the document of the form that an operation takes, which huma knows as bytes alone.
func (s *Server) describeForm(path string) {
	schema := s.schemas().Schema(reflect.TypeFor[importForm](), true, "")
	s.api.OpenAPI().Paths[path].Post.RequestBody = &huma.RequestBody{
		Required: true, Content: map[string]*huma.MediaType{multipartType: {Schema: schema}},
	}
}
