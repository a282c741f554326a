package customers

import "github.com/ipswich-retail/commerce/domain/ref"

// No event of this context holds a name or an address.
type (
	// CustomerSaved tells that a customer was made or changed.
	CustomerSaved struct {
		Customer ref.CustomerID `json:"customer"`
		Status   Status         `json:"status"`
		Version  ref.Version    `json:"version"`
	}
	// CustomerProven tells that a customer has an account and has proven the address.
	CustomerProven struct {
		Customer ref.CustomerID `json:"customer"`
		Account  ref.AccountID  `json:"account"`
	}
	// CustomerStatusChanged tells that a customer was disabled, enabled or erased.
	CustomerStatusChanged struct {
		Customer ref.CustomerID `json:"customer"`
		Account  ref.AccountID  `json:"account"` // None of one that has none.
		Status   Status         `json:"status"`
	}
	// ConsentRecorded tells that a consent was given or withdrawn.
	ConsentRecorded struct {
		Customer ref.CustomerID `json:"customer"`
		Purpose  string         `json:"purpose"`
		Given    bool           `json:"given"`
	}
	// GroupSaved tells that a group was made, changed or archived.
	GroupSaved struct {
		Group    string `json:"group"`
		Archived bool   `json:"archived"`
	}
)

// EventName is the event's stable name.
func (CustomerSaved) EventName() string { return "customers.customer_saved" }

// EventName is the event's stable name.
func (CustomerProven) EventName() string { return "customers.customer_proven" }

// EventName is the event's stable name.
func (CustomerStatusChanged) EventName() string { return "customers.customer_status_changed" }

// EventName is the event's stable name.
func (ConsentRecorded) EventName() string { return "customers.consent_recorded" }

// EventName is the event's stable name.
func (GroupSaved) EventName() string { return "customers.group_saved" }
