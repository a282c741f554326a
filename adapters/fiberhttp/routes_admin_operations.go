package fiberhttp

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

const (
	operationsTag = "Admin: operations"
	jobsPath      = adminPath + "/jobs"
	parkedPath    = adminPath + "/parked-events"
	deadJobsList  = "admin/jobs/dead"
	parkedList    = "admin/parked/"
	// examineTimeout bounds an examination: a shop that is too large for it is examined by `shop doctor`.
	examineTimeout = 25 * time.Second
	parkedShown    = 100
)

// Operations are what a shop's operators look after; Doctor examines the shop's data.
type Operations struct {
	Doctor    func(context.Context) (DoctorReport, error)
	Jobs      ports.JobsDesk
	Outbox    ports.Outbox
	Parked    ports.ParkedEvents
	Consumers []string // Of the outbox.
}

type doctorAnswer struct{ Body DoctorReport }

type backgroundAnswer struct{ Body background }

type listJobsInput struct {
	Paged

	State string `query:"state" enum:"dead" default:"dead" doc:"Those that nobody tries any more; others are only counted, see /admin/background."`
}

type jobsAnswer struct {
	Body struct {
		Items      []deadJob `json:"items"`
		NextCursor *string   `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
	}
}

type jobInput struct {
	Job string `path:"job" doc:"Its id."`
}

type listParkedInput struct {
	Paged

	Consumer string `query:"consumer" required:"true" minLength:"1" doc:"Name of who could not take them; /admin/background lists all."`
}

type parkedAnswer struct {
	Body struct {
		Items      []parkedAggregate `json:"items"`
		NextCursor *string           `json:"next_cursor" doc:"Where the next page starts; null on the last one."`
	}
}

type listSkippedInput struct {
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Most items of the page."`
	Consumer string `query:"consumer" required:"true" minLength:"1" doc:"Name of who was not told."`
}

type skippedAnswer struct {
	Body struct {
		Items []skippedEvent `json:"items" doc:"The latest first."`
	}
}

type retryParkedInput struct {
	Body struct {
		Consumer  string `json:"consumer" minLength:"1" maxLength:"255"`
		Aggregate string `json:"aggregate" minLength:"1" maxLength:"255"`
	}
}

type skipParkedInput struct {
	Body struct {
		Consumer  string `json:"consumer" minLength:"1" maxLength:"255"`
		Aggregate string `json:"aggregate" minLength:"1" maxLength:"255"`
		EventID   string `json:"event_id" doc:"Of the event that is not to be delivered."`
		Reason    string `json:"reason" minLength:"1" maxLength:"255" doc:"Kept and shown."`
	}
}

func (r *routes) mountAdminOperations() {
	Op(r.server, Route{
		ID: "admin-run-doctor", Method: http.MethodGet, Path: adminPath + "/doctor", Tag: operationsTag, Permission: access.DoctorRun, Timeout: examineTimeout,
		Summary:     "Whether the shop's data agree with themselves",
		Description: "Reads everything, so it is done by one caller at a time. A shop that is too large for one request is examined by `shop doctor`.",
		Problems:    staffReads,
	}, r.examining())
	Op(r.server, Route{
		ID: "admin-get-background", Method: http.MethodGet, Path: adminPath + "/background", Tag: operationsTag, Permission: access.DoctorRun,
		Summary: "What the shop has still to do by itself", Problems: staffReads,
	}, r.background)
	Op(r.server, Route{
		ID: "admin-list-jobs", Method: http.MethodGet, Path: jobsPath, Tag: operationsTag, Permission: access.DoctorRun,
		Summary: "Jobs that nobody tries any more", Problems: also(staffReads, catalog.InvalidCursor),
	}, r.listJobs)
	Command(r, Route{
		ID: "admin-retry-job", Method: http.MethodPost, Path: jobsPath + "/{job}/retry", Tag: operationsTag, Permission: access.SettingsWrite, Success: http.StatusNoContent,
		Summary: "Make a dead job wait again", Problems: also(staffWrites, fault.Missing),
	}, r.retryJob, nothing[jobInput])
	Op(r.server, Route{
		ID: "admin-list-parked-events", Method: http.MethodGet, Path: parkedPath, Tag: operationsTag, Permission: access.DoctorRun,
		Summary: "Events that a consumer could not take, by what they are about", Problems: also(staffReads, catalog.InvalidCursor, fault.Missing),
	}, r.listParked)
	Op(r.server, Route{
		ID: "admin-list-skipped-events", Method: http.MethodGet, Path: parkedPath + "/skipped", Tag: operationsTag, Permission: access.DoctorRun,
		Summary: "Events that somebody decided not to deliver", Problems: also(staffReads, fault.Missing),
	}, r.listSkipped)
	Command(r, Route{
		ID: "admin-retry-parked-events", Method: http.MethodPost, Path: parkedPath + "/retry", Tag: operationsTag, Permission: access.SettingsWrite, Success: http.StatusNoContent,
		Summary: "Deliver what waits again, now", Problems: also(staffWrites, fault.Missing),
	}, r.retryParked, nothing[retryParkedInput])
	Command(r, Route{
		ID: "admin-skip-parked-event", Method: http.MethodPost, Path: parkedPath + "/skip", Tag: operationsTag, Permission: access.SettingsWrite, Success: http.StatusNoContent,
		Summary: "Take an event that cannot be delivered away, and deliver the rest", Problems: also(staffWrites, fault.Missing),
	}, r.skipParked, nothing[skipParkedInput])
}

// nothing is what a repeated command shows that has nothing to show.
func nothing[I any](context.Context, *I, string) (*struct{}, error) { return nil, nil }

// examining lets one caller at a time examine.
func (r *routes) examining() func(context.Context, *struct{}) (*doctorAnswer, error) {
	var turn sync.Mutex
	return func(ctx context.Context, _ *struct{}) (*doctorAnswer, error) {
		if !turn.TryLock() {
			return nil, fault.Down.New("an examination is under way; try again when it is over").With("retry_after", int(examineTimeout.Seconds()))
		}
		defer turn.Unlock()
		report, err := r.Operations.Doctor(ctx)
		if err != nil {
			return nil, err
		}
		return &doctorAnswer{Body: report}, nil
	}
}

func (r *routes) background(ctx context.Context, _ *struct{}) (*backgroundAnswer, error) {
	out := &backgroundAnswer{Body: background{Consumers: []consumerState{}}}
	now := ref.Instant(r.Now())
	for _, name := range r.Operations.Consumers {
		oldest, err := r.Operations.Outbox.Oldest(ctx, name)
		if err != nil {
			return nil, err
		}
		parked, err := r.Operations.Parked.Parked(ctx, name, "", parkedShown)
		if err != nil {
			return nil, err
		}
		state := consumerState{Name: name, OldestAt: shownInstant(oldest), Parked: len(parked)}
		if !oldest.IsZero() {
			state.BehindFor = int64(max(now.Sub(oldest), 0).Seconds())
		}
		out.Body.Consumers = append(out.Body.Consumers, state)
	}
	figures, err := r.Operations.Jobs.Figures(ctx, now)
	if err != nil {
		return nil, err
	}
	out.Body.Jobs = jobsState{Waiting: figures.Waiting, Running: figures.Running, Dead: figures.Dead, OldestAt: shownInstant(figures.Oldest)}
	return out, nil
}

func (r *routes) listJobs(ctx context.Context, in *listJobsInput) (*jobsAnswer, error) {
	var after ref.UUID
	if in.Cursor != "" {
		place, err := parsePlace[jobPlace](deadJobsList, in.Cursor)
		if err != nil {
			return nil, err
		}
		after, _ = parseUUID(place.ID) // Sound.
	}
	dead, err := r.Operations.Jobs.Dead(ctx, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &jobsAnswer{}
	out.Body.Items = make([]deadJob, min(len(dead), in.Limit))
	for i := range out.Body.Items {
		out.Body.Items[i] = deadJobOf(dead[i])
	}
	if len(dead) > in.Limit {
		next := formatPlace(deadJobsList, jobPlace{ID: out.Body.Items[in.Limit-1].ID})
		out.Body.NextCursor = &next
	}
	return out, nil
}

func (r *routes) retryJob(ctx context.Context, in *jobInput, a Attempt) (*struct{}, string, error) {
	id, err := parseUUID(in.Job)
	if err != nil {
		return nil, "", err
	}
	return r.operate(ctx, "ports.job_retried", in.Job, a, func(ctx context.Context) error {
		return r.Operations.Jobs.Retry(ctx, id, ref.Instant(r.Now()))
	})
}

// operate runs a command of an operator between two entries of the audit log. What is no longer there was dealt with by
// the earlier attempt, if there was one.
func (r *routes) operate(ctx context.Context, action, subject string, a Attempt, do func(context.Context) error) (*struct{}, string, error) {
	_, err := audited(ctx, r, access.SettingsWrite, action, subject, func(ctx context.Context) (struct{}, error) {
		err := do(ctx)
		if a.Again && fault.Is(err, fault.Missing) {
			err = nil
		}
		return struct{}{}, err
	})
	return nil, subject, err
}

// consumer checks the name of a consumer of the outbox. Errors: fault.Missing.
func (r *routes) consumer(name string) error {
	if !slices.Contains(r.Operations.Consumers, name) {
		return fault.Missing.New("there is no such consumer; they are: " + strings.Join(r.Operations.Consumers, ", "))
	}
	return nil
}

func (r *routes) listParked(ctx context.Context, in *listParkedInput) (*parkedAnswer, error) {
	if err := r.consumer(in.Consumer); err != nil {
		return nil, err
	}
	after := ""
	if in.Cursor != "" {
		place, err := parsePlace[namedPlace](parkedList+in.Consumer, in.Cursor)
		if err != nil {
			return nil, err
		}
		after = place.Name
	}
	parked, err := r.Operations.Parked.Parked(ctx, in.Consumer, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &parkedAnswer{}
	out.Body.Items = make([]parkedAggregate, min(len(parked), in.Limit))
	for i := range out.Body.Items {
		out.Body.Items[i] = parkedAggregateOf(in.Consumer, parked[i])
	}
	if len(parked) > in.Limit {
		next := formatPlace(parkedList+in.Consumer, namedPlace{Name: parked[in.Limit-1].Aggregate})
		out.Body.NextCursor = &next
	}
	return out, nil
}

func (r *routes) listSkipped(ctx context.Context, in *listSkippedInput) (*skippedAnswer, error) {
	if err := r.consumer(in.Consumer); err != nil {
		return nil, err
	}
	skipped, err := r.Operations.Parked.Skipped(ctx, in.Consumer, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &skippedAnswer{}
	out.Body.Items = make([]skippedEvent, len(skipped))
	for i, s := range skipped {
		id := ref.NewID[ref.EventKind](s.Event)
		out.Body.Items[i] = skippedEvent{ID: id.String(), Name: s.Name, Aggregate: s.Aggregate, Reason: s.Reason, At: s.At.UTC()}
	}
	return out, nil
}

func (r *routes) retryParked(ctx context.Context, in *retryParkedInput, a Attempt) (*struct{}, string, error) {
	b := in.Body
	if err := r.consumer(b.Consumer); err != nil {
		return nil, "", err
	}
	return r.operate(ctx, "ports.events_retried", b.Aggregate, a, func(ctx context.Context) error {
		return r.Operations.Parked.Retry(ctx, b.Consumer, b.Aggregate, ref.Instant(r.Now()))
	})
}

func (r *routes) skipParked(ctx context.Context, in *skipParkedInput, a Attempt) (*struct{}, string, error) {
	b := in.Body
	if err := r.consumer(b.Consumer); err != nil {
		return nil, "", err
	}
	id, err := ref.ParseID[ref.EventKind](b.EventID)
	if err != nil {
		return nil, "", fault.Missing.New("no such event waits")
	}
	return r.operate(ctx, "ports.event_skipped", b.Aggregate, a, func(ctx context.Context) error {
		return r.Operations.Parked.Skip(ctx, ports.EventSkip{
			Consumer: b.Consumer, Aggregate: b.Aggregate, Event: id.UUID(), Reason: b.Reason, At: ref.Instant(r.Now()),
		})
	})
}
