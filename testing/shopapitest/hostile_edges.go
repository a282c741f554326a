package shopapitest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// edgeTries spoil what any request has: method, credential, headers, encoding.
func edgeTries(op *operation) []try {
	var out []try
	add := func(name string, want expectation, spoil func(r *request)) {
		out = append(out, try{name: name, spoil: func(_ *fighter, r *request) expectation { spoil(r); return want }})
	}
	for _, method := range []string{"FROB", "get", "Post", "PROPFIND", "QUERY", "*", "PRI"} {
		add("method "+method, expectation{refuse: true, statuses: []int{501}}, func(r *request) { r.method, r.mistargeted = method, true })
	}
	for _, name := range []string{"gzip", "br", "deflate", "identity", "x", "gzip, gzip"} {
		add("content encoding "+name, expectation{refuse: true, statuses: []int{415}}, func(r *request) { r.set("Content-Encoding", name) })
	}
	if op.body != nil {
		add("content encoding bomb", expectation{refuse: true, statuses: []int{415}}, func(r *request) {
			r.set("Content-Encoding", "gzip")
			r.raw = bomb()
		})
	}
	for _, name := range []string{"X Y", "X\"", "X(Y)", "é", "X@Y"} {
		add("header name "+name, expectation{refuse: true, statuses: []int{400}}, func(r *request) { r.header = append(r.header, [2]string{name, "1"}) })
	}
	for _, value := range []string{"a\x00b", "a\rb"} {
		add(fmt.Sprintf("header value %q", value), expectation{refuse: true, statuses: []int{400}}, func(r *request) { r.header = append(r.header, [2]string{"X-Odd", value}) })
	}
	add("headers too large", expectation{refuse: true, statuses: []int{431}}, func(r *request) { r.set("X-Filler", strings.Repeat("x", headerBeyond)) })
	add("headers too many", expectation{refuse: true, statuses: []int{431}}, func(r *request) {
		for i := range 10_000 {
			r.header = append(r.header, [2]string{fmt.Sprintf("X-H%d", i), "1"})
		}
	})
	add("cookies", expectation{}, func(r *request) { r.set("Cookie", "session=' OR 1=1; "+strings.Repeat("a=b; ", 500)) })
	for _, name := range []string{"X-Request-Id", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "User-Agent", "Referer", "Accept", "Origin", "X-HTTP-Method-Override", "X-Original-URL", "Range", "If-None-Match", "Accept-Encoding", "TE"} {
		for _, text := range []string{"' OR 1=1 --", "'; SELECT pg_sleep(20); --", reckoned, "${jndi:ldap://127.0.0.1:1/x}", "é\xff", strings.Repeat("x", 2000)} {
			add("injection into "+name+": "+excerpt(text, 40), expectation{}, func(r *request) { r.set(name, text) })
		}
	}
	add("method override", expectation{}, func(r *request) { r.set("X-HTTP-Method-Override", http.MethodDelete) })
	if op.permission != "" || op.auth == "customer" || op.auth == "session" {
		refused := expectation{refuse: true, statuses: []int{401}, codes: []string{"unauthenticated"}}
		for _, bad := range slices.Concat(injections[:12], []string{"", "x", "Bearer", strings.Repeat("x", 2000), "é"}) {
			add("injection into a credential: "+excerpt(bad, 40), refused, func(r *request) {
				r.drop("Authorization")
				r.drop("X-API-Key")
				r.set("Authorization", strings.TrimSpace("Bearer "+bad))
			})
			add("injection into a key: "+excerpt(bad, 40), refused, func(r *request) {
				r.drop("Authorization")
				r.set("X-API-Key", bad)
			})
		}
	}
	return append(out, methodTries()...)
}

// methodTries ask an address for methods that the document does not know there.
func methodTries() []try {
	var out []try
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace} {
		out = append(out, try{name: "method " + method, spoil: func(f *fighter, r *request) expectation {
			path, _, _ := strings.Cut(r.target(), "?")
			if f.document.find(method, path) != nil {
				return expectation{}
			}
			r.method, r.mistargeted = method, true
			return expectation{refuse: true, statuses: []int{405}}
		}})
	}
	return out
}

// bomb is a body of some kilobytes that is eight megabytes of JSON when it is unpacked.
var bomb = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	_, _ = writer.Write([]byte(`{"a":"`))
	for range 8 {
		_, _ = writer.Write(bytes.Repeat([]byte("x"), 1<<20))
	}
	_, _ = writer.Write([]byte(`"}`))
	_ = writer.Close()
	return out.Bytes()
})
