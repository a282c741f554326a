package customers

import (
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Write is one aggregate in a commit: its new state, and the version that it replaces, 0 for none. The new state's
// version is Expected + 1.
type Write[T any] struct {
	State    T
	Expected ref.Version
}

// Commit is all that must become true together.
type Commit struct {
	Customers []Write[Customer]
	Groups    []Write[Group]
	Consents  []Consent
	Events    []event.Event
	Audit     []ports.AuditEntry
}

// Facts are what is stored about what a commit names. What is not in a map does not exist.
type Facts struct {
	Customers  map[ref.CustomerID]ref.Version
	Emails     map[ref.Email]ref.CustomerID // Whose the addresses are that the written customers have.
	References map[Reference]ref.CustomerID // The same for their references.
	Groups     map[string]ref.Version
}

// Validate refuses a commit that contradicts itself. Errors: MalformedCommit.
func (c Commit) Validate() error {
	seen := map[ref.CustomerID]bool{{}: true}
	for _, w := range c.Customers {
		if seen[w.State.ID] || w.State.Version != w.Expected+1 {
			return MalformedCommit.New("a customer is written twice, or its version does not follow")
		}
		seen[w.State.ID] = true
	}
	keys := map[string]bool{"": true}
	for _, w := range c.Groups {
		if keys[w.State.Key] || w.State.Version != w.Expected+1 {
			return MalformedCommit.New("a group is written twice, or its version does not follow")
		}
		keys[w.State.Key] = true
	}
	return nil
}

// Decide is what a commit means, for every store: it may become true with these facts, or the error says why not. A
// store reads the facts, and keeps them from changing, until the commit is written. Errors: MalformedCommit,
// fault.VersionConflict, EmailTaken, ReferenceTaken, GroupTaken.
func Decide(c Commit, f Facts) error {
	if err := c.Validate(); err != nil {
		return err
	}
	for _, w := range c.Customers {
		if f.Customers[w.State.ID] != w.Expected {
			return fault.VersionConflict.New("the customer was changed meanwhile; read it again")
		}
	}
	for _, w := range c.Groups {
		switch stored := f.Groups[w.State.Key]; {
		case w.Expected == 0 && stored != 0:
			return GroupTaken.New("another group has this key").At("key")
		case stored != w.Expected:
			return fault.VersionConflict.New("the group was changed meanwhile; read it again")
		}
	}
	return unique(c.Customers, f)
}

// unique refuses addresses and references that others have, or get in the same commit.
func unique(writes []Write[Customer], f Facts) error {
	written := make(map[ref.CustomerID]bool, len(writes))
	for _, w := range writes {
		written[w.State.ID] = true
	}
	emails, refs := map[ref.Email]bool{}, map[Reference]bool{}
	for _, w := range writes {
		c := w.State
		if c.Status == Erased {
			continue
		}
		if !c.Email.IsZero() {
			owner, known := f.Emails[c.Email]
			if emails[c.Email] || known && owner != c.ID && !written[owner] {
				return EmailTaken.New("another customer has this e-mail address").At("email")
			}
			emails[c.Email] = true
		}
		for _, r := range c.References {
			owner, known := f.References[r]
			if refs[r] || known && owner != c.ID && !written[owner] {
				return ReferenceTaken.New("another customer has this reference").At("references").With("source", r.Source).With("ref", r.Ref)
			}
			refs[r] = true
		}
	}
	return nil
}
