package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

type addCustomerAddressInput struct {
	CustomerAddress

	Body CustomerAddressFields
}

// BookAddress is embedded in the input of calls to an address of a customer.
type BookAddress struct {
	CustomerAddress

	Address string `path:"address" doc:"Its id."`
}

type removeCustomerAddressInput struct{ BookAddress }

type replaceCustomerAddressInput struct {
	BookAddress

	Body CustomerAddressFields
}

type consentsOfAnswer struct {
	Body struct {
		Items []staffConsent `json:"items" doc:"The oldest first; of each purpose the newest counts."`
	}
}

type recordConsentInput struct {
	CustomerAddress

	Body struct {
		Purpose string `json:"purpose" minLength:"1" maxLength:"64" pattern:"^[a-z0-9][a-z0-9._-]*$" patternDescription:"lower-case letters, digits, dots, - and _" example:"newsletter"`
		Given   bool   `json:"given" doc:"Or withdrawn."`
		Source  string `json:"source" minLength:"1" maxLength:"64" example:"staff"`
		Wording string `json:"wording,omitempty" maxLength:"64" doc:"Names the text that was agreed to."`
	}
}

// mountAdminCustomerBooks registers the calls to the addresses and consents of a customer.
func (r *routes) mountAdminCustomerBooks() {
	Command(r, Route{
		ID: "admin-add-customer-address", Method: http.MethodPost, Path: adminCustomerPath + "/addresses", Tag: adminCustomersTag, Permission: access.CustomersWrite,
		Summary: "Add an address to a customer's book", Success: http.StatusCreated, Problems: also(staffWrites, fault.Missing),
	}, r.addCustomerAddress, func(ctx context.Context, in *addCustomerAddressInput, _ string) (*customerAnswer, error) {
		return r.getCustomer(ctx, &customerInput{in.CustomerAddress})
	})
	Op(r.server, Route{
		ID: "admin-replace-customer-address", Method: http.MethodPut, Path: adminCustomerPath + "/addresses/{address}", Tag: adminCustomersTag,
		Permission: access.CustomersWrite, Summary: "Replace an address of a customer", Problems: also(staffWrites, fault.Missing),
	}, r.replaceCustomerAddress)
	Op(r.server, Route{
		ID: "admin-remove-customer-address", Method: http.MethodDelete, Path: adminCustomerPath + "/addresses/{address}", Tag: adminCustomersTag,
		Permission: access.CustomersWrite, Success: http.StatusNoContent, Summary: "Take an address out of a customer's book", Problems: also(staffWrites, fault.Missing),
	}, r.removeCustomerAddress)
	Op(r.server, Route{
		ID: "admin-list-customer-consents", Method: http.MethodGet, Path: adminCustomerPath + "/consents", Tag: adminCustomersTag, Permission: access.CustomersRead,
		Summary: "What a customer agreed to and withdrew", Problems: also(staffReads, fault.Missing),
	}, r.consentsOf)
	Command(r, Route{
		ID: "admin-record-customer-consent", Method: http.MethodPost, Path: adminCustomerPath + "/consents", Tag: adminCustomersTag, Permission: access.CustomersWrite,
		Summary: "Write down what a customer agreed to or withdrew", Success: http.StatusCreated, Problems: also(staffWrites, fault.Missing),
	}, r.recordConsent, func(ctx context.Context, in *recordConsentInput, _ string) (*consentsOfAnswer, error) {
		return r.consentsOf(ctx, &customerInput{in.CustomerAddress})
	})
}

func (r *routes) addCustomerAddress(ctx context.Context, in *addCustomerAddressInput, a Attempt) (*customerAnswer, string, error) {
	id, err := in.id()
	if err != nil {
		return nil, "", err
	}
	address := in.Body.address()
	address.ID = ref.NewID[ref.AddressKind](a.ID("address"))
	_, err = audited(ctx, r, access.CustomersWrite, "customers.address_added", id.String(), func(ctx context.Context) (customers.Address, error) {
		return r.Customers.AddAddress(ctx, id, address)
	})
	if err != nil {
		return nil, "", err
	}
	out, err := r.getCustomer(ctx, &customerInput{in.CustomerAddress})
	return out, address.ID.String(), err
}

// ids are the customer and the address that a path names.
func (in BookAddress) ids() (ref.CustomerID, ref.AddressID, error) {
	id, err := in.id()
	if err != nil {
		return id, ref.AddressID{}, err
	}
	address, err := idOf[ref.AddressKind](in.Address, "address")
	return id, address, err
}

func (r *routes) replaceCustomerAddress(ctx context.Context, in *replaceCustomerAddressInput) (*customerAnswer, error) {
	id, of, err := in.ids()
	if err != nil {
		return nil, err
	}
	address := in.Body.address()
	address.ID = of
	_, err = audited(ctx, r, access.CustomersWrite, "customers.address_replaced", id.String(), func(ctx context.Context) (customers.Address, error) {
		return r.Customers.SaveAddress(ctx, id, address)
	})
	if err != nil {
		return nil, err
	}
	return r.getCustomer(ctx, &customerInput{in.CustomerAddress})
}

func (r *routes) removeCustomerAddress(ctx context.Context, in *removeCustomerAddressInput) (*struct{}, error) {
	id, of, err := in.ids()
	if err != nil {
		return nil, err
	}
	_, err = audited(ctx, r, access.CustomersWrite, "customers.address_removed", id.String(), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, r.Customers.RemoveAddress(ctx, id, of)
	})
	return nil, err
}

func (r *routes) consentsOf(ctx context.Context, in *customerInput) (*consentsOfAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	if _, err := r.Customers.Customer(ctx, id); err != nil {
		return nil, err
	}
	entries, err := r.Customers.Consents(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &consentsOfAnswer{}
	out.Body.Items = make([]staffConsent, len(entries))
	for i, c := range entries {
		out.Body.Items[i] = staffConsent{Purpose: c.Purpose, Given: c.Given, Source: c.Source, Wording: c.Wording, At: c.At.UTC()}
	}
	return out, nil
}

func (r *routes) recordConsent(ctx context.Context, in *recordConsentInput, a Attempt) (*consentsOfAnswer, string, error) {
	id, err := in.id()
	if err != nil {
		return nil, "", err
	}
	entry := customers.Consent{Customer: id, Purpose: in.Body.Purpose, Given: in.Body.Given, Source: in.Body.Source, Wording: in.Body.Wording}
	_, err = audited(ctx, r, access.CustomersWrite, "customers.consent_recorded", id.String(), func(ctx context.Context) (struct{}, error) {
		if a.Again {
			written, err := r.Customers.Consents(ctx, id)
			if err != nil || newestIs(written, entry) {
				return struct{}{}, err
			}
		}
		return struct{}{}, r.Customers.RecordConsent(ctx, entry)
	})
	if err != nil {
		return nil, "", err
	}
	out, err := r.consentsOf(ctx, &customerInput{in.CustomerAddress})
	return out, id.String(), err
}

// newestIs tells whether the newest entry of a purpose says what this one does.
func newestIs(written []customers.Consent, entry customers.Consent) bool {
	for i := len(written) - 1; i >= 0; i-- {
		if w := written[i]; w.Purpose == entry.Purpose {
			return w.Given == entry.Given && w.Source == entry.Source && w.Wording == entry.Wording
		}
	}
	return false
}
