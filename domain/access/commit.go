package access

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
	Accounts []Write[Account]
	Sessions []Write[Session]
	Roles    []Write[Role]
	Keys     []Write[APIKey]
	Forget   []ref.SessionID // Sessions to take away, with all that is kept of them.
	Events   []event.Event
	Audit    []ports.AuditEntry
}

// Address is what an account of a kind is found by.
type Address struct {
	Kind  Kind
	Email ref.Email
}

// AccountFact is what Decide must know of a stored account.
type AccountFact struct {
	Version ref.Version
	Owner   bool // Of staff: an owner who can sign in; see Account.Leads.
}

// Facts are what is stored about what a commit names. What is not in a map does not exist.
type Facts struct {
	Accounts  map[ref.AccountID]AccountFact // Those that are written; when Touches staff, all owners who can sign in too.
	Addresses map[Address]ref.AccountID     // Whose the addresses are that the written accounts have.
	Sessions  map[ref.SessionID]ref.Version
	Roles     map[ref.RoleID]ref.Version
	Keys      map[ref.APIKeyID]ref.Version
	Digests   map[Digest]ref.APIKeyID // Whose the digests are that the written keys have.
}

// Leads tells whether the account is one of an owner who can sign in.
func (a Account) Leads() bool { return a.Staff != nil && a.Staff.Owner && a.State == Active }

// TouchesStaff tells whether the commit writes an account of staff: its facts then hold all owners who can sign in, and
// no other commit that does may come between them and the write.
func (c Commit) TouchesStaff() bool {
	for _, w := range c.Accounts {
		if w.State.Staff != nil {
			return true
		}
	}
	return false
}

// Validate refuses a commit that contradicts itself. Errors: MalformedCommit.
func (c Commit) Validate() error {
	ok := follow(c.Accounts, func(a Account) (ref.AccountID, ref.Version) { return a.ID, a.Version }) &&
		follow(c.Sessions, func(s Session) (ref.SessionID, ref.Version) { return s.ID, s.Version }) &&
		follow(c.Roles, func(r Role) (ref.RoleID, ref.Version) { return r.ID, r.Version }) &&
		follow(c.Keys, func(k APIKey) (ref.APIKeyID, ref.Version) { return k.ID, k.Version })
	if !ok {
		return MalformedCommit.New("an aggregate is written twice, or its version does not follow")
	}
	return nil
}

// follow tells whether each aggregate is written once, with the version behind the expected one.
func follow[T any, K comparable](writes []Write[T], of func(T) (K, ref.Version)) bool {
	var none K
	seen := make(map[K]bool, len(writes))
	for _, w := range writes {
		id, version := of(w.State)
		if id == none || seen[id] || version != w.Expected+1 {
			return false
		}
		seen[id] = true
	}
	return true
}

// Decide is what a commit means, for every store: it may become true with these facts, or the error says why not. A
// store reads the facts, and keeps them from changing, until the commit is written. Errors: MalformedCommit,
// fault.VersionConflict, EmailTaken, KeyTaken, LastOwner.
func Decide(c Commit, f Facts) error {
	if err := c.Validate(); err != nil {
		return err
	}
	version := func(id ref.AccountID) ref.Version { return f.Accounts[id].Version }
	ok := current(c.Accounts, func(a Account) ref.Version { return version(a.ID) }) &&
		current(c.Sessions, func(s Session) ref.Version { return f.Sessions[s.ID] }) &&
		current(c.Roles, func(r Role) ref.Version { return f.Roles[r.ID] }) &&
		current(c.Keys, func(k APIKey) ref.Version { return f.Keys[k.ID] })
	if !ok {
		return fault.VersionConflict.New("it was changed meanwhile; read it again")
	}
	if err := addresses(c.Accounts, f.Addresses); err != nil {
		return err
	}
	if err := digests(c.Keys, f.Digests); err != nil {
		return err
	}
	return owners(c, f)
}

// current tells whether each write expects the version that is stored.
func current[T any](writes []Write[T], stored func(T) ref.Version) bool {
	for _, w := range writes {
		if stored(w.State) != w.Expected {
			return false
		}
	}
	return true
}

// addresses refuses an address that another account has, or gets in the same commit.
func addresses(writes []Write[Account], stored map[Address]ref.AccountID) error {
	written := make(map[ref.AccountID]bool, len(writes))
	for _, w := range writes {
		written[w.State.ID] = true
	}
	taken := map[Address]bool{}
	for _, w := range writes {
		a := w.State
		if a.State == Closed {
			continue
		}
		at := Address{a.Kind, a.Email}
		owner, known := stored[at]
		if taken[at] || known && owner != a.ID && !written[owner] {
			return EmailTaken.New("another account has this e-mail address").At("email")
		}
		taken[at] = true
	}
	return nil
}

// digests refuses a key whose text another key has.
func digests(writes []Write[APIKey], stored map[Digest]ref.APIKeyID) error {
	taken := map[Digest]bool{}
	for _, w := range writes {
		owner, known := stored[w.State.Digest]
		if taken[w.State.Digest] || known && owner != w.State.ID {
			return KeyTaken.New("another API key has this text")
		}
		taken[w.State.Digest] = true
	}
	return nil
}

// owners refuses to take the last owner away.
func owners(c Commit, f Facts) error {
	if !c.TouchesStaff() {
		return nil
	}
	before, after := 0, 0
	leads := make(map[ref.AccountID]bool, len(c.Accounts))
	for _, w := range c.Accounts {
		leads[w.State.ID] = w.State.Leads()
		if w.State.Leads() {
			after++
		}
	}
	for id, fact := range f.Accounts {
		if !fact.Owner {
			continue
		}
		before++
		if _, written := leads[id]; !written {
			after++
		}
	}
	if before > 0 && after == 0 {
		return LastOwner.New("this is the last owner who can sign in; make another one first")
	}
	return nil
}
