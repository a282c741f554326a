package customers

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Introduce gives the customers that a source knows by these references, and makes a guest, with no more than the
// reference, for each that the shop does not know: all of them in one commit. Made says how many. It is for imports, and
// may be called again and by several at once. Errors: Bad with fields; kinds Unavailable and Unknown.
func (s *Service) Introduce(ctx context.Context, source string, refs []string) (known map[string]ref.CustomerID, made int, err error) {
	err = s.retry(ctx, func() error {
		made = 0
		if known, err = s.ByReferences(ctx, source, refs); err != nil {
			return err
		}
		now := s.now()
		var c Commit
		for _, text := range refs {
			if _, has := known[text]; has {
				continue
			}
			next := Customer{ID: ref.NewID[ref.CustomerKind](s.ids.New()), Status: Machine.Initial, CreatedAt: now}.next(now)
			next.References = []Reference{{Source: source, Ref: text}}
			if err := next.Validate(); err != nil {
				return err
			}
			known[text] = next.ID
			c.Customers = append(c.Customers, Write[Customer]{State: next})
			c.Events = append(c.Events, s.events(next.ID.String(), now, CustomerSaved{Customer: next.ID, Status: next.Status, Version: next.Version})...)
		}
		if made = len(c.Customers); made == 0 {
			return nil
		}
		err := s.committer.Commit(ctx, c)
		if fault.Is(err, ReferenceTaken) { // Somebody else makes it right now.
			return fault.VersionConflict.New("a reference was taken meanwhile").Because(err)
		}
		return err
	})
	return known, made, err
}
