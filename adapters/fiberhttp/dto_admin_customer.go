package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/customers"
)

// staffCustomer is a customer as staff see one.
type staffCustomer struct {
	ID         string              `json:"id" example:"cus_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Version    int64               `json:"version"`
	Status     string              `json:"status" enum:"guest,registered,disabled,erased"`
	Email      string              `json:"email" doc:"Empty for who has none."`
	VerifiedAt *time.Time          `json:"verified_at" doc:"When the present address was proven; null while it is not."`
	HasAccount bool                `json:"has_account" doc:"Signs in; then the owner alone changes the address."`
	Name       string              `json:"name"`
	Phone      string              `json:"phone"`
	Groups     []string            `json:"groups" doc:"Keys of the groups that the shop put the customer into."`
	References []externalReference `json:"references" doc:"How other systems know the customer."`
	Addresses  []customerAddress   `json:"addresses"`
	Allowed    []string            `json:"allowed" enum:"disable,enable,erase" doc:"What can be done now."`
	CreatedAt  time.Time           `json:"created_at"`
	UpdatedAt  time.Time           `json:"updated_at"`
}

// externalReference names a customer in another system.
type externalReference struct {
	Source string `json:"source" minLength:"1" maxLength:"64" example:"erp"`
	Ref    string `json:"ref" minLength:"1" maxLength:"255"`
}

// customerSummary is a customer in a list.
type customerSummary struct {
	ID         string    `json:"id" example:"cus_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Status     string    `json:"status" enum:"guest,registered,disabled,erased"`
	Email      string    `json:"email"`
	Name       string    `json:"name"`
	Groups     []string  `json:"groups"`
	HasAccount bool      `json:"has_account"`
	CreatedAt  time.Time `json:"created_at"`
}

// CustomerAddressFields are what an address says. Embedded structs are exported: huma passes over others.
type CustomerAddressFields struct {
	Name            string `json:"name" minLength:"1" maxLength:"255"`
	Line1           string `json:"line1" minLength:"1" maxLength:"255"`
	Line2           string `json:"line2,omitempty" maxLength:"255"`
	City            string `json:"city" minLength:"1" maxLength:"255"`
	Region          string `json:"region,omitempty" maxLength:"255"`
	PostalCode      string `json:"postal_code" minLength:"1" maxLength:"255"`
	Country         string `json:"country" example:"GB" pattern:"^[A-Z]{2}$" patternDescription:"two capital letters of ISO 3166-1, such as GB"`
	DefaultShipping bool   `json:"default_shipping,omitempty" doc:"As the default of a purpose it takes the place of the one before."`
	DefaultBilling  bool   `json:"default_billing,omitempty"`
}

// customerAddress is an address of a customer's book.
type customerAddress struct {
	CustomerAddressFields

	ID string `json:"id" example:"adr_01jd8x5v9ke2vbrwkxtq4m6h3m"`
}

// staffConsent is an entry of a customer's book of consents.
type staffConsent struct {
	Purpose string    `json:"purpose" example:"newsletter"`
	Given   bool      `json:"given" doc:"Or withdrawn; the newest entry of a purpose counts."`
	Source  string    `json:"source" example:"staff" doc:"Where it was said."`
	Wording string    `json:"wording,omitempty" doc:"Names the text that was agreed to."`
	At      time.Time `json:"at"`
}

// customerGroup is a set of customers that the shop tells apart.
type customerGroup struct {
	Key       string    `json:"key" example:"trade"`
	Version   int64     `json:"version"`
	Name      string    `json:"name"`
	Archived  bool      `json:"archived" doc:"It counts for nothing and keeps its members."`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func staffCustomerOf(c customers.Customer) staffCustomer {
	out := staffCustomer{
		ID: c.ID.String(), Version: int64(c.Version), Status: string(c.Status), Email: c.Email.String(), VerifiedAt: shownInstant(c.VerifiedAt),
		HasAccount: !c.Account.IsZero(), Name: c.Name, Phone: c.Phone, Groups: append([]string{}, c.Groups...), References: []externalReference{},
		Addresses: []customerAddress{}, Allowed: []string{}, CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
	}
	for _, r := range c.References {
		out.References = append(out.References, externalReference(r))
	}
	for _, a := range c.Addresses {
		out.Addresses = append(out.Addresses, customerAddressOf(a))
	}
	for _, e := range customers.Machine.Allowed(c.Status) {
		if e != customers.Register { // That its owner does.
			out.Allowed = append(out.Allowed, string(e))
		}
	}
	return out
}

func customerAddressOf(a customers.Address) customerAddress {
	return customerAddress{ID: a.ID.String(), CustomerAddressFields: CustomerAddressFields{
		Name: a.Name, Line1: a.Line1, Line2: a.Line2, City: a.City, Region: a.Region, PostalCode: a.PostalCode, Country: a.Country,
		DefaultShipping: a.DefaultShipping, DefaultBilling: a.DefaultBilling,
	}}
}

// address is what the fields say, without an id.
func (f CustomerAddressFields) address() customers.Address {
	return customers.Address{
		Name: f.Name, Line1: f.Line1, Line2: f.Line2, City: f.City, Region: f.Region, PostalCode: f.PostalCode, Country: f.Country,
		DefaultShipping: f.DefaultShipping, DefaultBilling: f.DefaultBilling,
	}
}

func customerGroupOf(g customers.Group) customerGroup {
	return customerGroup{
		Key: g.Key, Version: int64(g.Version), Name: g.Name, Archived: g.Archived, CreatedAt: g.CreatedAt.UTC(), UpdatedAt: g.UpdatedAt.UTC(),
	}
}
