package load

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// Stored is an order as the shop has it.
type Stored struct {
	ID    string
	Total int64 // In pence.
	Lines int   // How many.
}

// ReadStored reads all orders of a shop through what staff see, with an API key.
func ReadStored(ctx context.Context, client *http.Client, base, key string) ([]Stored, error) {
	var out []Stored
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				ID    string
				Lines int
				Total struct{ Amount string }
			}
			Next *string `json:"next_cursor"`
		}
		query := url.Values{"limit": {"100"}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		if err := get(ctx, client, base+"/api/v1/admin/orders?"+query.Encode(), key, &page); err != nil {
			return nil, err
		}
		for _, o := range page.Items {
			total, err := pence(o.Total.Amount)
			if err != nil {
				return nil, fmt.Errorf("order %s: %w", o.ID, err)
			}
			out = append(out, Stored{ID: o.ID, Total: total, Lines: o.Lines})
		}
		if page.Next == nil {
			return out, nil
		}
		cursor = *page.Next
	}
}

// get reads what an address shows staff.
func get(ctx context.Context, client *http.Client, address, key string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("X-API-Key", key)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// Check joins what was heard with what is stored, and lists where they do not agree: an accepted order that is not stored,
// a stored one that nobody was told of, two purchases with one order, other goods or another total than the invoice has, an
// outcome that was not settled.
func Check(purchases []*Purchase, stored []Stored) []string {
	var found []string
	report := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	orders := make(map[string]Stored, len(stored))
	for _, s := range stored {
		if _, twice := orders[s.ID]; twice {
			report("%s is listed twice", s.ID)
		}
		orders[s.ID] = s
	}
	owner := map[string]string{}
	for _, p := range purchases {
		if p.State == Unknown {
			report("%s: the outcome is unknown", p.Key)
		}
		if p.State != Accepted {
			continue
		}
		if other, taken := owner[p.Order]; taken {
			report("%s and %s were told of one order, %s", other, p.Key, p.Order)
		}
		owner[p.Order] = p.Key
		s, there := orders[p.Order]
		if !there {
			report("%s: the order %s was accepted and is not stored", p.Key, p.Order)
			continue
		}
		if want := p.Invoice.Total(); p.Total != want || s.Total != want {
			report("%s: the invoice costs %d, the answer said %d, stored is %d", p.Key, want, p.Total, s.Total)
		}
		if want := len(p.Invoice.Lines); s.Lines != want {
			report("%s: the invoice has %d lines, the order %s has %d", p.Key, want, p.Order, s.Lines)
		}
	}
	for id := range orders {
		if _, told := owner[id]; !told {
			report("the order %s is stored and nobody was told of it", id)
		}
	}
	slices.Sort(found)
	return found
}

// ReadReserved reads how much of each code orders have claimed, through what staff see.
func ReadReserved(ctx context.Context, client *http.Client, base, key string, skus []string) (map[string]int64, error) {
	out := make(map[string]int64, len(skus))
	for _, sku := range skus {
		var stock struct{ Reserved int64 }
		if err := get(ctx, client, base+"/api/v1/admin/stock/"+url.PathEscape(sku), key, &stock); err != nil {
			return nil, err
		}
		out[sku] = stock.Reserved
	}
	return out, nil
}

// CheckReserved lists the codes of which something else is claimed than accepted purchases bought, of a shop that sold
// nothing else.
func CheckReserved(purchases []*Purchase, reserved map[string]int64) []string {
	bought := map[string]int64{}
	for _, p := range purchases {
		if p.State == Accepted {
			for _, l := range p.Invoice.Lines {
				bought[l.Code] += l.Quantity
			}
		}
	}
	var found []string
	for sku, n := range reserved {
		if n != bought[sku] {
			found = append(found, fmt.Sprintf("of %s %d are claimed, %d were bought", sku, n, bought[sku]))
		}
	}
	slices.Sort(found)
	return found
}

// Hottest lists the codes that are in most invoices, at most so many.
func Hottest(invoices []Invoice, most int) []string {
	counts := map[string]int{}
	for _, i := range invoices {
		for _, l := range i.Lines {
			counts[l.Code]++
		}
	}
	codes := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	return codes[:min(most, len(codes))]
}
