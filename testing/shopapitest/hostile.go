package shopapitest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Siege says how hard Hostile tries. The zero value is what an ordinary test takes.
type Siege struct {
	// Cases are the requests of each operation; 0 means 200. What an operation has more ways to be spoilt than these is
	// chosen by the seed; what is left over goes to good requests and further mixtures.
	Cases int
	// Seed decides everything that is chosen; 0 means 1. A finding names its operation and case: the same seed sends
	// the same again, on new carts and orders.
	Seed uint64
	// Only is one operation, such as "GET /api/v1/products", to look at alone. Kind, if it is not empty, is how the names
	// of the cases begin that are sent: "injection" sends nothing else.
	Only, Kind string
	// Unreached are operations of which no good request can be sent from outside, with the reason. All others must
	// accept one: a server that refuses everything would pass else.
	Unreached map[string]string
	// Within bounds every answer; 0 means 20 seconds: a server's own deadline, and what a busy machine adds to it.
	Within time.Duration
}

// Report is what a siege saw.
type Report struct {
	Sent     int
	Findings []string       // What is wrong, each with the request; empty when all is well.
	Answers  map[string]int // How often each answer came, as lines of Coverage.
	Accepted map[string]int // Good answers by operation, "METHOD /template".
	Lost     int            // Requests that may have been done although no answer told of it.
}

// Hostile sends the operations of the target's own document what the internet sends: good requests, requests at the
// bounds of their schemas, and broken ones, down to the framing. The target must do for Test, and its data is changed.
//
// Whatever came, the answer must be there in time, must be one that the document names, true to its schema and media
// type, with a request id and without a cookie, no failure of the server and no word of its inside. What breaks a rule
// of the document must be refused with the field named; what keeps them must not be; text that was accepted must come
// back as it was sent.
//
// A 503 with Retry-After is asked again, six times in all: a busy machine is no finding, and a server that never has
// another answer is one. Such a request may have been done more than once; Report.Lost counts each.
func Hostile(t *testing.T, target Target, siege Siege) Report {
	t.Helper()
	report, err := Besiege(t.Context(), target, siege)
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range report.Findings {
		t.Errorf("seed %d: %s", siege.seed(), finding)
	}
	return report
}

// besiegers are the connections over which requests are sent at once; findings listed are bounded for each operation.
const (
	besiegers    = 4
	listedMost   = 12
	casesNormal  = 200
	withinNormal = 20 * time.Second
	asksMost     = 6 // How often a request is sent whose answer is to come again.
)

func (s Siege) seed() uint64 { return max(s.Seed, 1) }

func (s Siege) cases() int {
	if s.Cases > 0 {
		return s.Cases
	}
	return casesNormal
}

// Besiege is Hostile for tests that want to look at what it found themselves. It fails when the target does not answer
// well enough to begin.
func Besiege(ctx context.Context, target Target, siege Siege) (Report, error) {
	if siege.Within == 0 {
		siege.Within = withinNormal
	}
	b := &battle{
		siege: siege, base: strings.TrimRight(target.BaseURL, "/"), adminKey: target.AdminKey, mail: target.Mail, pool: newPool(),
		report: Report{Answers: make(map[string]int), Accepted: make(map[string]int)}, listed: make(map[string]int),
	}
	first, err := b.fighter("")
	if err != nil {
		return b.report, err
	}
	defer first.wire.close()
	if err := first.scout(ctx); err != nil {
		return b.report, fmt.Errorf("the shop does not answer well enough to begin: %w", err)
	}
	if target.Mail != nil {
		if err := first.signUp(ctx); err != nil {
			return b.report, err
		}
	}
	operations := make(chan *operation)
	var group sync.WaitGroup
	failures := make([]error, besiegers)
	for i := range besiegers {
		group.Go(func() { failures[i] = b.besiege(ctx, operations) })
	}
	for _, op := range b.document.operations {
		if siege.Only == "" || siege.Only == op.String() {
			operations <- op
		}
	}
	close(operations)
	group.Wait()
	b.holdReached()
	slices.Sort(b.report.Findings)
	return b.report, errors.Join(errors.Join(failures...), ctx.Err())
}

// battle is one siege of one target; fighters share it.
type battle struct {
	siege    Siege
	base     string
	adminKey string
	mail     func() ([]Mail, error)
	document *Document
	pool     *pool
	goods    []variant // What was in stock when the siege began.
	customer Credentials
	shared   session // Of the customer; empty when there is none.

	alone  sync.Mutex // Held for what changes the one customer, who else would be changed by several at once.
	mu     sync.Mutex
	report Report
	listed map[string]int
}

// besiege takes operations until there are none left.
func (b *battle) besiege(ctx context.Context, operations <-chan *operation) error {
	var failed error
	for op := range operations {
		f, err := b.fighter(op.String())
		if err != nil {
			failed = err
			continue
		}
		f.storm(ctx, op)
		f.wire.close()
	}
	return failed
}

// fighter sends requests over one connection, one after the other.
type fighter struct {
	*battle

	wire   *wire
	random *rand.Rand
	spare  string // Access token of a session that an operation may end.
	own    ware
	depot  string  // Code of a place that takes wares.
	double *double // Signs in instead of the one customer; see hostile_tokens.go.
	tokens int     // How many of the operation's requests got what a mail brings.
	good   bool    // The request in the making is to be spoilt by nothing.
}

func (b *battle) fighter(name string) (*fighter, error) {
	w, err := newWire(b.base, b.siege.Within)
	if err != nil {
		return nil, err
	}
	return &fighter{battle: b, wire: w, random: b.random(name, 0)}, nil
}

// random is the source of one case.
func (b *battle) random(name string, number int) *rand.Rand {
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s %d", name, number)
	return rand.New(rand.NewPCG(b.siege.seed(), hash.Sum64())) //nolint:gosec // Cases must come again from their seed.
}

// storm sends all cases of an operation.
func (f *fighter) storm(ctx context.Context, op *operation) {
	tries := slices.DeleteFunc(f.tries(ctx, op), func(t try) bool { return !strings.HasPrefix(t.name, f.siege.Kind) })
	f.random.Shuffle(len(tries), func(i, j int) { tries[i], tries[j] = tries[j], tries[i] })
	good := try{name: goodName, spoil: func(*fighter, *request) expectation { return expectation{sound: true} }}
	cases := f.siege.cases()
	if f.siege.Kind != "" {
		cases = min(cases, len(tries))
	}
	for i := range cases {
		if ctx.Err() != nil {
			return
		}
		one := good
		switch {
		case f.siege.Kind != "": // Each once, and nothing else.
			one = tries[i]
		case i%goodEvery != 0 && len(tries) > 0:
			one = tries[(i-i/goodEvery-1)%len(tries)]
		}
		f.random = f.battle.random(op.String(), i)
		f.attack(ctx, op, one, i)
	}
}

const (
	goodName  = "good" // Of cases that are spoilt by nothing.
	goodEvery = 8      // How many cases go from one of them to the next.
)

// attack sends one case and judges the answer.
func (f *fighter) attack(ctx context.Context, op *operation, one try, number int) {
	if (op.auth == "customer" || op.auth == "session") && !op.doubled() {
		f.alone.Lock()
		defer f.alone.Unlock()
	}
	f.good = one.name == goodName
	r, err := f.requestTo(ctx, op, one.full, f.good, 0)
	if err != nil { // The operation accepts nothing then, which holdReached finds.
		return
	}
	want := one.spoil(f, r)
	if _, excused := f.siege.Unreached[op.String()]; excused {
		want.sound = false
	}
	if op.body == nil && op.whole["requestBody"] != nil && !op.form() {
		want.field, want.sound = "", false // It is signed, which is missed before anything else is.
	}
	s := r.shot()
	a, took, err := f.wire.send(ctx, s)
	if f.renewed(ctx, r, a) {
		s = r.shot()
		a, took, err = f.wire.send(ctx, s)
	}
	f.lose(a, err)
	for asked := 1; err == nil && a.comeAgain() && asked < asksMost; asked++ {
		a, took, err = f.wire.send(ctx, s)
		f.lose(a, err)
	}
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		f.find(op, number, one.name, fmt.Sprintf("%s: %v", s, err))
		return
	}
	wrong := f.judge(r, a, want)
	if took > f.siege.Within {
		wrong = append(wrong, fmt.Sprintf("took %s", took))
	}
	for _, flaw := range wrong {
		f.find(op, number, one.name, fmt.Sprintf("%s: %s", a, flaw))
	}
	f.note(op, r, a)
	f.spend(r, a)
	if a.status == http.StatusNoContent {
		f.spare = ""
	}
	if one.name == goodName && a.status == http.StatusNotFound && r.place != nil {
		f.pool.forget(r.place)
	}
}

// lose counts a request whose effect nobody was told of.
func (f *fighter) lose(a answer, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.report.Lost += f.wire.again
	if f.wire.again = 0; err != nil || a.status >= http.StatusInternalServerError {
		f.report.Lost++
	}
}

// find lists a finding, unless the operation has enough of them.
func (f *fighter) find(op *operation, number int, name, flaw string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listed[op.String()]++; f.listed[op.String()] <= listedMost {
		f.report.Findings = append(f.report.Findings, fmt.Sprintf("%s, case %d, %s: %s", op, number, name, flaw))
	}
}

// note counts an answer and learns from it.
func (f *fighter) note(op *operation, r *request, a answer) {
	f.mu.Lock()
	f.report.Sent++
	if r.intact() && op.responses[a.status] != nil {
		f.report.Answers[op.line(a.status)]++
		if a.status < http.StatusBadRequest {
			f.report.Accepted[op.String()]++
		}
	}
	f.mu.Unlock()
	if a.status < http.StatusMultipleChoices && r.intact() {
		f.pool.learn(f.document, op, r, a)
	}
}

// holdReached finds operations that accepted nothing, and excuses for such as do not exist.
func (b *battle) holdReached() {
	if b.siege.Kind != "" {
		return
	}
	for _, op := range b.document.operations {
		_, excused := b.siege.Unreached[op.String()]
		accepted := b.report.Accepted[op.String()]
		switch {
		case b.siege.Only != "" && b.siege.Only != op.String():
		case accepted == 0 && !excused:
			b.report.Findings = append(b.report.Findings, fmt.Sprintf("%s: accepted none of %d requests: %v", op, b.siege.cases(), b.answersOf(op)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.siege.Unreached)) {
		if !slices.ContainsFunc(b.document.operations, func(op *operation) bool { return op.String() == name }) {
			b.report.Findings = append(b.report.Findings, name+": is excused and does not exist")
		}
	}
}

// answersOf are the answers of an operation, for messages.
func (b *battle) answersOf(op *operation) []string {
	var out []string
	for line, times := range b.report.Answers {
		if rest, ok := strings.CutPrefix(line, op.String()+" "); ok {
			out = append(out, fmt.Sprintf("%s × %d", rest, times))
		}
	}
	slices.Sort(out)
	return out
}
