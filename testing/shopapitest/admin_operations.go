package shopapitest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func adminOperationClauses() []clause {
	return []clause{
		{"admin operations/doctor", adminDoctor},
		{"admin operations/background", adminBackground},
		{"admin operations/jobs", adminJobs},
		{"admin operations/parked", adminParked},
	}
}

func adminDoctor(t *testing.T, s *suite) {
	t.Helper()
	s.bought(t, "tok_ok")
	var report struct {
		Checks   []struct{ Name, Invariant, Meaning string }
		Examined map[string]int64
		Count    int64
		Findings []struct{ Check, Subject, Expected, Got string }
	}
	s.admin(t, http.MethodGet, "/doctor", "").read(t, http.StatusOK, &report)
	if report.Count != 0 || len(report.Findings) != 0 {
		t.Errorf("the shop is not well: %+v", report.Findings)
	}
	if len(report.Checks) == 0 || report.Examined["orders"] == 0 || report.Examined["levels"] == 0 {
		t.Errorf("the report: %+v", report)
	}
}

// consumers gives the names of who listens to what happens in the shop.
func (s *suite) consumers(t *testing.T) []string {
	t.Helper()
	var state struct {
		Consumers []struct {
			Name   string
			Behind int64 `json:"behind_seconds"`
		}
		Jobs struct{ Waiting, Running, Dead int }
	}
	a := s.admin(t, http.MethodGet, "/background", "")
	a.read(t, http.StatusOK, &state)
	var out []string
	for _, c := range state.Consumers {
		if out = append(out, c.Name); c.Behind < 0 {
			t.Errorf("%s: behind less than nothing", a)
		}
	}
	if state.Jobs.Dead != 0 {
		t.Errorf("%s: jobs are dead", a)
	}
	return out
}

func adminBackground(t *testing.T, s *suite) {
	t.Helper()
	if names := s.consumers(t); !slices.Contains(names, "log") {
		t.Errorf("consumers: %v", names)
	}
}

func adminJobs(t *testing.T, s *suite) {
	t.Helper()
	var page struct {
		Items []any
		Next  *string `json:"next_cursor"`
	}
	s.admin(t, http.MethodGet, "/jobs?state=dead", "").read(t, http.StatusOK, &page)
	if page.Items == nil || len(page.Items) != 0 || page.Next != nil {
		t.Errorf("dead jobs: %+v", page)
	}
	s.admin(t, http.MethodGet, "/jobs?state=alive", "").refused(t, http.StatusUnprocessableEntity, "invalid", "state")
	s.admin(t, http.MethodGet, "/jobs?limit=0", "").refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	s.admin(t, http.MethodGet, "/jobs?cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor", "cursor")
	for _, id := range []string{"x", "01934e5b-8f7a-7c42-86cb-2aa830bacc33", "01934E5B-8F7A-7C42-86CB-2AA830BACC33", "%20", strings.Repeat("0", 2000)} {
		s.admin(t, http.MethodPost, "/jobs/"+id+"/retry", "").refused(t, http.StatusNotFound, "not_found")
	}
	s.admin(t, http.MethodPost, "/jobs/x/retry", "", keyHeader, "two words").refused(t, http.StatusUnprocessableEntity, "invalid", keyHeader)
}

func adminParked(t *testing.T, s *suite) {
	t.Helper()
	for _, list := range []string{"/parked-events", "/parked-events/skipped"} {
		var page struct{ Items []any }
		s.admin(t, http.MethodGet, list+"?consumer=log", "").read(t, http.StatusOK, &page)
		if page.Items == nil || len(page.Items) != 0 {
			t.Errorf("%s: %+v", list, page)
		}
		s.admin(t, http.MethodGet, list, "").refused(t, http.StatusUnprocessableEntity, "invalid", "consumer")
		s.admin(t, http.MethodGet, list+"?consumer=nobody", "").refused(t, http.StatusNotFound, "not_found")
	}
	s.admin(t, http.MethodGet, "/parked-events?consumer=log&cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor", "cursor")
	for path, body := range map[string]string{
		"/parked-events/retry": `{"consumer":"CONSUMER","aggregate":"ord_1"}`,
		"/parked-events/skip":  `{"consumer":"CONSUMER","aggregate":"ord_1","event_id":"evt_00000000000000000000000000","reason":"x"}`,
	} {
		for _, consumer := range []string{"log", "nobody"} {
			s.admin(t, http.MethodPost, path, strings.Replace(body, "CONSUMER", consumer, 1)).refused(t, http.StatusNotFound, "not_found")
		}
		s.admin(t, http.MethodPost, path, `{}`).refused(t, http.StatusUnprocessableEntity, "invalid")
	}
	s.admin(t, http.MethodPost, "/parked-events/skip", `{"consumer":"log","aggregate":"ord_1","event_id":"x","reason":"x"}`).refused(t, http.StatusNotFound, "not_found")
}
