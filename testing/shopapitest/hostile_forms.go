package shopapitest

import (
	"fmt"
	"net/http"
	"strings"
)

// formBoundary parts the forms that are sent.
const formBoundary = "siege"

// form tells whether an operation takes a form with a file.
func (o *operation) form() bool {
	body, _ := o.whole["requestBody"].(map[string]any)
	content, _ := body["content"].(map[string]any)
	_, ok := content["multipart/form-data"]
	return ok
}

// formPart is one part of a form: its headers, an empty line, its content.
func formPart(name, file, content string) string {
	at := fmt.Sprintf("Content-Disposition: form-data; name=%q", name)
	if file != "" {
		at += fmt.Sprintf("; filename=%q", file)
	}
	return at + "\r\n\r\n" + content
}

func formed(parts ...string) []byte {
	var out strings.Builder
	for _, part := range parts {
		out.WriteString("--" + formBoundary + "\r\n" + part + "\r\n")
	}
	return []byte(out.String() + "--" + formBoundary + "--\r\n")
}

// goodFile is a file of one product, which is the same whenever it is imported.
func goodFile() string {
	return formPart("file", "siege.csv", "Handle,Title,Variant SKU,Variant Price\r\nof-a-siege,Of a siege,OF-A-SIEGE,5.00\r\n")
}

// fill makes the request one with a good form.
func (r *request) fill() {
	r.media, r.raw = "multipart/form-data; boundary="+formBoundary, formed(goodFile())
	for i, pair := range r.query {
		if pair[0] == "kind" {
			r.query[i][1] = "products"
		}
	}
}

// formTries spoil forms: their framing, their parts, what is said of them.
func formTries() []try {
	malformed := expectation{refuse: true, statuses: []int{http.StatusBadRequest}}
	invalid := expectation{refuse: true, statuses: []int{http.StatusUnprocessableEntity}}
	other := expectation{refuse: true, statuses: []int{http.StatusUnsupportedMediaType}}
	var out []try
	add := func(name string, want expectation, spoil func(r *request)) {
		out = append(out, try{name: "form " + name, spoil: func(_ *fighter, r *request) expectation { spoil(r); return want }})
	}
	body := func(name string, want expectation, text []byte) { add(name, want, func(r *request) { r.raw = text }) }
	good := formed(goodFile())
	body("cut off", malformed, good[:len(good)-4-len(formBoundary)])
	body("cut in a header", malformed, []byte("--"+formBoundary+"\r\nContent-Dispos"))
	body("of nothing", malformed, []byte(" "))
	body("without parts", invalid, []byte("--"+formBoundary+"--\r\n"))
	body("without a file", invalid, formed(formPart("map", "", "a=b")))
	body("with two files", malformed, formed(goodFile(), goodFile()))
	body("with another part", malformed, formed(goodFile(), formPart("no_such_part", "", "x")))
	body("with a part in capitals", malformed, formed(goodFile(), formPart("FILE", "", "x")))
	body("of a file without a name", invalid, formed(formPart("file", "", "Handle")))
	body("of a folder", invalid, formed(formPart("file", "/", "Handle")))
	body("encoded", malformed, formed("Content-Transfer-Encoding: base64\r\n"+goodFile()))
	body("with a field of NUL", invalid, formed(goodFile(), formPart("map", "", "\x00")))
	body("with a large field", invalid, formed(goodFile(), formPart("map", "", strings.Repeat("x", 1<<17))))
	body("with many headers", malformed, formed(strings.Repeat("X-A: b\r\n", 20_000)+goodFile()))
	for _, name := range injections {
		body("injection into a part's name: "+excerpt(name, 40), expectation{refuse: true}, formed(goodFile(), formPart(name, "", "x")))
		body("injection into a file's name: "+excerpt(name, 40), expectation{}, formed(formPart("file", name, "Handle")))
	}
	for _, name := range []string{"../../etc/passwd", "a\x00b.csv", strings.Repeat("n", 300), "é.csv", "a\u202eb.csv", "..", ".csv"} {
		body("of a file called "+excerpt(name, 40), expectation{}, formed(formPart("file", name, "Handle")))
	}
	for _, content := range []string{"", "\xff\xfe\x00\x01", "\"", "\ufeffHandle", "Handle\x00", strings.Repeat(",", 5000)} {
		body("of a file of "+excerpt(fmt.Sprintf("%q", content), 40), expectation{}, formed(formPart("file", "a.csv", content)))
	}
	for _, media := range []string{"", "text/csv", "application/json", "application/x-www-form-urlencoded", "multipart/mixed; boundary=" + formBoundary, "multipart/form-data; ="} {
		add("as "+media, other, func(r *request) { r.media = media })
	}
	for _, media := range []string{"multipart/form-data", "multipart/form-data; boundary=other", "multipart/form-data; boundary=" + strings.Repeat("b", 71)} {
		add("as "+excerpt(media, 50), malformed, func(r *request) { r.media = media })
	}
	add("chunked", expectation{sound: true}, func(r *request) { r.chunked = true })
	add("slow", expectation{sound: true}, func(r *request) { r.slow = true })
	return out
}
