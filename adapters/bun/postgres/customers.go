package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// People is the store as customers.Committer.
type People struct{ s *Store }

var _ customers.Committer = People{}

// People gives the port customers.Committer.
func (s *Store) People() People { return People{s} }

// The order of locks is customers, groups; by key within.
const (
	sqlLockCustomers  = `SELECT id, version FROM commerce.customers WHERE shop = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE`
	sqlCustomerEmails = `SELECT email, id FROM commerce.customers WHERE shop = $1 AND email = ANY ($2) AND email <> ''`
	sqlCustomerRefs   = `SELECT r.source, r.ref, r.customer_id FROM unnest($2::text[], $3::text[]) AS k(source, ref)
		CROSS JOIN LATERAL (SELECT source, ref, customer_id FROM commerce.customer_refs WHERE shop = $1 AND source = k.source AND ref = k.ref OFFSET 0) r`
	sqlLockGroups = `SELECT key, version FROM commerce.customer_groups WHERE shop = $1 AND key = ANY ($2) ORDER BY key FOR UPDATE`

	sqlInsertCustomer = `INSERT INTO commerce.customers (shop, id, version, status, account_id, email, verified_at, name, phone, groups, refs, addresses,
		created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12::jsonb, $13, $14)`
	sqlUpdateCustomer = `UPDATE commerce.customers SET version = $3, status = $4, account_id = $5, email = $6, verified_at = $7, name = $8, phone = $9,
		groups = $10, refs = $11::jsonb, addresses = $12::jsonb, created_at = $13, updated_at = $14 WHERE shop = $1 AND id = $2`
	// So that several can exchange what is unique.
	sqlFreeEmails   = `UPDATE commerce.customers SET email = '' WHERE shop = $1 AND id = ANY ($2)`
	sqlFreeRefs     = `DELETE FROM commerce.customer_refs WHERE shop = $1 AND customer_id = ANY ($2)`
	sqlFreeMembers  = `DELETE FROM commerce.customer_members WHERE shop = $1 AND customer_id = ANY ($2)`
	sqlInsertRefs   = `INSERT INTO commerce.customer_refs (shop, source, ref, customer_id) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::uuid[])`
	sqlInsertMember = `INSERT INTO commerce.customer_members (shop, group_key, customer_id) SELECT $1, * FROM unnest($2::text[], $3::uuid[])`

	sqlInsertGroup = `INSERT INTO commerce.customer_groups (shop, key, version, name, archived, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlUpdateGroup = `UPDATE commerce.customer_groups SET version = $3, name = $4, archived = $5, created_at = $6, updated_at = $7
		WHERE shop = $1 AND key = $2`
	sqlInsertConsent = `INSERT INTO commerce.customer_consents (shop, customer_id, purpose, given, at, source, wording)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
)

// Commit decides on locked facts and writes. What no lock can hold, a row that is not there yet, the unique indexes hold:
// who runs into one decides anew.
func (p People) Commit(ctx context.Context, c customers.Commit) error {
	return p.s.inTransaction(ctx, func(tx pgx.Tx) error {
		facts, err := p.facts(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := customers.Decide(c, facts); err != nil {
			return err
		}
		b := &pgx.Batch{}
		queueCustomers(b, p.s.cfg.Shop, c.Customers)
		for _, w := range c.Groups {
			g := w.State
			b.Queue(either(w.Expected, sqlInsertGroup, sqlUpdateGroup), p.s.cfg.Shop, g.Key, int64(g.Version), g.Name, g.Archived, g.CreatedAt, g.UpdatedAt)
		}
		for _, e := range c.Consents {
			b.Queue(sqlInsertConsent, p.s.cfg.Shop, [16]byte(e.Customer.UUID()), e.Purpose, e.Given, e.At, e.Source, e.Wording)
		}
		queueAudit(b, p.s.cfg.Shop, c.Audit)
		queueEvents(b, p.s.cfg.Shop, c.Events)
		return tx.SendBatch(ctx, b).Close()
	})
}

// facts locks and reads what Decide needs to know, in one round trip.
func (p People) facts(ctx context.Context, tx pgx.Tx, c customers.Commit) (customers.Facts, error) {
	f := customers.Facts{
		Customers: map[ref.CustomerID]ref.Version{}, Emails: map[ref.Email]ref.CustomerID{},
		References: map[customers.Reference]ref.CustomerID{}, Groups: map[string]ref.Version{},
	}
	b := &pgx.Batch{}
	if len(c.Customers) > 0 {
		p.queueCustomerFacts(b, c, &f)
	}
	if len(c.Groups) > 0 {
		keys := make([]string, len(c.Groups))
		for i, w := range c.Groups {
			keys[i] = w.State.Key
		}
		b.Queue(sqlLockGroups, p.s.cfg.Shop, keys).Query(func(rows pgx.Rows) error {
			var key string
			var version ref.Version
			_, err := pgx.ForEachRow(rows, []any{&key, &version}, func() error {
				f.Groups[key] = version
				return nil
			})
			return err
		})
	}
	return f, tx.SendBatch(ctx, b).Close()
}

// queueCustomerFacts locks and reads the customers of a commit.
func (p People) queueCustomerFacts(b *pgx.Batch, c customers.Commit, f *customers.Facts) {
	var ids []ref.CustomerID
	var emails, sources, texts []string
	for _, w := range c.Customers {
		ids, emails = append(ids, w.State.ID), append(emails, w.State.Email.String())
		for _, r := range w.State.References {
			sources, texts = append(sources, r.Source), append(texts, r.Ref)
		}
	}
	b.Queue(sqlLockCustomers, p.s.cfg.Shop, uuids(ids)).Query(func(rows pgx.Rows) error {
		var id [16]byte
		var version ref.Version
		_, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error {
			f.Customers[ref.NewID[ref.CustomerKind](id)] = version
			return nil
		})
		return err
	})
	b.Queue(sqlCustomerEmails, p.s.cfg.Shop, emails).Query(func(rows pgx.Rows) error {
		var email ref.Email
		var id [16]byte
		_, err := pgx.ForEachRow(rows, []any{&email, &id}, func() error {
			f.Emails[email] = ref.NewID[ref.CustomerKind](id)
			return nil
		})
		return err
	})
	if len(sources) == 0 {
		return
	}
	b.Queue(sqlCustomerRefs, p.s.cfg.Shop, sources, texts).Query(func(rows pgx.Rows) error {
		var r customers.Reference
		var id [16]byte
		_, err := pgx.ForEachRow(rows, []any{&r.Source, &r.Ref, &id}, func() error {
			f.References[r] = ref.NewID[ref.CustomerKind](id)
			return nil
		})
		return err
	})
}

// queueCustomers writes customers, with the tables by which they are found.
func queueCustomers(b *pgx.Batch, shop int32, writes []customers.Write[customers.Customer]) {
	var stored []ref.CustomerID
	var sources, texts, members []string
	var ofRef, ofMember [][16]byte
	for _, w := range writes {
		if w.Expected > 0 {
			stored = append(stored, w.State.ID)
		}
		for _, r := range w.State.References {
			sources, texts, ofRef = append(sources, r.Source), append(texts, r.Ref), append(ofRef, w.State.ID.UUID())
		}
		for _, g := range w.State.Groups {
			members, ofMember = append(members, g), append(ofMember, w.State.ID.UUID())
		}
	}
	if len(stored) > 0 {
		ids := uuids(stored)
		b.Queue(sqlFreeEmails, shop, ids)
		b.Queue(sqlFreeRefs, shop, ids)
		b.Queue(sqlFreeMembers, shop, ids)
	}
	for _, w := range writes {
		c := w.State
		b.Queue(either(w.Expected, sqlInsertCustomer, sqlUpdateCustomer), shop, [16]byte(c.ID.UUID()), int64(c.Version), string(c.Status), orNull(c.Account),
			c.Email.String(), nullTime(c.VerifiedAt), c.Name, c.Phone, slices.Clone(c.Groups), text(c.References), text(c.Addresses), c.CreatedAt, c.UpdatedAt)
	}
	if len(sources) > 0 {
		b.Queue(sqlInsertRefs, shop, sources, texts, ofRef)
	}
	if len(members) > 0 {
		b.Queue(sqlInsertMember, shop, members, ofMember)
	}
}
