package sqlite

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Customers is the store as customers.Customers.
type Customers struct{ s *Store }

var _ customers.Customers = Customers{}

// Customers gives the port customers.Customers.
func (s *Store) Customers() Customers { return Customers{s} }

const (
	customerColumns = `c.id, c.version, c.status, c.account_id, c.email, c.verified_at, c.name, c.phone, c.groups, c.refs, c.addresses, c.created_at,
		c.updated_at`
	sqlCustomer = `SELECT ` + customerColumns + ` FROM customers c WHERE `
	// A page goes along the key, backwards; that of a group along the key of its members. No id comes behind a tilde.
	sqlCustomers = sqlCustomer + `c.id < ?1 ORDER BY c.id DESC LIMIT ?2`
	sqlMembersOf = `SELECT ` + customerColumns + ` FROM customer_members m CROSS JOIN customers c ON c.id = m.customer_id
		WHERE m.group_key = ?3 AND m.customer_id < ?1 ORDER BY m.customer_id DESC LIMIT ?2`
)

// Customer reads a customer by its key.
func (p Customers) Customer(ctx context.Context, id ref.CustomerID) (customers.Customer, error) {
	return only(rowsOf(ctx, p.s.reader, scanCustomer, sqlCustomer+`c.id = ?1`, id.String()))
}

// ByEmail reads the customer with an address.
func (p Customers) ByEmail(ctx context.Context, email ref.Email) (*customers.Customer, error) {
	found, err := rowsOf(ctx, p.s.reader, scanCustomer, sqlCustomer+`c.email = ?1 AND c.email <> ''`, email)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// ByReference reads whose the references of a source are.
func (p Customers) ByReference(ctx context.Context, source string, refs []string) (map[string]ref.CustomerID, error) {
	out := make(map[string]ref.CustomerID, len(refs))
	var text string
	var id ref.CustomerID
	err := eachRow(ctx, p.s.reader, `SELECT ref, customer_id FROM customer_refs WHERE source = ?2 AND ref IN `+sqlSet, []any{jsonText(orNothing(refs)), source},
		[]any{&text, intoID(&id)}, func() { out[text] = id })
	return out, readError(err)
}

// List reads a page.
func (p Customers) List(ctx context.Context, q customers.ListQuery) ([]customers.Customer, error) {
	before := "~"
	if !q.Before.IsZero() {
		before = q.Before.String()
	}
	if q.Group == "" {
		return rowsOf(ctx, p.s.reader, scanCustomer, sqlCustomers, before, q.Limit)
	}
	return rowsOf(ctx, p.s.reader, scanCustomer, sqlMembersOf, before, q.Limit, q.Group)
}

// Groups reads all groups.
func (p Customers) Groups(ctx context.Context) ([]customers.Group, error) {
	return rowsOf(ctx, p.s.reader, func(row scanned) (customers.Group, error) {
		var g customers.Group
		return g, row.Scan(&g.Key, &g.Version, &g.Name, &g.Archived, intoTime(&g.CreatedAt), intoTime(&g.UpdatedAt))
	}, `SELECT key, version, name, archived, created_at, updated_at FROM customer_groups ORDER BY key`)
}

// Consents reads the newest entries of a book of consents, oldest first.
func (p Customers) Consents(ctx context.Context, id ref.CustomerID) ([]customers.Consent, error) {
	out, err := rowsOf(ctx, p.s.reader, func(row scanned) (customers.Consent, error) {
		var e customers.Consent
		return e, row.Scan(intoID(&e.Customer), &e.Purpose, &e.Given, intoTime(&e.At), &e.Source, &e.Wording)
	}, `SELECT customer_id, purpose, given, at, source, wording FROM customer_consents WHERE customer_id = ?1 ORDER BY position DESC LIMIT ?2`,
		id.String(), customers.ConsentsMax)
	slices.Reverse(out)
	return out, err
}

// Count counts the customers that are not erased.
func (p Customers) Count(ctx context.Context) (n int64, err error) {
	err = p.s.reader.QueryRowContext(ctx, `SELECT count(*) FROM customers WHERE status <> 'erased'`).Scan(&n)
	return n, readError(err)
}

func scanCustomer(row scanned) (customers.Customer, error) {
	var c customers.Customer
	return c, row.Scan(intoID(&c.ID), &c.Version, &c.Status, intoID(&c.Account), &c.Email, intoTime(&c.VerifiedAt), &c.Name, &c.Phone,
		intoJSON(&c.Groups), intoJSON(&c.References), intoJSON(&c.Addresses), intoTime(&c.CreatedAt), intoTime(&c.UpdatedAt))
}
