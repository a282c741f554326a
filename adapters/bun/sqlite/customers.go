package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// People is the store as customers.Committer.
type People struct{ s *Store }

var _ customers.Committer = People{}

// People gives the port customers.Committer.
func (s *Store) People() People { return People{s} }

// The statements that write the aggregates of customers.
var (
	sqlPutCustomer = table{name: "customers", key: "id", columns: []string{
		"id", "version", "status", "account_id", "email", "verified_at", "name", "phone", "groups", "refs", "addresses", "created_at", "updated_at",
	}}.put()
	sqlPutGroup = table{name: "customer_groups", key: "key", columns: []string{"key", "version", "name", "archived", "created_at", "updated_at"}}.put()
)

// Commit decides on the facts and writes.
func (p People) Commit(ctx context.Context, c customers.Commit) error {
	return p.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		facts, err := readPeopleFacts(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := customers.Decide(c, facts); err != nil {
			return err
		}
		return inTurn(
			func() error { return writeCustomers(ctx, tx, c.Customers) },
			func() error { return each(ctx, tx, sqlPutGroup, c.Groups, rowOfGroup) },
			func() error {
				return each(ctx, tx, `INSERT INTO customer_consents (customer_id, purpose, given, at, source, wording) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
					c.Consents, func(e customers.Consent) []any {
						return []any{idText(e.Customer), e.Purpose, e.Given, microsOf(e.At), e.Source, e.Wording}
					})
			},
			func() error { return writeAudit(ctx, tx, c.Audit) },
			func() error { return p.s.insertEvents(ctx, tx, c.Events) },
		)
	})
}

// readPeopleFacts reads what Decide needs to know. Nobody else writes meanwhile.
func readPeopleFacts(ctx context.Context, tx *sql.Tx, c customers.Commit) (customers.Facts, error) {
	f := customers.Facts{
		Customers: map[ref.CustomerID]ref.Version{}, Emails: map[ref.Email]ref.CustomerID{},
		References: map[customers.Reference]ref.CustomerID{}, Groups: map[string]ref.Version{},
	}
	var ids []ref.CustomerID
	var emails []ref.Email
	var references []customers.Reference
	keys := []string{}
	for _, w := range c.Customers {
		ids, emails, references = append(ids, w.State.ID), append(emails, w.State.Email), append(references, w.State.References...)
	}
	for _, w := range c.Groups {
		keys = append(keys, w.State.Key)
	}
	return f, inTurn(
		func() error { return readVersions(ctx, tx, "customers", ids, f.Customers) },
		func() error {
			if len(emails) == 0 {
				return nil
			}
			var email ref.Email
			var id ref.CustomerID
			return eachRow(ctx, tx, `SELECT email, id FROM customers WHERE email IN `+sqlSet+` AND email <> ''`, []any{jsonText(emails)},
				[]any{&email, intoID(&id)}, func() { f.Emails[email] = id })
		},
		func() error {
			for _, r := range references {
				var id ref.CustomerID
				err := eachRow(ctx, tx, `SELECT customer_id FROM customer_refs WHERE source = ?1 AND ref = ?2`, []any{r.Source, r.Ref}, []any{intoID(&id)},
					func() { f.References[r] = id })
				if err != nil {
					return err
				}
			}
			return nil
		},
		func() error {
			var key string
			var version ref.Version
			return eachRow(ctx, tx, `SELECT key, version FROM customer_groups WHERE key IN `+sqlSet, []any{jsonText(keys)}, []any{&key, &version},
				func() { f.Groups[key] = version })
		},
	)
}

// writeCustomers writes customers, with the tables by which they are found.
func writeCustomers(ctx context.Context, tx *sql.Tx, writes []customers.Write[customers.Customer]) error {
	var stored []ref.CustomerID
	var references, members [][]any
	for _, w := range writes {
		id := idText(w.State.ID)
		if w.Expected > 0 {
			stored = append(stored, w.State.ID)
		}
		for _, r := range w.State.References {
			references = append(references, []any{r.Source, r.Ref, id})
		}
		for _, g := range w.State.Groups {
			members = append(members, []any{g, id})
		}
	}
	if len(stored) > 0 {
		for _, query := range []string{
			`UPDATE customers SET email = '' WHERE id IN ` + sqlSet, // So that several can exchange what is unique.
			`DELETE FROM customer_refs WHERE customer_id IN ` + sqlSet,
			`DELETE FROM customer_members WHERE customer_id IN ` + sqlSet,
		} {
			if err := exec(ctx, tx, query, idTexts(stored)); err != nil {
				return err
			}
		}
	}
	return inTurn(
		func() error { return each(ctx, tx, sqlPutCustomer, writes, rowOfCustomer) },
		func() error {
			return each(ctx, tx, `INSERT INTO customer_refs (source, ref, customer_id) VALUES (?1, ?2, ?3)`, references, itself)
		},
		func() error {
			return each(ctx, tx, `INSERT INTO customer_members (group_key, customer_id) VALUES (?1, ?2)`, members, itself)
		},
	)
}

func rowOfCustomer(w customers.Write[customers.Customer]) []any {
	c := w.State
	return []any{
		idText(c.ID), c.Version, c.Status, idText(c.Account), c.Email, nullMicros(c.VerifiedAt), c.Name, c.Phone, jsonText(c.Groups),
		jsonText(c.References), jsonText(c.Addresses), microsOf(c.CreatedAt), microsOf(c.UpdatedAt),
	}
}

func rowOfGroup(w customers.Write[customers.Group]) []any {
	g := w.State
	return []any{g.Key, g.Version, g.Name, g.Archived, microsOf(g.CreatedAt), microsOf(g.UpdatedAt)}
}
