package inventory

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// Location is the code of a place that holds stock, such as a shop or a warehouse: 1 to LocationMax bytes of lower-case
// letters, digits, dots, dashes and underscores, beginning with a letter or a digit. Site is the place itself.
type Location string

// DefaultLocation is the location of a shop that made none. It is there, and open, without anybody making it.
const DefaultLocation Location = "main"

// SiteState tells whether a location takes part in the shop's stock.
type SiteState string

// The states of a location.
const (
	SiteOpen   SiteState = "open"
	SiteClosed SiteState = "closed" // Nothing lies there, nothing is received there, nothing is drawn from there.
)

// SiteEvent is what happens to a location.
type SiteEvent string

// The events of a location.
const (
	SiteClose  SiteEvent = "close"
	SiteReopen SiteEvent = "reopen"
)

// LocationMachine is the life of a location. It rests in either state; closing needs an empty location.
var LocationMachine = statemachine.Table[SiteState, SiteEvent]{
	Name: "location", Initial: SiteOpen, Terminal: []SiteState{SiteOpen, SiteClosed},
	Edges: []statemachine.Edge[SiteState, SiteEvent]{
		{From: SiteOpen, On: SiteClose, To: SiteClosed},
		{From: SiteClosed, On: SiteReopen, To: SiteOpen},
	},
}

// Site is a location as the shop keeps it. A closed one holds nothing: it cannot be closed before all that lies there,
// claimed or not, is moved or sold, and receives nothing afterwards.
type Site struct {
	Location Location
	Version  ref.Version // 0 for DefaultLocation as long as nobody wrote it.
	Name     string      // For people, 1 to NameMax characters.
	State    SiteState
	Priority int32 // Claims draw on the lowest first; on equal ones by their codes. At most PriorityMax, either way.
}

// defaultSite is DefaultLocation while nobody wrote it.
func defaultSite() Site { return Site{Location: DefaultLocation, Name: "Main", State: SiteOpen} }

// compareSites orders locations as claims draw on them.
func compareSites(a, b Site) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Location, b.Location))
}

// AllSites puts locations into the order in which claims draw on them, with DefaultLocation among them: what Locations of
// a store gives of those that it keeps.
func AllSites(kept []Site) []Site {
	if !slices.ContainsFunc(kept, func(s Site) bool { return s.Location == DefaultLocation }) {
		kept = append(kept, defaultSite())
	}
	slices.SortFunc(kept, compareSites)
	return kept
}

// Validate checks the rules of a location and reports all violations with their fields.
func (s Site) Validate() error { return fault.Collect(s.violations()) }

// violations lists what is wrong with the site.
func (s Site) violations() []*fault.Error {
	var out []*fault.Error
	if !wellFormed(s.Location) {
		out = append(out, BrokenRule.Newf("a location's code has 1 to %d lower-case letters, digits, dots, dashes and underscores, and begins with a letter or a digit", LocationMax).At("location"))
	}
	if s.Name == "" || utf8.RuneCountInString(s.Name) > NameMax {
		out = append(out, BrokenRule.Newf("a location's name has 1 to %d characters", NameMax).At("name"))
	}
	if s.Priority > PriorityMax || s.Priority < -PriorityMax {
		out = append(out, BrokenRule.Newf("a priority is at most %d, either way", PriorityMax).At("priority"))
	}
	return out
}

// wellFormed tells whether the text is a code.
func wellFormed(l Location) bool {
	if l == "" || len(l) > LocationMax {
		return false
	}
	for i, c := range []byte(l) {
		plain := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !plain && (i == 0 || c != '.' && c != '-' && c != '_') {
			return false
		}
	}
	return true
}
