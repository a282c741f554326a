package ports_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

func TestJobsAreValidated(t *testing.T) {
	t.Parallel()
	good := ports.Job{ID: [16]byte{1}, Kind: "a", Key: "k", Payload: json.RawMessage(`{}`), Every: time.Minute}
	if err := good.Validate(); err != nil {
		t.Errorf("a good job: %v", err)
	}
	bad := ports.Job{Kind: strings.Repeat("k", ports.JobNameMost+1), Payload: json.RawMessage("{"), Every: time.Nanosecond}
	err := ports.ValidateJobs([]ports.Job{good, bad})
	if !fault.Is(err, fault.Bad) {
		t.Fatalf("a bad job: %v", err)
	}
	var fields []string
	for _, v := range fault.Of(err).Violations() {
		fields = append(fields, v.Field())
	}
	if got := strings.Join(fields, " "); got != "jobs[1].id jobs[1].kind jobs[1].payload jobs[1].every jobs[1].key" {
		t.Errorf("wrong are %s", got)
	}
}

// Whatever happens to a recurring job, it waits or runs, has one holder, and its ticks stay on their grid.
func TestRecurringJobsGoOn(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 3))
		const every = time.Minute
		r := ports.NewJobRecord(ports.Job{ID: [16]byte{1}, Kind: "a", Key: "k", RunAt: base, Every: every})
		now := base
		var runs []ports.JobRun
		for range 300 {
			now = now.Add(time.Duration(random.IntN(40)) * time.Second)
			switch random.IntN(4) {
			case 0:
				if r.Claimable(now) {
					var run ports.JobRun
					r, run = r.Claimed(ports.JobClaim{Owner: [16]byte{byte(1 + random.IntN(2))}, At: now, Until: now.Add(20 * time.Second)})
					runs = append(runs, run)
				}
			case 1:
				r = r.Enqueued(ports.Job{ID: [16]byte{2}, Kind: "a", Key: "k", RunAt: now, Every: every})
			default:
				if len(runs) == 0 {
					continue
				}
				run := runs[random.IntN(len(runs))]
				if !r.HeldBy(run) {
					continue
				}
				var gone bool
				r, gone = r.Finished(ports.JobResult{Run: run, Outcome: ports.JobOutcome(random.IntN(3)), At: now, Due: now.Add(time.Second)})
				if gone {
					t.Fatalf("seed %d: it is gone", seed)
				}
			}
			if r.State == ports.JobDead || r.RunAt.Sub(base)%every != 0 || r.Due.Sub(now) > every {
				t.Fatalf("seed %d: at %v it is %+v", seed, now, r)
			}
			held := 0
			for _, run := range runs {
				if r.HeldBy(run) {
					held++
				}
			}
			if held > 1 {
				t.Fatalf("seed %d: %d runs hold it", seed, held)
			}
		}
	}
}
