package fiberhttp

import (
	"context"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	addressesPath = mePath + "/addresses"
	consentsPath  = mePath + "/consents"
	// consentSource is where a consent was said that came through these calls.
	consentSource = "account"
)

type addressesAnswer struct {
	Body struct {
		Items []bookAddress `json:"items"`
	}
}

type addAddressInput struct{ Body BookEntry }

type addressAnswer struct{ Body bookAddress }

type newAddressAnswer struct {
	Location string `header:"Location" doc:"Address of the address."`
	Body     bookAddress
}

// AddressInBook is embedded in the input of every call to an address of a customer's book.
type AddressInBook struct {
	Address string `path:"address" doc:"Its id."`
}

type addressInput struct{ AddressInBook }

type editAddressInput struct {
	AddressInBook

	Body addressPatch
}

type consentsAnswer struct {
	Body struct {
		Items []consent `json:"items"`
	}
}

type setConsentInput struct {
	Purpose string `path:"purpose" doc:"A code of lower-case letters, digits, dots, dashes and underscores, such as newsletter; at most 64."`
	Body    struct {
		Given   bool   `json:"given" doc:"Or withdrawn."`
		Wording string `json:"wording,omitempty" example:"newsletter-2026-03" maxLength:"64" doc:"Names the text that was agreed to."`
	}
}

func (r *routes) mountMyBook() {
	reads := []fault.Class{fault.Unexpected, fault.Down}
	writes := append(reads, fault.Lost)
	Op(r.server, Route{
		ID: "list-my-addresses", Method: http.MethodGet, Path: addressesPath, Tag: meTag, Auth: CustomerOnly,
		Summary: "The own book of addresses", Problems: reads,
	}, r.myAddresses)
	Command(r, Route{
		ID: "add-my-address", Method: http.MethodPost, Path: addressesPath, Tag: meTag, Auth: CustomerOnly, Success: http.StatusCreated,
		Summary: "Add an address", Problems: writes,
	}, r.addMyAddress, func(ctx context.Context, _ *addAddressInput, subject string) (*newAddressAnswer, error) {
		a, err := r.myAddress(ctx, &addressInput{AddressInBook{subject}})
		if err != nil {
			return nil, err
		}
		return &newAddressAnswer{Location: addressesPath + "/" + subject, Body: a.Body}, nil
	})
	Op(r.server, Route{
		ID: "get-my-address", Method: http.MethodGet, Path: addressesPath + "/{address}", Tag: meTag, Auth: CustomerOnly,
		Summary: "One of the own addresses", Problems: append([]fault.Class{fault.Missing}, reads...),
	}, r.myAddress)
	Op(r.server, Route{
		ID: "edit-my-address", Method: http.MethodPatch, Path: addressesPath + "/{address}", Tag: meTag, Auth: CustomerOnly,
		Summary: "Change some of an address", Description: "Orders copied what they needed and do not change.",
		Problems: append([]fault.Class{fault.Missing}, writes...),
	}, r.editMyAddress)
	Op(r.server, Route{
		ID: "remove-my-address", Method: http.MethodDelete, Path: addressesPath + "/{address}", Tag: meTag, Auth: CustomerOnly,
		Summary: "Remove an address", Success: http.StatusNoContent, Problems: append([]fault.Class{fault.Missing}, writes...),
	}, r.removeMyAddress)
	Op(r.server, Route{
		ID: "list-my-consents", Method: http.MethodGet, Path: consentsPath, Tag: meTag, Auth: CustomerOnly,
		Summary: "The own book of consents, oldest first", Description: "The newest entry of a purpose counts.", Problems: reads,
	}, r.myConsents)
	Op(r.server, Route{
		ID: "set-my-consent", Method: http.MethodPut, Path: consentsPath + "/{purpose}", Tag: meTag, Auth: CustomerOnly,
		Summary: "Give a consent or withdraw it", Description: "It is added to the book, which only grows.",
		Success: http.StatusNoContent, Problems: writes,
	}, r.setMyConsent)
}

func (r *routes) myAddresses(ctx context.Context, _ *struct{}) (*addressesAnswer, error) {
	c, err := r.Customers.Customer(ctx, PrincipalOf(ctx).Customer)
	if err != nil {
		return nil, err
	}
	out := &addressesAnswer{}
	out.Body.Items = make([]bookAddress, len(c.Addresses))
	for i, a := range c.Addresses {
		out.Body.Items[i] = bookAddressOf(a)
	}
	return out, nil
}

func (r *routes) myAddress(ctx context.Context, in *addressInput) (*addressAnswer, error) {
	c, err := r.Customers.Customer(ctx, PrincipalOf(ctx).Customer)
	if err != nil {
		return nil, err
	}
	for _, a := range c.Addresses {
		if a.ID.String() == in.Address {
			return &addressAnswer{Body: bookAddressOf(a)}, nil
		}
	}
	return nil, noAddress()
}

func (r *routes) addMyAddress(ctx context.Context, in *addAddressInput, at Attempt) (*newAddressAnswer, string, error) {
	a := in.Body.address()
	a.ID = ref.NewID[ref.AddressKind](at.ID("address"))
	a, err := r.Customers.AddAddress(ctx, PrincipalOf(ctx).Customer, a)
	if err != nil {
		return nil, "", busy(err)
	}
	id := a.ID.String()
	return &newAddressAnswer{Location: addressesPath + "/" + id, Body: bookAddressOf(a)}, id, nil
}

func (r *routes) editMyAddress(ctx context.Context, in *editAddressInput) (*addressAnswer, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	a, err := r.Customers.EditAddress(ctx, PrincipalOf(ctx).Customer, id, in.Body.change())
	if err != nil {
		return nil, busy(err)
	}
	return &addressAnswer{Body: bookAddressOf(a)}, nil
}

func (r *routes) removeMyAddress(ctx context.Context, in *addressInput) (*struct{}, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return done(busy(r.Customers.RemoveAddress(ctx, PrincipalOf(ctx).Customer, id)))
}

// id reads the id. A text that is none is answered like the id of no address.
func (a AddressInBook) id() (ref.AddressID, error) {
	id, err := ref.ParseID[ref.AddressKind](a.Address)
	if err != nil || id.IsZero() { // Which the service takes for a new one.
		return ref.AddressID{}, noAddress()
	}
	return id, nil
}

func noAddress() error { return fault.Missing.New("there is no such address") }

func (r *routes) myConsents(ctx context.Context, _ *struct{}) (*consentsAnswer, error) {
	entries, err := r.Customers.Consents(ctx, PrincipalOf(ctx).Customer)
	if err != nil {
		return nil, err
	}
	out := &consentsAnswer{}
	out.Body.Items = make([]consent, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = consentOf(e)
	}
	return out, nil
}

func (r *routes) setMyConsent(ctx context.Context, in *setConsentInput) (*struct{}, error) {
	return done(r.Customers.RecordConsent(ctx, customers.Consent{
		Customer: PrincipalOf(ctx).Customer, Purpose: in.Purpose, Given: in.Body.Given, Source: consentSource, Wording: in.Body.Wording,
	}))
}
