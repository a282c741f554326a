package money_test

import (
	"encoding/json"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

func ExampleParse() {
	price, err := money.Parse("19.99", money.GBP)
	fmt.Println(price, price.Minor(), err)

	_, err = money.Parse("19.999", money.GBP)
	fmt.Println(fault.Of(err).Message())
	// Output:
	// 19.99 GBP 1999 <nil>
	// "19.999" has 3 decimals; at most 2 are permitted here
}

func ExampleMoney_Add() {
	goods, delivery := money.New(1999, money.GBP), money.New(350, money.GBP)
	fmt.Println(goods.Add(delivery))

	_, err := goods.Add(money.New(350, money.EUR))
	fmt.Println(fault.Is(err, money.CurrencyMismatch))
	// Output:
	// 23.49 GBP <nil>
	// true
}

func ExampleSum() {
	lines := []money.Money{money.New(1999, money.GBP), money.New(500, money.GBP)}
	fmt.Println(money.Sum(money.GBP, lines...))
	// Output: 24.99 GBP <nil>
}

func ExampleMoney_MulRate() {
	vat := money.NewRate(200_000) // 20 %
	fmt.Println(money.New(1999, money.GBP).MulRate(vat, money.DefaultRounding))
	// Output: 4.00 GBP <nil>
}

// The tax that a gross amount contains is rate / (1 + rate) of it.
func ExampleMoney_MulRatio() {
	vat := money.NewRate(200_000) // 20 %
	gross := money.New(1999, money.GBP)
	fmt.Println(gross.MulRatio(vat.PPM(), 1_000_000+vat.PPM(), money.DefaultRounding))
	// Output: 3.33 GBP <nil>
}

// A discount on an order is divided among its lines by their value, and not a penny is lost.
func ExampleMoney_Allocate() {
	discount := money.New(-1000, money.GBP)
	parts, err := discount.Allocate(1999, 1999, 500, 0)
	fmt.Println(parts, err)
	// Output: [-4.45 GBP -4.44 GBP -1.11 GBP 0.00 GBP] <nil>
}

func ExampleMoney_Split() {
	fmt.Println(money.New(1000, money.GBP).Split(3))
	// Output: [3.34 GBP 3.33 GBP 3.33 GBP] <nil>
}

// A price may be finer than any coin; the line is rounded, once.
func ExampleUnitPrice_Mul() {
	screw, err := money.ParseUnitPrice("0.001", money.GBP)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(screw.Mul(1_500, money.DefaultRounding))
	fmt.Println(screw.Mul(4, money.DefaultRounding))
	// Output:
	// 1.50 GBP <nil>
	// 0.00 GBP <nil>
}

func ExampleMoney_MarshalJSON() {
	text, err := json.Marshal(money.New(1999, money.GBP))
	fmt.Println(string(text), err)
	// Output: {"amount":"19.99","currency":"GBP"} <nil>
}
