package fiberhttp

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/valyala/fasthttp"
)

// admitFraming refuses requests that fasthttp reads and a proxy in front may read in another way: where lines end in a
// line feed alone or go on in the next, where the version is none that is spoken here, and where it is in doubt for
// which host the request is. The connection ends with the refusal, so that nothing hidden behind it is read.
func admitFraming(fctx *fasthttp.RequestCtx) error {
	if words := ambiguity(fctx); words != "" {
		fctx.SetConnectionClose()
		return MalformedRequest.New(words)
	}
	return nil
}

// ambiguity says what is in doubt about a request, "" when nothing is.
func ambiguity(fctx *fasthttp.RequestCtx) string {
	header := &fctx.Request.Header
	if protocol := string(header.Protocol()); protocol != "HTTP/1.1" && protocol != "HTTP/1.0" {
		return "the version of HTTP is none that is spoken here; send HTTP/1.1"
	}
	if words := ambiguousLines(header.RawHeaders()); words != "" {
		return words
	}
	host := header.Host()
	if len(host) > 0 && !isHost(host) {
		return "Host is no host; send the name or address that the request is for"
	}
	target := header.RequestURI()
	switch {
	case bytes.IndexByte(target, '#') >= 0:
		return "the address has a fragment; leave out what begins with #"
	case len(target) > 0 && target[0] == '/':
		return ""
	case string(target) == "*" && string(header.Method()) == http.MethodOptions:
		return ""
	}
	// The form for proxies, which servers must take too: its host is the one of the header.
	_, rest, found := bytes.Cut(target, []byte("://"))
	if scheme := string(bytes.ToLower(target[:len(target)-len(rest)])); found && (scheme == "http://" || scheme == "https://") {
		authority, _, _ := bytes.Cut(rest, []byte("/"))
		authority, _, _ = bytes.Cut(authority, []byte("?"))
		if bytes.EqualFold(authority, host) {
			return ""
		}
		return "the address and Host name different hosts; send one"
	}
	return "the address does not begin with a slash; send a path"
}

// ambiguousLines says what is in doubt about the lines of headers.
func ambiguousLines(raw []byte) string {
	for at := 0; at < len(raw); {
		end := bytes.IndexByte(raw[at:], '\n')
		if end < 0 {
			return ""
		}
		if end == 0 || raw[at+end-1] != '\r' {
			return "a line of the headers ends in a line feed alone; end it in a carriage return and a line feed"
		}
		if raw[at] == ' ' || raw[at] == '\t' {
			return "a header goes on in the next line; write it in one"
		}
		at += end + 1
	}
	return ""
}

// isHost tells whether text is a name, an IPv4 address or an IPv6 address in brackets, with a port or without.
func isHost(text []byte) bool {
	name, port := text, []byte(nil)
	if closing := bytes.IndexByte(text, ']'); text[0] == '[' && closing > 0 {
		name, port = text[1:closing], text[closing+1:]
		for _, c := range name {
			if unhex(c) > 15 && c != ':' && c != '.' {
				return false
			}
		}
	} else {
		if colon := bytes.IndexByte(text, ':'); colon >= 0 {
			name, port = text[:colon], text[colon:]
		}
		for _, c := range name {
			if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("._-~", c) < 0 {
				return false
			}
		}
	}
	if len(name) == 0 || len(port) == 1 || len(port) > len(":65535") || len(port) > 0 && port[0] != ':' {
		return false
	}
	for _, c := range port[min(1, len(port)):] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
