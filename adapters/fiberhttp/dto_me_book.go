package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/customers"
)

// BookEntry is what an address of a customer's book says. It is embedded in bodies, so exported: see CartAddress.
type BookEntry struct {
	Name            string `json:"name" minLength:"1" maxLength:"255"`
	Line1           string `json:"line1" minLength:"1" maxLength:"255"`
	Line2           string `json:"line2,omitempty" maxLength:"255"`
	City            string `json:"city" minLength:"1" maxLength:"255"`
	Region          string `json:"region,omitempty" maxLength:"255"`
	PostalCode      string `json:"postal_code" minLength:"1" maxLength:"255"`
	Country         string `json:"country" example:"GB" pattern:"^[A-Z]{2}$" patternDescription:"two capital letters of ISO 3166-1, such as GB"`
	DefaultShipping bool   `json:"default_shipping" required:"false" doc:"The one that checkout begins with; true takes the place of the one before."`
	DefaultBilling  bool   `json:"default_billing" required:"false" doc:"The one that bills begin with; true takes the place of the one before."`
}

// bookAddress is an address of a customer's book.
type bookAddress struct {
	ID string `json:"id" example:"adr_01jd8x5v9ke2vbrwkxtq4m6h3m"`

	BookEntry
}

func bookAddressOf(a customers.Address) bookAddress {
	return bookAddress{ID: a.ID.String(), BookEntry: BookEntry{
		Name: a.Name, Line1: a.Line1, Line2: a.Line2, City: a.City, Region: a.Region, PostalCode: a.PostalCode, Country: a.Country,
		DefaultShipping: a.DefaultShipping, DefaultBilling: a.DefaultBilling,
	}}
}

// address is a new address of the book.
func (e BookEntry) address() customers.Address {
	return customers.Address{
		Name: e.Name, Line1: e.Line1, Line2: e.Line2, City: e.City, Region: e.Region, PostalCode: e.PostalCode, Country: e.Country,
		DefaultShipping: e.DefaultShipping, DefaultBilling: e.DefaultBilling,
	}
}

// addressPatch changes some of an address.
type addressPatch struct {
	Name            stated[string] `json:"name,omitempty" minLength:"1" maxLength:"255"`
	Line1           stated[string] `json:"line1,omitempty" minLength:"1" maxLength:"255"`
	Line2           clearable      `json:"line2,omitempty" maxLength:"255"`
	City            stated[string] `json:"city,omitempty" minLength:"1" maxLength:"255"`
	Region          clearable      `json:"region,omitempty" maxLength:"255"`
	PostalCode      stated[string] `json:"postal_code,omitempty" minLength:"1" maxLength:"255"`
	Country         stated[string] `json:"country,omitempty" example:"GB" pattern:"^[A-Z]{2}$" patternDescription:"two capital letters of ISO 3166-1, such as GB"`
	DefaultShipping stated[bool]   `json:"default_shipping,omitempty" doc:"true takes the place of the one before."`
	DefaultBilling  stated[bool]   `json:"default_billing,omitempty" doc:"true takes the place of the one before."`
}

func (p addressPatch) change() customers.AddressChange {
	return customers.AddressChange{
		Name: p.Name.value, Line1: p.Line1.value, Line2: p.Line2.text, City: p.City.value, Region: p.Region.text, PostalCode: p.PostalCode.value,
		Country: p.Country.value, DefaultShipping: p.DefaultShipping.value, DefaultBilling: p.DefaultBilling.value,
	}
}

// consent is an entry of a customer's book of consents.
type consent struct {
	Purpose string    `json:"purpose" example:"newsletter"`
	Given   bool      `json:"given" doc:"Or withdrawn. The newest entry of a purpose counts."`
	At      time.Time `json:"at"`
	Source  string    `json:"source" doc:"Where it was said."`
	Wording string    `json:"wording" doc:"Names the text that was agreed to."`
}

func consentOf(c customers.Consent) consent {
	return consent{Purpose: c.Purpose, Given: c.Given, At: c.At.UTC(), Source: c.Source, Wording: c.Wording}
}
