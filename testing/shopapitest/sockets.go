package shopapitest

import (
	"fmt"
	"strconv"
	"strings"
)

// RawRequest is text for a socket over which two readers may disagree: where it ends, whom it is for, whether it is
// HTTP at all. A server that reads it in another way than the proxy in front of it can be made to answer one person
// with what another asked.
type RawRequest struct {
	Name string
	Text string
	// Refuse tells that the one right answer is a refusal, after which the connection ends. Others may be taken, if they
	// are taken as what they are.
	Refuse bool
	// Answers is how many answers those get that are taken: the text may hold several requests.
	Answers int
}

// SmuggledID is the request id of the request that RawRequests hide in the bodies of others. No answer may carry it.
const SmuggledID = "smuggled"

// RawRequests lists them for a path that takes POST. Those that must be answered ask for a path that takes GET.
func RawRequests(post, get string) []RawRequest {
	hidden := "GET " + get + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + SmuggledID + "\r\n\r\n"
	return append(append(framings(post, hidden), hosts(post, get, hidden)...), whole(post, get)...)
}

// head writes a request line and headers.
func head(line string, headers ...string) string {
	return line + "\r\n" + strings.Join(append(headers, "", ""), "\r\n")
}

// framings are requests whose end is in doubt.
func framings(post, hidden string) []RawRequest {
	line := "POST " + post + " HTTP/1.1"
	chunked := "0\r\n\r\n" + hidden
	length := "Content-Length: " + strconv.Itoa(len(hidden))
	at := func(headers ...string) string { return head(line, append([]string{"Host: x"}, headers...)...) }
	refused := map[string]string{
		"a length and chunks":               at(length, "Transfer-Encoding: chunked") + chunked,
		"chunks and a length":               at("Transfer-Encoding: chunked", "Content-Length: 4") + chunked,
		"two lengths":                       at("Content-Length: 0", length) + hidden,
		"the same length twice":             at("Content-Length: 0", "Content-Length: 0") + hidden,
		"a list of lengths":                 at("Content-Length: 0, "+strconv.Itoa(len(hidden))) + hidden,
		"a list of one length":              at("Content-Length: 0, 0") + hidden,
		"a signed length":                   at("Content-Length: +0") + hidden,
		"a negative length":                 at("Content-Length: -1") + hidden,
		"a hexadecimal length":              at("Content-Length: 0x0") + hidden,
		"an empty length":                   at("Content-Length: ") + hidden,
		"a length with a fraction":          at("Content-Length: 0.0") + hidden,
		"a length beyond counting":          at("Content-Length: 18446744073709551616") + hidden,
		"a length with a space in it":       at("Content-Length: 0 0") + hidden,
		"two encodings":                     at("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + chunked,
		"the same encoding twice":           at("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + chunked,
		"a list of encodings":               at("Transfer-Encoding: gzip, chunked") + chunked,
		"chunked and another":               at("Transfer-Encoding: chunked, identity") + chunked,
		"an unknown encoding":               at("Transfer-Encoding: xchunked") + chunked,
		"an encoding in quotes":             at("Transfer-Encoding: \"chunked\"") + chunked,
		"an empty encoding":                 at("Transfer-Encoding: ") + chunked,
		"an encoding with a vertical tab":   at("Transfer-Encoding: \vchunked") + chunked,
		"an encoding in HTTP/1.0":           head("POST "+post+" HTTP/1.0", "Host: x", "Transfer-Encoding: chunked") + chunked,
		"an encoding before a space":        at("Transfer-Encoding : chunked", "Content-Length: 0") + chunked,
		"a length before a space":           at("Content-Length : 0") + hidden,
		"a length before a tab":             at("Content-Length\t: 0") + hidden,
		"a space in a name":                 at("Content Length: 0") + hidden,
		"a name in disguise":                at("Content_Length: 0", "Transfer-Encoding\x0b: chunked") + chunked,
		"a line without a colon":            at("X-Odd", "Content-Length: 0") + hidden,
		"an empty name":                     at(": x", "Content-Length: 0") + hidden,
		"NUL in a value":                    at("X-A: a\x00b", "Content-Length: 0") + hidden,
		"NUL in a name":                     at("X-\x00A: b", "Content-Length: 0") + hidden,
		"a carriage return in a value":      at("X-A: a\rTransfer-Encoding: chunked", "Content-Length: 0") + hidden,
		"a folded line":                     at("X-A: a\r\n b", "Content-Length: 0") + hidden,
		"a folded encoding":                 at("Transfer-Encoding:\r\n chunked") + chunked,
		"a fold before all headers":         line + "\r\n X-A: b\r\nHost: x\r\nContent-Length: 0\r\n\r\n" + hidden,
		"lines that end in a line feed":     strings.ReplaceAll(at("Content-Length: 0"), "\r\n", "\n") + hidden,
		"one line that ends in a line feed": line + "\r\nHost: x\r\nX-A: b\nContent-Length: 0\r\n\r\n" + hidden,
		"headers that end in line feeds":    line + "\r\nHost: x\r\nContent-Length: 0\r\n\n" + hidden,
		"a chunk with a line feed":          at("Transfer-Encoding: chunked") + "0;\nx\r\n\r\n" + hidden,
		"a chunk that ends in a line feed":  at("Transfer-Encoding: chunked") + "1\nx\n0\n\n" + hidden,
		"a signed chunk":                    at("Transfer-Encoding: chunked") + "+0\r\n\r\n" + hidden,
		"a negative chunk":                  at("Transfer-Encoding: chunked") + "-1\r\n\r\n" + hidden,
		"a chunk with a prefix":             at("Transfer-Encoding: chunked") + "0x0\r\n\r\n" + hidden,
		"a chunk of no size":                at("Transfer-Encoding: chunked") + "\r\n\r\n" + hidden,
		"a chunk beyond counting":           at("Transfer-Encoding: chunked") + "fffffffffffffffff\r\nx\r\n0\r\n\r\n" + hidden,
		"a chunk longer than its size":      at("Transfer-Encoding: chunked") + "1\r\nxyz\r\n0\r\n\r\n" + hidden,
		"a chunk with a space before":       at("Transfer-Encoding: chunked") + " 0\r\n\r\n" + hidden,
	}
	var out []RawRequest
	for name, text := range refused {
		out = append(out, RawRequest{Name: name, Text: text, Refuse: true})
	}
	return out
}

// hosts are requests whose first line or host is in doubt.
func hosts(post, get, hidden string) []RawRequest {
	line := "POST " + post + " HTTP/1.1"
	empty := "Content-Length: 0"
	refused := map[string]string{
		"no host":                  head(line, empty) + hidden,
		"two hosts":                head(line, "Host: x", "Host: y", empty) + hidden,
		"the same host twice":      head(line, "Host: x", "Host: x", empty) + hidden,
		"a list of hosts":          head(line, "Host: x, y", empty) + hidden,
		"a host with a space":      head(line, "Host: x y", empty) + hidden,
		"a host with a path":       head(line, "Host: x/y", empty) + hidden,
		"a host with a user":       head(line, "Host: user@x", empty) + hidden,
		"a host with a query":      head(line, "Host: x?y", empty) + hidden,
		"a host with markup":       head(line, "Host: <script>", empty) + hidden,
		"a host with a fragment":   head(line, "Host: x#y", empty) + hidden,
		"a host with a bad port":   head(line, "Host: x:y", empty) + hidden,
		"a host in other letters":  head(line, "Host: h\xc3\xb6st", empty) + hidden,
		"another host in the line": head("POST http://other.example"+post+" HTTP/1.1", "Host: x", empty) + hidden,
		"another scheme":           head("POST ftp://x"+post+" HTTP/1.1", "Host: x", empty) + hidden,
		"authority form":           head("POST x:80 HTTP/1.1", "Host: x", empty) + hidden,
		"no path":                  head("POST  HTTP/1.1", "Host: x", empty) + hidden,
		"a path without a slash":   head("POST x HTTP/1.1", "Host: x", empty) + hidden,
		"a space in the path":      head("POST "+post+" y HTTP/1.1", "Host: x", empty) + hidden,
		"two spaces":               head("POST  "+post+" HTTP/1.1", "Host: x", empty) + hidden,
		"a tab for a space":        head("POST\t"+post+"\tHTTP/1.1", "Host: x", empty) + hidden,
		"a fragment":               head("POST "+post+"#x HTTP/1.1", "Host: x", empty) + hidden,
		"other letters in a path":  head("GET "+get+"/\xc3\xa9\xff HTTP/1.1", "Host: x"),
		"NUL in the path":          head("POST "+post+"\x00 HTTP/1.1", "Host: x", empty) + hidden,
		"no version":               head("POST "+post, "Host: x") + hidden,
		"HTTP/0.9":                 "GET " + get + "\r\n",
		"HTTP/0.9 in full":         head("GET "+get+" HTTP/0.9", "Host: x") + hidden,
		"HTTP/1.2":                 head("POST "+post+" HTTP/1.2", "Host: x", empty) + hidden,
		"HTTP/2.0":                 head("POST "+post+" HTTP/2.0", "Host: x", empty) + hidden,
		"HTTP/11":                  head("POST "+post+" HTTP/11", "Host: x", empty) + hidden,
		"http/1.1":                 head("POST "+post+" http/1.1", "Host: x", empty) + hidden,
		"HTTP/1.10":                head("POST "+post+" HTTP/1.10", "Host: x", empty) + hidden,
		"the preface of HTTP/2":    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00" + hidden,
		"the start of TLS": "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + strings.Repeat("\x42", 32) + "\x20" + strings.Repeat("\x17", 32) +
			"\x00\x02\x13\x01\x01\x00\x00\x56\r\n\r\n" + hidden,
		"the start of SSH":         "SSH-2.0-OpenSSH_9.2\r\n\r\n" + hidden,
		"the start of a proxy":     "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n" + hidden,
		"a tunnel":                 head("CONNECT x:80 HTTP/1.1", "Host: x:80") + hidden,
		"nothing but zeros":        strings.Repeat("\x00", 64) + "\r\n\r\n" + hidden,
		"a method that is no word": head("P OST "+post+" HTTP/1.1", "Host: x", empty) + hidden,
		"a method with NUL":        head("PO\x00ST "+post+" HTTP/1.1", "Host: x", empty) + hidden,
		"a space before all":       " " + head(line, "Host: x", empty) + hidden,
	}
	var out []RawRequest
	for name, text := range refused {
		out = append(out, RawRequest{Name: name, Text: text, Refuse: true})
	}
	return out
}

// whole are requests that are unusual and right, or as good as. The answer is that of a server that read them so.
func whole(post, get string) []RawRequest {
	good := head("GET "+get+" HTTP/1.1", "Host: x")
	many := make([]string, 0, 100)
	for i := range 100 {
		many = append(many, fmt.Sprintf("X-Many-%d: %d", i, i))
	}
	return []RawRequest{
		{Name: "pipelined", Text: good + good + good, Answers: 3},
		{Name: "absolute form", Text: head("GET http://x"+get+" HTTP/1.1", "Host: x"), Answers: 1},
		{Name: "HTTP/1.0", Text: head("GET "+get+" HTTP/1.0", "Host: x"), Answers: 1},
		{Name: "empty lines before", Text: "\r\n" + good, Answers: 1},
		{Name: "a host with a port", Text: head("GET "+get+" HTTP/1.1", "Host: x:8080"), Answers: 1},
		{Name: "a host with an address of IPv6", Text: head("GET "+get+" HTTP/1.1", "Host: [::1]:80"), Answers: 1},
		{Name: "many headers", Text: head("GET "+get+" HTTP/1.1", append([]string{"Host: x"}, many...)...), Answers: 1},
		{Name: "no space behind a colon", Text: head("GET "+get+" HTTP/1.1", "Host:x", "X-A:b"), Answers: 1},
		{Name: "names in capitals", Text: head("POST "+post+" HTTP/1.1", "HOST: x", "TRANSFER-ENCODING: CHUNKED", "CONTENT-TYPE: application/json") + "0\r\n\r\n" + good, Answers: 2},
		{Name: "an extension of a chunk", Text: head("POST "+post+" HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "Content-Type: application/json") + "2;a=b\r\n{}\r\n0;c\r\n\r\n" + good, Answers: 2},
		{Name: "a trailer", Text: head("POST "+post+" HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "Trailer: X-T", "Content-Type: application/json") + "2\r\n{}\r\n0\r\nX-T: y\r\n\r\n" + good, Answers: 2},
		{Name: "a body of a GET", Text: head("GET "+get+" HTTP/1.1", "Host: x", "Content-Length: 2") + "{}" + good, Answers: 2},
		{Name: "zeros before a length", Text: head("POST "+post+" HTTP/1.1", "Host: x", "Content-Length: 002", "Content-Type: application/json") + "{}" + good, Answers: 2},
		{Name: "a connection that upgrades", Text: head("GET "+get+" HTTP/1.1", "Host: x", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"), Answers: 1},
		{Name: "an expectation", Text: head("POST "+post+" HTTP/1.1", "Host: x", "Expect: 100-continue", "Content-Length: 2", "Content-Type: application/json") + "{}" + good, Answers: 2},
	}
}
