package ordering

// Point names a moment inside an adapter's commit at which a test may make it fail: an adapter takes a hook
// func(Point) error in its options, calls it there, and treats its error as if the store had given it.
type Point string

// The points, in the order in which a commit passes them. Up to BeforeCommit a failure means that nothing was written
// (kind Unavailable); at AfterCommit everything was, and only the answer is lost (kind Unknown).
const (
	BeforeFacts  Point = "before_facts"  // Nothing is read or locked yet.
	BeforeStock  Point = "before_stock"  // Facts are read; Decide comes next.
	BeforeWrite  Point = "before_write"  // Decided; nothing is written yet.
	BeforeEvents Point = "before_events" // Orders, carts, payments and stock are written; events are not.
	BeforeCommit Point = "before_commit" // All is written and nothing is true yet.
	AfterCommit  Point = "after_commit"  // All is true; the caller does not know.
)

// Points lists the points in order.
func Points() []Point {
	return []Point{BeforeFacts, BeforeStock, BeforeWrite, BeforeEvents, BeforeCommit, AfterCommit}
}
