package integration_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// listens is the consumer that cannot take its events.
const listens = "listens"

// reads asks a counter as staff, and reads the answer.
func (c *counter) reads(t *testing.T, path string, into any) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/admin"+path, nil)
	request.Header.Set("Authorization", "Bearer ada")
	response, err := c.App().Test(request, int(shopStart.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, response.StatusCode, err)
	}
}

// dies makes a job that nobody tries any more.
func (c *counter) dies(t *testing.T) string {
	t.Helper()
	now := c.Clock.Now()
	job := ports.Job{ID: c.IDs.New(), Kind: "test.fails", RunAt: now}
	if err := c.Plain.Jobs.Enqueue(t.Context(), []ports.Job{job}); err != nil {
		t.Fatal(err)
	}
	share, err := c.Plain.Jobs.Claim(t.Context(), ports.JobClaim{Kinds: []string{job.Kind}, Owner: [16]byte{1}, At: now, Until: now.Add(time.Minute), Limit: 1})
	if err != nil || len(share.Runs) != 1 {
		t.Fatalf("%+v, %v", share, err)
	}
	if err := c.Plain.Jobs.Finish(t.Context(), ports.JobResult{Run: share.Runs[0], Outcome: ports.JobFailed, At: now, Cause: "it broke"}); err != nil {
		t.Fatal(err)
	}
	return ref.UUID(job.ID).String()
}

// parks makes two events of an aggregate wait, and gives the first.
func (c *counter) parks(t *testing.T, aggregate string) event.Event {
	t.Helper()
	now := c.Clock.Now()
	var events []event.Event
	for range 2 {
		events = append(events, event.New(ref.NewID[ref.EventKind](c.IDs.New()), aggregate, now, ordering.OrderNoted{Number: "1"}))
	}
	if _, err := c.Plain.Ordering.Commit(t.Context(), ordering.Commit{At: now, Events: events}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(shopStart); time.Now().Before(deadline); {
		share, err := c.Plain.Outbox.Claim(t.Context(), ports.OutboxClaim{Consumer: listens, Owner: [16]byte{1}, At: now, Until: now.Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		read, err := c.Plain.Outbox.Read(t.Context(), ports.OutboxRead{Consumer: listens, Leases: share.Leases, At: now, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, lease := range share.Leases {
			p := ports.Progress{Lease: lease, At: now}
			for _, d := range read.Fresh {
				if d.Partition != lease.Partition {
					continue
				}
				p.Through = d.Cursor
				if d.Event.Aggregate == aggregate {
					p.Kept = append(p.Kept, d)
				}
			}
			if p.Through.Position == 0 {
				continue
			}
			if len(p.Kept) > 0 {
				p.Failed = []ports.Failure{{Aggregate: aggregate, Attempts: 1, Cause: "it cannot be read"}}
			}
			if err := c.Plain.Outbox.Ack(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		if parked, err := c.Plain.Parked.Parked(t.Context(), listens, "", 10); err != nil || len(parked) == 1 && parked[0].Events == 2 {
			return events[0]
		}
	}
	t.Fatal("nothing is parked")
	return event.Event{}
}

// looksAfter lets an operator find what went wrong and put it right.
func (c *counter) looksAfter(t *testing.T) {
	t.Helper()
	done := func(key, path, body string) {
		t.Helper()
		for _, replayed := range []string{"", "true"} {
			if a := c.asks(t, "ada", key, errand{path: path, body: body}); a.status != http.StatusNoContent || a.header.Get("Idempotent-Replayed") != replayed {
				t.Errorf("%s: %d %v %s", path, a.status, a.header, a.body)
			}
		}
	}
	var jobs struct {
		Items []struct{ ID, Kind, Cause string }
		Next  *string `json:"next_cursor"`
	}
	one, other := c.dies(t), c.dies(t)
	c.reads(t, "/jobs?limit=1", &jobs)
	if len(jobs.Items) != 1 || jobs.Items[0].ID != one || jobs.Items[0].Cause != "it broke" || jobs.Next == nil {
		t.Fatalf("dead jobs: %+v", jobs)
	}
	c.reads(t, "/jobs?limit=1&cursor="+url.QueryEscape(*jobs.Next), &jobs)
	if len(jobs.Items) != 1 || jobs.Items[0].ID != other || jobs.Next != nil {
		t.Errorf("dead jobs: %+v", jobs)
	}
	done("job", "/jobs/"+one+"/retry", "")
	if c.reads(t, "/jobs", &jobs); len(jobs.Items) != 1 || jobs.Items[0].ID != other {
		t.Errorf("dead jobs: %+v", jobs)
	}

	first := c.parks(t, "ord_parked")
	var parked struct {
		Items []struct {
			Aggregate, Cause string
			Events           int
			DueAt            *time.Time `json:"due_at"`
			First            struct{ ID string }
		}
	}
	c.reads(t, "/parked-events?consumer="+listens, &parked)
	if len(parked.Items) != 1 || parked.Items[0].Events != 2 || parked.Items[0].DueAt != nil || parked.Items[0].First.ID != first.ID.String() {
		t.Fatalf("parked: %+v", parked)
	}
	done("retry", "/parked-events/retry", fmt.Sprintf(`{"consumer":%q,"aggregate":"ord_parked"}`, listens))
	if c.reads(t, "/parked-events?consumer="+listens, &parked); parked.Items[0].DueAt == nil {
		t.Errorf("parked: %+v", parked)
	}
	done("skip", "/parked-events/skip", fmt.Sprintf(`{"consumer":%q,"aggregate":"ord_parked","event_id":%q,"reason":"spoilt"}`, listens, first.ID))
	if c.reads(t, "/parked-events?consumer="+listens, &parked); len(parked.Items) != 1 || parked.Items[0].Events != 1 {
		t.Errorf("parked: %+v", parked)
	}
	var skipped struct{ Items []struct{ ID, Reason string } }
	if c.reads(t, "/parked-events/skipped?consumer="+listens, &skipped); len(skipped.Items) != 1 || skipped.Items[0].Reason != "spoilt" || skipped.Items[0].ID != first.ID.String() {
		t.Errorf("skipped: %+v", skipped)
	}
	var state struct {
		Consumers []struct {
			Name   string
			Parked int
		}
		Jobs struct{ Waiting, Dead int }
	}
	c.reads(t, "/background", &state)
	if len(state.Consumers) != 1 || state.Consumers[0].Parked != 1 || state.Jobs.Dead != 1 || state.Jobs.Waiting != 1 {
		t.Errorf("background: %+v", state)
	}
}

// TestOperatorsLookAfterWhatFailed goes through dead jobs and parked events on both stores.
func TestOperatorsLookAfterWhatFailed(t *testing.T) {
	t.Parallel()
	onCounters(t, func(t *testing.T, c *counter) { c.looksAfter(t) })
}

// seenOperations gives the lines of coverage that only a shop answers in which something failed.
func seenOperations(t *testing.T) []string {
	t.Helper()
	newCounter(t, nil).looksAfter(t)
	return []string{
		"POST /api/v1/admin/jobs/{job}/retry 204", "POST /api/v1/admin/parked-events/retry 204", "POST /api/v1/admin/parked-events/skip 204",
	}
}
