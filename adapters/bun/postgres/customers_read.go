package postgres

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Customers is the store as customers.Customers.
type Customers struct{ s *Store }

var _ customers.Customers = Customers{}

// Customers gives the port customers.Customers.
func (s *Store) Customers() Customers { return Customers{s} }

const (
	sqlCustomers = `SELECT c.id, c.version, c.status, c.account_id, c.email, c.verified_at, c.name, c.phone, c.groups, c.refs, c.addresses,
		c.created_at, c.updated_at FROM `
	sqlCustomerTable = sqlCustomers + `commerce.customers c WHERE c.shop = $1`
	sqlConsents      = `SELECT customer_id, purpose, given, at, source, wording FROM commerce.customer_consents
		WHERE shop = $1 AND customer_id = $2 ORDER BY position DESC LIMIT `
)

// Customer reads a customer by its key.
func (p Customers) Customer(ctx context.Context, id ref.CustomerID) (customers.Customer, error) {
	return only(collect(ctx, p.s, scanCustomer, sqlCustomerTable+` AND c.id = $2`, p.s.cfg.Shop, [16]byte(id.UUID())))
}

// ByEmail reads the customer with an address.
func (p Customers) ByEmail(ctx context.Context, email ref.Email) (*customers.Customer, error) {
	found, err := collect(ctx, p.s, scanCustomer, sqlCustomerTable+` AND c.email = $2 AND c.email <> ''`, p.s.cfg.Shop, email.String())
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// ByReference reads whose the references of a source are.
func (p Customers) ByReference(ctx context.Context, source string, refs []string) (map[string]ref.CustomerID, error) {
	rows, err := p.s.pool.Query(ctx, `SELECT r.ref, r.customer_id FROM (SELECT DISTINCT unnest($3::text[])) AS k(ref)
		CROSS JOIN LATERAL (SELECT ref, customer_id FROM commerce.customer_refs WHERE shop = $1 AND source = $2 AND ref = k.ref OFFSET 0) r`,
		pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, source, refs)
	if err != nil {
		return nil, readError(err)
	}
	out := make(map[string]ref.CustomerID, len(refs))
	var text string
	var id [16]byte
	_, err = pgx.ForEachRow(rows, []any{&text, &id}, func() error {
		out[text] = ref.NewID[ref.CustomerKind](id)
		return nil
	})
	return out, readError(err)
}

// List reads a page along the key, backwards; that of a group along the key of its members.
func (p Customers) List(ctx context.Context, q customers.ListQuery) ([]customers.Customer, error) {
	before := pgtype.UUID{Bytes: q.Before.UUID(), Valid: true}
	if q.Before.IsZero() {
		before.Bytes = [16]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	}
	limit := ` ORDER BY c.id DESC LIMIT ` + strconv.Itoa(q.Limit)
	if q.Group == "" {
		return collect(ctx, p.s, scanCustomer, sqlCustomerTable+` AND c.id < $2`+limit, p.s.cfg.Shop, before)
	}
	return collect(ctx, p.s, scanCustomer, sqlCustomers+`(SELECT customer_id FROM commerce.customer_members
		WHERE shop = $1 AND group_key = $3 AND customer_id < $2 ORDER BY customer_id DESC LIMIT `+strconv.Itoa(q.Limit)+`) m
		CROSS JOIN LATERAL (SELECT * FROM commerce.customers WHERE shop = $1 AND id = m.customer_id OFFSET 0) c`+limit, p.s.cfg.Shop, before, q.Group)
}

// Groups reads all groups.
func (p Customers) Groups(ctx context.Context) ([]customers.Group, error) {
	return collect(ctx, p.s, func(row pgx.CollectableRow) (customers.Group, error) {
		var g customers.Group
		err := row.Scan(&g.Key, &g.Version, &g.Name, &g.Archived, &g.CreatedAt, &g.UpdatedAt)
		g.CreatedAt, g.UpdatedAt = ref.Instant(g.CreatedAt), ref.Instant(g.UpdatedAt)
		return g, err
	}, `SELECT key, version, name, archived, created_at, updated_at FROM commerce.customer_groups WHERE shop = $1 ORDER BY key COLLATE "C"`, p.s.cfg.Shop)
}

// Consents reads the newest entries of a book of consents, oldest first.
func (p Customers) Consents(ctx context.Context, id ref.CustomerID) ([]customers.Consent, error) {
	out, err := collect(ctx, p.s, func(row pgx.CollectableRow) (customers.Consent, error) {
		var e customers.Consent
		var id [16]byte
		err := row.Scan(&id, &e.Purpose, &e.Given, &e.At, &e.Source, &e.Wording)
		e.Customer, e.At = ref.NewID[ref.CustomerKind](id), ref.Instant(e.At)
		return e, err
	}, sqlConsents+strconv.Itoa(customers.ConsentsMax), p.s.cfg.Shop, [16]byte(id.UUID()))
	slices.Reverse(out)
	return out, err
}

// Count counts the customers that are not erased.
func (p Customers) Count(ctx context.Context) (n int64, err error) {
	err = p.s.pool.QueryRow(ctx, `SELECT count(*) FROM commerce.customers WHERE shop = $1 AND status <> 'erased'`, p.s.cfg.Shop).Scan(&n)
	return n, readError(err)
}

func scanCustomer(row pgx.CollectableRow) (customers.Customer, error) {
	var c customers.Customer
	var id [16]byte
	var account pgtype.UUID
	var verified *time.Time
	var refs, addresses []byte
	err := row.Scan(&id, &c.Version, &c.Status, &account, &c.Email, &verified, &c.Name, &c.Phone, &c.Groups, &refs, &addresses, &c.CreatedAt, &c.UpdatedAt)
	if err != nil {
		return c, err
	}
	c.ID, c.VerifiedAt = ref.NewID[ref.CustomerKind](id), instant(verified)
	if account.Valid {
		c.Account = ref.NewID[ref.AccountKind](account.Bytes)
	}
	c.CreatedAt, c.UpdatedAt = ref.Instant(c.CreatedAt), ref.Instant(c.UpdatedAt)
	for _, part := range []struct {
		data []byte
		into any
	}{{refs, &c.References}, {addresses, &c.Addresses}} {
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return c, corrupt(err)
		}
	}
	return c, nil
}
