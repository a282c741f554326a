package shopapitest

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func guardClauses() []clause {
	return []clause{{"guards/credentials", guardCredentials}}
}

// guardCredentials asks each operation of staff without a credential and with such as are none: nobody learns anything
// else of it, whatever else is wrong with the request.
func guardCredentials(t *testing.T, s *suite) {
	t.Helper()
	for _, op := range s.document.operations {
		if op.permission == "" {
			continue
		}
		path := op.path
		for part := range strings.SplitSeq(op.path, "/") {
			if isParameter(part) {
				path = strings.Replace(path, part, "x", 1)
			}
		}
		for _, pairs := range [][]string{
			{},
			{"X-API-Key", "nonsense"},
			{"X-API-Key", s.adminKey + "x"},
			{"Authorization", "Bearer nonsense"},
			{"Authorization", "Basic " + s.adminKey},
			{"X-API-Key", s.adminKey, "Authorization", "Bearer " + s.adminKey},
			{"Cookie", "session=" + s.adminKey},
		} {
			a := s.call(t, op.method, path+"?no_such_parameter=1", "", pairs...)
			a.refused(t, http.StatusUnauthorized, "unauthenticated")
			if got := a.header.Get("WWW-Authenticate"); got != "Bearer" {
				t.Errorf("%s: WWW-Authenticate %q", a, got)
			}
		}
	}
}

// command sends a command of staff once, and again under the same key, and another one under it: it is done once, the
// answer is given again, and the other is refused. It gives the first answer.
func (s *suite) command(t *testing.T, path, body, other string, status int) answer {
	t.Helper()
	key := rand.Text()
	first := fresh(t, s.admin(t, http.MethodPost, path, body, keyHeader, key)).want(t, status)
	again := s.admin(t, http.MethodPost, path, body, keyHeader, key).want(t, status)
	if again.header.Get(replayedHeader) != "true" {
		t.Errorf("%s: lacks %s", again, replayedHeader)
	}
	if was, is := withoutTimes(t, first), withoutTimes(t, again); was != is {
		t.Errorf("%s: the first answer was %s", again, first)
	}
	if other != "" {
		s.admin(t, http.MethodPost, path, other, keyHeader, key).refused(t, http.StatusUnprocessableEntity, "idempotency_mismatch")
	} else {
		s.admin(t, http.MethodPost, path, body, keyHeader, "two words").refused(t, http.StatusUnprocessableEntity, "invalid", keyHeader)
	}
	return first
}

// withoutTimes is an answer without what a shop goes on with by itself.
func withoutTimes(t *testing.T, a answer) string {
	t.Helper()
	var value any
	if err := json.Unmarshal(a.body, &value); err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	var strip func(any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range []string{"updated_at", "due_at", "version", "timeline"} {
				delete(v, name)
			}
			for _, inner := range v {
				strip(inner)
			}
		case []any:
			for _, inner := range v {
				strip(inner)
			}
		}
	}
	strip(value)
	return jsonOf(t, value)
}

// missing are ids of a kind that nothing has, such as a foreign one would look, and texts that are none.
func missing(prefix string) []string {
	return []string{prefix + "_00000000000000000000000000", "x", "%20", strings.Repeat("x", 2000)}
}
