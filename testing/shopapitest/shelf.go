package shopapitest

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
)

// summary is a product in a list.
type summary struct {
	ID      string  `json:"id"`
	Slug    string  `json:"slug"`
	Title   string  `json:"title"`
	Price   *amount `json:"price"`
	InStock bool    `json:"in_stock"`
	Image   string  `json:"image"`
}

// page is a page of products.
type page struct {
	Items []summary `json:"items"`
	Next  *string   `json:"next_cursor"`
}

// product is a product with its variants.
type product struct {
	summary

	Media []struct {
		URL string `json:"url"`
	} `json:"media"`
	Variants []variant `json:"variants"`
}

// variant is what can be bought.
type variant struct {
	ID        string  `json:"id"`
	SKU       string  `json:"sku"`
	Price     *amount `json:"price"`
	InStock   bool    `json:"in_stock"`
	Available *int64  `json:"available"`
}

// shelf is what the suite found to buy.
type shelf struct {
	first, second variant      // The two that the shop has most of, of different products if it can be.
	product       product      // That of first.
	units         chan variant // One of each thing that may still be bought.
}

const (
	// needed is how many units the suite buys in all.
	needed = 65
	// looked is how many products are looked at for them.
	looked = 200
	// unlimited stands for stock that the shop does not tell.
	unlimited = 1 << 40
)

// stockShelf finds out what can be bought.
func stockShelf(t *testing.T, s *suite) shelf {
	t.Helper()
	var found []variant
	owners := make(map[string]product)
	cursor := ""
	for seen := 0; seen < looked; {
		var p page
		s.call(t, http.MethodGet, listPath(100, cursor), "").read(t, http.StatusOK, &p)
		for _, item := range p.Items {
			if seen++; !item.InStock || seen > looked {
				continue
			}
			var whole product
			s.call(t, http.MethodGet, productPath(item.ID), "").read(t, http.StatusOK, &whole)
			for _, v := range whole.Variants {
				if v.Price != nil && v.InStock {
					found, owners[v.ID] = append(found, v), whole
				}
			}
		}
		if p.Next == nil {
			break
		}
		cursor = *p.Next
	}
	slices.SortStableFunc(found, func(a, b variant) int { return cmp.Compare(stock(b), stock(a)) })
	out := shelf{units: units(found)}
	if len(found) < 2 || len(out.units) < needed {
		t.Fatalf("the suite needs two variants with a price and %d units in stock; it found %d variants with %d units among the first %d products",
			needed, len(found), len(out.units), looked)
	}
	out.first, out.second, out.product = found[0], found[1], owners[found[0].ID]
	for _, v := range found[1:] {
		if owners[v.ID].ID != out.product.ID {
			out.second = v
			break
		}
	}
	return out
}

// units spreads what the suite buys over the variants, so that a shop with one of each will do.
func units(found []variant) chan variant {
	out := make(chan variant, needed)
	for taken := int64(0); ; taken++ {
		before := len(out)
		for _, v := range found {
			if stock(v) > taken && len(out) < needed {
				out <- v
			}
		}
		if len(out) == before {
			return out
		}
	}
}

// unit is a line of one thing that is in stock and that nothing else of the suite buys.
func (s *suite) unit(t *testing.T) wanted {
	t.Helper()
	select {
	case v := <-s.shelf.units:
		return wanted{SKU: v.SKU, Quantity: 1}
	default:
		t.Fatalf("the suite buys more than %d units", needed)
		return wanted{}
	}
}

func stock(v variant) int64 {
	if v.Available == nil {
		return unlimited
	}
	return *v.Available
}

func listPath(limit int, cursor string) string {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	return "/api/v1/products?" + query.Encode()
}

func productPath(idOrSlug string) string { return "/api/v1/products/" + url.PathEscape(idOrSlug) }
