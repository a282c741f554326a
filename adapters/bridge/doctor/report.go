package doctor

import "time"

// Report is what an examination came to.
type Report struct {
	At       time.Time        `json:"at"`
	Checks   []Check          `json:"checks"`
	Examined map[string]int64 `json:"examined"` // How many orders, carts, levels, promises, claims, events and prices.
	Count    int64            `json:"count"`    // Of all findings.
	Findings []Finding        `json:"findings"` // The first of them, by check and subject.

	most int
}

// Subjects lists what is examined, the keys of Report.Examined, in the order in which it is shown.
func Subjects() []string {
	return []string{"orders", "carts", "levels", "promises", "claims", "events", "prices"}
}

// Clean tells whether nothing was found.
func (r Report) Clean() bool { return r.Count == 0 }

// add takes findings.
func (r *Report) add(found ...Finding) {
	r.Count += int64(len(found))
	r.Findings = append(r.Findings, found[:min(len(found), max(0, r.most-len(r.Findings)))]...)
}
