package ordering_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// entries makes a payment of 10.00 with entries.
func entries(in ...ordering.PaymentEntry) ordering.Payment {
	return ordering.Payment{Amount: gbp(1000), Entries: in}
}

// entry is of an amount.
func entry(kind ordering.PaymentEntryKind, minor int64) ordering.PaymentEntry {
	return ordering.PaymentEntry{Kind: kind, Amount: gbp(minor)}
}

func TestPaymentStatusOf(t *testing.T) {
	t.Parallel()
	const (
		authorized, captured, declined = ordering.EntryAuthorized, ordering.EntryCaptured, ordering.EntryDeclined
		pending, voided, refunded      = ordering.EntryPending, ordering.EntryVoided, ordering.EntryRefunded
	)
	open := entries(entry(pending, 1000))
	for name, tc := range map[string]struct {
		total    int64
		payments []ordering.Payment
		want     ordering.PaymentStatus
	}{
		"none":                    {1000, nil, ordering.PaymentNone},
		"free":                    {0, nil, ordering.PaymentNone},
		"free and pending":        {0, []ordering.Payment{entries(entry(pending, 0))}, ordering.PaymentPending},
		"free and captured":       {0, []ordering.Payment{entries(entry(captured, 0))}, ordering.PaymentPaid},
		"pending":                 {1000, []ordering.Payment{open}, ordering.PaymentPending},
		"declined":                {1000, []ordering.Payment{entries(entry(pending, 1000), entry(declined, 1000))}, ordering.PaymentNone},
		"declined and again":      {1000, []ordering.Payment{entries(entry(declined, 1000)), open}, ordering.PaymentPending},
		"authorized":              {1000, []ordering.Payment{entries(entry(pending, 1000), entry(authorized, 1000))}, ordering.PaymentAuthorized},
		"voided":                  {1000, []ordering.Payment{entries(entry(authorized, 1000), entry(voided, 1000))}, ordering.PaymentVoided},
		"voided in part":          {1000, []ordering.Payment{entries(entry(authorized, 1000), entry(voided, 400))}, ordering.PaymentAuthorized},
		"partially paid":          {1000, []ordering.Payment{entries(entry(authorized, 1000), entry(captured, 999))}, ordering.PaymentPartiallyPaid},
		"paid":                    {1000, []ordering.Payment{entries(entry(pending, 1000), entry(authorized, 1000), entry(captured, 1000))}, ordering.PaymentPaid},
		"paid in two ways":        {1000, []ordering.Payment{entries(entry(captured, 400)), entries(entry(captured, 600))}, ordering.PaymentPaid},
		"one of two ways":         {1000, []ordering.Payment{entries(entry(captured, 400)), open}, ordering.PaymentPartiallyPaid},
		"overpaid":                {1000, []ordering.Payment{entries(entry(captured, 1001))}, ordering.PaymentOverpaid},
		"partially refunded":      {1000, []ordering.Payment{entries(entry(captured, 1000), entry(refunded, 1))}, ordering.PaymentPartiallyRefunded},
		"refunded":                {1000, []ordering.Payment{entries(entry(captured, 1000), entry(refunded, 400), entry(refunded, 600))}, ordering.PaymentRefunded},
		"refunded what there was": {1000, []ordering.Payment{entries(entry(captured, 600), entry(refunded, 600))}, ordering.PaymentRefunded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := ordering.Order{Totals: ordering.Totals{Total: gbp(tc.total)}}
			if got := ordering.PaymentStatusOf(o, tc.payments); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestSettled(t *testing.T) {
	t.Parallel()
	for kind, want := range map[ordering.PaymentEntryKind]bool{
		ordering.EntryPending: false, ordering.EntryAuthorized: true, ordering.EntryCaptured: true, ordering.EntryDeclined: true,
	} {
		if got := entries(entry(kind, 1000)).Settled(); got != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
}
