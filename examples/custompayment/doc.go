// Package custompayment shows how to take money in a way of one's own: a wallet, whose operator keeps purses for
// people. It takes what a purse has, at once or when the goods leave, and puts back what is refunded.
//
//   - operator.go is the other side: what an operator offers over the network, here in memory, with its own words,
//     its own ids and a line that can break;
//   - wallet.go is the adapter: it says the same in the words of ordering.
//
// Charging is all that a provider must do. Whatever else it can is a capability, a small interface of its own, which
// ordering finds with ports.As: one that implements no ordering.Refunder sells all the same, and its refunds wait for
// people. The suites of orderingtest prove each capability that is there.
package custompayment
