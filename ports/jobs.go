package ports

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// Bounds of a job: a payload names things and holds none of them.
const (
	JobPayloadMost = 64 << 10        // Bytes.
	JobNameMost    = 200             // Bytes of a kind or a key.
	JobEveryLeast  = 1 * time.Second // The shortest interval of a recurring job.
)

// Job is work to be done later, once or again and again. Its handler may run twice, after a crash or when a lease was
// lost, so it must be idempotent.
type Job struct {
	ID   [16]byte // Of ports.IDs.
	Kind string   // Names the handler, such as "ordering.sweep_orders".
	// Key makes it one of its kind: while a job with the key waits, another one changes nothing but to bring the earlier
	// time and the later payload; while it runs, another one makes it run once more. Empty means none.
	Key     string
	Payload json.RawMessage // What the handler needs to know; JSON, or nothing.
	RunAt   time.Time       // Not before.
	Every   time.Duration   // Makes it recur, on ticks of this length from RunAt on; then it needs a Key.
}

// Validate gives an error of class fault.Bad that names what is wrong, or nil.
func (j Job) Validate() error {
	var wrong []*fault.Error
	check := func(broken bool, field, format string, args ...any) {
		if broken {
			wrong = append(wrong, fault.Bad.Newf(format, args...).At(field))
		}
	}
	check(j.ID == [16]byte{}, "id", "a job needs an id")
	check(j.Kind == "" || len(j.Kind) > JobNameMost, "kind", "a kind has 1 to %d bytes", JobNameMost)
	check(len(j.Key) > JobNameMost, "key", "a key has at most %d bytes", JobNameMost)
	check(len(j.Payload) > JobPayloadMost, "payload", "a payload has at most %d bytes", JobPayloadMost)
	check(len(j.Payload) > 0 && !json.Valid(j.Payload), "payload", "a payload is JSON")
	check(j.Every != 0 && j.Every < JobEveryLeast, "every", "an interval is %s or more", JobEveryLeast)
	check(j.Every > 0 && j.Key == "", "key", "a job that recurs needs a key")
	return fault.Collect(wrong)
}

// ValidateJobs checks jobs that ride in a commit.
func ValidateJobs(jobs []Job) error {
	for i, j := range jobs {
		if err := j.Validate(); err != nil {
			return fault.Of(err).Under(fmt.Sprintf("jobs[%d]", i))
		}
	}
	return nil
}

// JobClaim asks for jobs to run.
type JobClaim struct {
	Kinds []string // Those that the runner has handlers for.
	Owner [16]byte // Names the runner; never zero.
	At    time.Time
	Until time.Time // When others may take over what is not extended.
	Limit int
}

// JobShare is what a claim gave.
type JobShare struct {
	Runs []JobRun
	Next time.Time // When the next job of these kinds is due, or free again; zero for none.
}

// JobRun is a job that its runner holds.
type JobRun struct {
	Job
	Attempt int      // The how-manieth it is.
	Owner   [16]byte // Who claimed it.
	Token   uint64   // Of this holding.
	Until   time.Time
}

// JobOutcome is how a run ended.
type JobOutcome uint8

// The outcomes. A job that is done is gone, or comes back on its next tick; one that failed comes back when Due says,
// and without Due is dead, or comes back on its next tick; one that is handed back was not run and is due at once.
const (
	JobDone JobOutcome = iota
	JobFailed
	JobHandedBack
)

// JobResult ends a run.
type JobResult struct {
	Run     JobRun
	Outcome JobOutcome
	At      time.Time
	Due     time.Time // Of JobFailed: when to try again.
	Cause   string    // Of JobFailed, for who looks after it.
}

// Jobs keeps work that is to be done later. Jobs are enqueued alone, or ride in a commit and become true with it.
//
// A runner claims what is due for a while and then ends it; a job whose runner crashed is claimed by another once its
// lease is over. What a step does to a job is pure and exported, as methods of JobRecord, for every store. Times come
// from the caller, as with Outbox.
//
// Contract: [jobs-enqueue] Enqueue makes jobs wait, whole and all or none, and refuses malformed ones; those that ride
// in a commit are there when it is true, and not at all when it was refused; [jobs-key] of the jobs of a kind that wait
// or run one has a key; enqueueing it again does what Job.Key says, and [jobs-every] a recurring one takes the new
// interval only, and comes back on its next tick however it ended; [jobs-lease] Claim gives at most limit jobs of the
// kinds that are due, those first that are due longest, each to one runner until its lease is over, counting the
// attempts; Extend lengthens a lease; [jobs-fence] Extend and Finish of a run that another has taken since, or that has
// ended, are refused with LeaseLost and change nothing; [jobs-finish] Finish does what the outcome says, at the time
// that it says; [jobs-next] a claim tells when the next job of its kinds is due or free again; [jobs-wake] Wake's
// channel is closed soon after this process enqueues jobs after the call. Errors: fault.Bad, LeaseLost; kind
// Unavailable. Safe for concurrent use.
type Jobs interface {
	Enqueue(ctx context.Context, jobs []Job) error
	Claim(ctx context.Context, c JobClaim) (JobShare, error)
	Extend(ctx context.Context, run JobRun, until time.Time) error
	Finish(ctx context.Context, r JobResult) error
	Wake() <-chan struct{}
}

// JobFigures sums up the jobs of a store.
type JobFigures struct {
	Waiting int       // Due or not.
	Running int       // Leases that are over too.
	Dead    int       // They wait for somebody.
	Oldest  time.Time // Since when the one is due that is due longest; zero when nothing is late.
}

// DeadJob is a job that nobody tries any more.
type DeadJob struct {
	Job
	Attempts int
	Cause    string
	At       time.Time // When it died.
}

// JobsDesk is for who looks after jobs.
//
// Contract: [jobs-dead] Dead gives at most limit dead jobs by id, from behind the given one on, with how often and why
// they failed; Retry makes one wait again, due then and with its attempts forgotten, or forgets it when a job with its
// key waits or runs; Drop deletes a job in any state, after which its runner has lost it; what is not there is Missing;
// [jobs-figures] Figures counts jobs as of a time. Errors: fault.Missing; kind Unavailable. Safe for concurrent use.
type JobsDesk interface {
	Dead(ctx context.Context, after [16]byte, limit int) ([]DeadJob, error)
	Retry(ctx context.Context, id [16]byte, at time.Time) error
	Drop(ctx context.Context, id [16]byte) error
	Figures(ctx context.Context, at time.Time) (JobFigures, error)
}
