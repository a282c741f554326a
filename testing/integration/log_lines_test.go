package integration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/ports/observe"
)

// What may stand in a line of a log besides what its own message adds.
var (
	logLevels  = []string{"debug", "info", "warn", "error"}
	logActors  = []string{"anonymous", "guest", "customer", "staff", "api_key"}
	logMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "OTHER"}
	logMessage = regexp.MustCompile(`^[a-z_]+$`)
	logRoute   = regexp.MustCompile(`^(unmatched|preflight|/[\x20-\x7e]*)$`)
	logID      = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	logCode    = regexp.MustCompile(`^[a-z_]+$`)
)

// flawOfLine tells what is wrong with a line of a shop's log, "" when it is one JSON object with the fields that every
// line has and, if it is that of a request, those of such.
func flawOfLine(line string) string {
	fields, err := fieldsOfLine(line)
	if err != nil {
		return err.Error()
	}
	text := func(name string) string { value, _ := fields[name].(string); return value }
	number := func(name string) float64 {
		if value, ok := fields[name].(float64); ok {
			return value
		}
		return -1
	}
	if _, err := time.Parse(time.RFC3339Nano, text("time")); err != nil || !slices.Contains(logLevels, text("level")) || !logMessage.MatchString(text("msg")) {
		return "lacks its time, its level or its message"
	}
	if text("msg") != observe.Request {
		return ""
	}
	code, hasCode := fields[observe.Code]
	switch {
	case !logID.MatchString(text(observe.RequestID)), !logRoute.MatchString(text(observe.Route)), !slices.Contains(logMethods, text(observe.Method)),
		!slices.Contains(logActors, text(observe.Actor)), number(observe.Status) < 100, number(observe.Status) > 599, number(observe.Duration) < 0, number(observe.Bytes) < 0,
		hasCode && !logCode.MatchString(fmt.Sprint(code)):
		return "lacks a field of a request, or one says what it cannot"
	}
	for name := range fields {
		if !slices.Contains([]string{
			"time", "level", "msg", observe.RequestID, observe.TraceID, observe.SpanID, observe.Route, observe.Method, observe.Status, observe.Duration, observe.Bytes, observe.Actor,
			observe.Code,
		}, name) {
			return "has a field that the line of a request has not: " + name
		}
	}
	return ""
}

// fieldsOfLine reads a line that is one JSON object, no field of it twice.
func fieldsOfLine(line string) (map[string]any, error) {
	body, whole := strings.CutSuffix(line, "\n")
	decoder := json.NewDecoder(strings.NewReader(body))
	if first, err := decoder.Token(); !whole || err != nil || first != json.Delim('{') {
		return nil, errors.New("is no JSON object on a line of its own")
	}
	fields := make(map[string]any)
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string)
		if _, twice := fields[key]; twice {
			return nil, fmt.Errorf("has %s twice", key)
		}
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		fields[key] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("has more than one JSON value")
	}
	return fields, nil
}

// Each line below was once good; what was done to it is found.
func TestFlawsOfLogLines(t *testing.T) {
	t.Parallel()
	const good = `{"level":"info","time":"2026-11-26T21:55:18.201Z","msg":"request","request_id":"a-1","route":"/api/v1/products","method":"GET","status":200,"duration_ms":0.8,"bytes":5800,"actor":"anonymous"}` + "\n"
	if flaw := flawOfLine(good); flaw != "" {
		t.Fatalf("the good one %s", flaw)
	}
	for _, change := range [][2]string{
		{"\n", ""},
		{"{", ""},
		{`"msg":"request",`, ""},
		{`"level":"info",`, ""},
		{`"time":"2026`, `"time":"26`},
		{`"actor":"anonymous"`, `"actor":"ada@example.org"`},
		{"200", `"200"`},
		{"GET", "FROB"},
		{"/api/v1/products", "x"},
		{"a-1", "a 1"},
		{`"bytes":5800`, `"bytes":5800,"bytes":1`},
		{`"bytes":5800`, `"bytes":5800,"q":"mug"`},
		{"}\n", "} {}\n"},
		{"}\n", "}}\n"},
		{"{", "panic: {"},
		{`"msg":"request"`, `"msg":"a line\n"`},
		{`"bytes"`, `"code":"x y","bytes"`},
	} {
		if line := strings.Replace(good, change[0], change[1], 1); flawOfLine(line) == "" {
			t.Errorf("%q passes", line)
		}
	}
}
