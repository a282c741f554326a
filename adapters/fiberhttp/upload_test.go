package fiberhttp_test

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/fault"
)

const formType = "multipart/form-data; boundary=b"

// form writes parts of a form with the boundary b: each its headers, an empty line and its content.
func form(parts ...string) string {
	var out strings.Builder
	for _, p := range parts {
		out.WriteString("--b\r\n" + p + "\r\n")
	}
	return out.String() + "--b--\r\n"
}

const (
	filePart = "Content-Disposition: form-data; name=\"file\"; filename=\"products.csv\"\r\nContent-Type: text/csv\r\n\r\nHandle,Title\r\na,b"
	mapPart  = "Content-Disposition: form-data; name=\"map\"\r\n\r\na=b"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"file":            form(filePart),
		"file and map":    form(filePart, mapPart),
		"map first":       form(mapPart, filePart),
		"words around it": "what went before\r\n" + form(filePart) + "what comes after",
		"folders":         form(strings.Replace(filePart, "products.csv", "../../etc/products.csv", 1)),
		"other folders":   form(strings.Replace(filePart, "products.csv", `C:\\temp\\products.csv`, 1)),
	} {
		got, content, fields, err := fiberhttp.ParseUpload(formType, []byte(body))
		if err != nil || got != "products.csv" || content != "Handle,Title\r\na,b" || strings.Contains(name, "map") != (fields["map"] == "a=b") {
			t.Errorf("%s: %q %q %v, %v", name, got, content, fields, err)
		}
	}
}

func TestUploadRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ contentType, body, code string }{
		"no type":          {"", form(filePart), "unsupported_media_type"},
		"JSON":             {"application/json", `{}`, "unsupported_media_type"},
		"mixed":            {"multipart/mixed; boundary=b", form(filePart), "unsupported_media_type"},
		"malformed type":   {"multipart/form-data; =", form(filePart), "unsupported_media_type"},
		"no boundary":      {"multipart/form-data", form(filePart), "malformed_form"},
		"long boundary":    {"multipart/form-data; boundary=" + strings.Repeat("b", 71), form(filePart), "malformed_form"},
		"another boundary": {"multipart/form-data; boundary=c", form(filePart), "malformed_form"},
		"empty":            {formType, "", "malformed_form"},
		"no parts":         {formType, "--b--\r\n", "invalid"},
		"cut off":          {formType, strings.TrimSuffix(form(filePart), "--b--\r\n"), "malformed_form"},
		"cut in a header":  {formType, "--b\r\nContent-Dispos", "malformed_form"},
		"no file":          {formType, form(mapPart), "invalid"},
		"two files":        {formType, form(filePart, filePart), "duplicate_field"},
		"two maps":         {formType, form(mapPart, mapPart, filePart), "duplicate_field"},
		"unknown part":     {formType, form(filePart, strings.Replace(mapPart, "map", "colour", 1)), "unknown_field"},
		"nameless part":    {formType, form(filePart, "Content-Type: text/plain\r\n\r\nx"), "unknown_field"},
		"other case":       {formType, form(strings.Replace(filePart, "name=\"file\"", "name=\"File\"", 1)), "unknown_field"},
		"nameless file":    {formType, form(strings.Replace(filePart, "; filename=\"products.csv\"", "", 1)), "invalid"},
		"dots alone":       {formType, form(strings.Replace(filePart, "products.csv", "/", 1)), "invalid"},
		"long name":        {formType, form(strings.Replace(filePart, "products", strings.Repeat("n", 300), 1)), "invalid"},
		"encoded":          {formType, form("Content-Transfer-Encoding: base64\r\n" + filePart), "malformed_form"},
		"quoted":           {formType, form("Content-Transfer-Encoding: quoted-printable\r\n" + filePart), "malformed_form"},
		"NUL in a field":   {formType, form(filePart, mapPart+"\x00"), "invalid"},
		"large field":      {formType, form(filePart, mapPart+strings.Repeat("x", 1<<17)), "invalid"},
		"many headers":     {formType, form(strings.Repeat("X-A: b\r\n", 20_000) + filePart), "malformed_form"},
	} {
		_, _, _, err := fiberhttp.ParseUpload(c.contentType, []byte(c.body))
		if known := fault.Of(err); known == nil || known.Code() != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// FuzzUpload holds that no form makes the server fail: it is refused with a case that is known, or what came of it can be
// kept and shown.
func FuzzUpload(f *testing.F) {
	f.Add(formType, []byte(form(filePart, mapPart)))
	f.Add(`multipart/form-data; boundary="a b"`, []byte("--a b\r\n\r\n\r\n--a b--"))
	f.Add("multipart/form-data; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=file; filename*=UTF-8''%e2%82%ac\r\n\r\n--b--"))
	var written bytes.Buffer
	w := multipart.NewWriter(&written)
	part, _ := w.CreateFormFile("file", "ä.csv")
	_, _ = part.Write([]byte{0, 1, 2, 0xFF})
	_ = w.Close()
	f.Add(w.FormDataContentType(), written.Bytes())
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		name, content, fields, err := fiberhttp.ParseUpload(contentType, body)
		if err != nil {
			if fault.Of(err) == nil || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%v is no case that is known", err)
			}
			return
		}
		if name == "" || len(name) > 255 || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\\x00\r\n") {
			t.Errorf("a file is named %q", name)
		}
		if len(content) > len(body) || len(fields) > 1 || !utf8.ValidString(fields["map"]) {
			t.Errorf("%d bytes of %d, fields %q", len(content), len(body), fields)
		}
	})
}
