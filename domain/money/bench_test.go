package money_test

import (
	"encoding/json"
	"testing"

	"github.com/ipswich-retail/commerce/domain/money"
)

// BenchmarkAllocate shares an amount out to ten lines.
func BenchmarkAllocate(b *testing.B) {
	weights := []int64{1999, 250, 1, 77, 12345, 9, 600, 31, 4, 850}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.New(12_345, money.GBP).Allocate(weights...); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParse reads an amount.
func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.Parse("1234.56", money.GBP); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJSON writes a unit price and reads it again.
func BenchmarkJSON(b *testing.B) {
	price := money.NewUnitPrice(9_990_000, money.GBP)
	b.ReportAllocs()
	for b.Loop() {
		text, err := json.Marshal(price)
		if err != nil {
			b.Fatal(err)
		}
		var back money.UnitPrice
		if err := json.Unmarshal(text, &back); err != nil || back != price {
			b.Fatalf("%s: %v", text, err)
		}
	}
}
