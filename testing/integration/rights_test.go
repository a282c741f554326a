package integration_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The table of rights, which people review: a row for each operation and each kind of thing that it is tried on, a cell
// for each caller. "in" is let in: for what the caller owns anything but 401, 403 and 404, else anything but 401 and 403,
// since what a permission allows is tried on things that are not there. A number is the status that the caller sees.
const rightsTable = "testdata/rights.tsv"

// The table of ids that bodies and queries hold, and why they open nothing of somebody else's.
const nestedTable = "testdata/rights_ids.tsv"

// callers are the columns of the table, the weakest first.
var callers = []string{"anonymous", "guest", "owner", "other", "staff without", "staff with", "key without", "admin"}

// rightsRow is a row of the table.
type rightsRow struct {
	operation, subject, may string
	cells                   map[string]string
}

// TestRights tries every operation of the API's document as every caller and holds the answers against the table. An
// operation without a row fails, and so does a row without an operation. A thing that is somebody else's answers as one
// that does not exist, to the letter.
func TestRights(t *testing.T) {
	t.Parallel()
	for name, store := range shopStores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRightsWorld(t, store...)
			rows := readRights(t)
			for _, op := range w.document.operations() {
				own := rows[op.OperationID]
				delete(rows, op.OperationID)
				if len(own) == 0 {
					t.Errorf("%s has no row in %s: %s\t-\t%s\t…", op.OperationID, rightsTable, op.OperationID, op.whoMay())
				}
				for _, row := range own {
					w.hold(t, op, row)
				}
			}
			for id := range rows {
				t.Errorf("%s has a row for %s, which is no operation", rightsTable, id)
			}
		})
	}
}

// hold tries one row.
func (w *rightsWorld) hold(t *testing.T, op apiOperation, row rightsRow) {
	t.Helper()
	if row.may != op.whoMay() {
		t.Errorf("%s lets in %q, and the table says %q", op.OperationID, op.whoMay(), row.may)
	}
	for _, caller := range callers {
		want, at := row.cells[caller], fmt.Sprintf("%s on %s as %s", op.OperationID, row.subject, caller)
		things := w.things(t, row.subject)
		got := w.try(t, op, things, caller)
		switch {
		case want == "in" && (got.status == http.StatusUnauthorized || got.status == http.StatusForbidden):
			t.Errorf("%s: is kept out: %d %s", at, got.status, got.body)
		case want == "in" && row.subject != "-" && got.status == http.StatusNotFound:
			t.Errorf("%s: does not see what is their own: %d %s", at, got.status, got.body)
		case want != "in" && want != strconv.Itoa(got.status):
			t.Errorf("%s: %d %s, want %s", at, got.status, got.body, want)
		case want == "404":
			missing := w.try(t, op, things.elsewhere(), caller)
			if missing.status != got.status || !bytes.Equal(withoutRequest(t, missing.body), withoutRequest(t, got.body)) {
				t.Errorf("%s: what is somebody else's is told from what is not there: %s and %s", at, got.body, missing.body)
			}
		}
		if strings.Contains(string(got.body), w.secretOf(row.subject)) && want != "in" {
			t.Errorf("%s: the answer shows what is the owner's: %s", at, got.body)
		}
	}
}

// withoutRequest takes the request's own id out of a problem.
func withoutRequest(t *testing.T, body []byte) []byte {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	delete(members, "request_id")
	delete(members, "trace_id")
	out, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readRights(t *testing.T) map[string][]rightsRow {
	t.Helper()
	out := make(map[string][]rightsRow)
	for _, cells := range readTable(t, rightsTable, 3+len(callers)) {
		row := rightsRow{operation: cells[0], subject: cells[1], may: cells[2], cells: make(map[string]string)}
		for i, caller := range callers {
			row.cells[caller] = cells[3+i]
		}
		out[row.operation] = append(out[row.operation], row)
	}
	return out
}

// readTable reads lines of tab-separated cells; lines that begin with # are comments.
func readTable(t *testing.T, file string, columns int) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != columns {
			t.Fatalf("%s: %d cells, not %d: %s", file, len(cells), columns, line)
		}
		out = append(out, cells)
	}
	return out
}

// TestNestedIDs holds that every member of a body and every query parameter that names a thing is in its table, and
// tries those that name one's own things with somebody else's: they answer as ids of nothing, and change nothing.
func TestNestedIDs(t *testing.T) {
	t.Parallel()
	for name, store := range shopStores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRightsWorld(t, store...)
			known := make(map[string]string)
			for _, cells := range readTable(t, nestedTable, 4) {
				known[cells[0]+" "+cells[1]] = cells[2]
			}
			for _, op := range w.document.operations() {
				for _, member := range w.document.naming(op) {
					key := op.OperationID + " " + member
					rule, listed := known[key]
					delete(known, key)
					switch {
					case !listed:
						t.Errorf("%s takes %s, which has no row in %s", op.OperationID, member, nestedTable)
					case rule == "own":
						w.holdNested(t, op, member)
					case !slices.Contains([]string{"credential", "staff", "public"}, rule):
						t.Errorf("%s: %s has the rule %q", nestedTable, key, rule)
					}
				}
			}
			for key := range known {
				t.Errorf("%s has a row for %s, which is not there", nestedTable, key)
			}
		})
	}
}

// holdNested sends, as somebody else, a thing of the owner's and a thing that is not there.
func (w *rightsWorld) holdNested(t *testing.T, op apiOperation, member string) {
	t.Helper()
	foreign, missing := w.nested(t, op, member)
	if foreign.status < http.StatusBadRequest && foreign.status != missing.status {
		t.Errorf("%s takes the %s of somebody else: %d %s", op.OperationID, member, foreign.status, foreign.body)
	}
	if foreign.status >= http.StatusBadRequest && !bytes.Equal(withoutRequest(t, foreign.body), withoutRequest(t, missing.body)) {
		t.Errorf("%s tells the %s of somebody else from one that is not there: %s and %s", op.OperationID, member, foreign.body, missing.body)
	}
}
