// Package erpstock shows how to sell goods that are counted elsewhere, by an ERP: it alone knows how many there are, and
// sells them by other ways too, so the shop has to ask it for each order.
//
//   - erp.go is the ERP, in memory: with item numbers of its own, and reservations;
//   - holder.go is the adapter, an ordering.StockHolder, proven by orderingtest.TestStockHolder.
//
// With a holder, a checkout first writes down the order, as claiming; then asks the ERP, with no commit open, so that a
// slow ERP holds nobody else up; and then writes down the answer. Wherever that is cut off, the order says what is to be
// done next, and the sweep (ordering.Service.SweepOrders) does it: all calls can be made twice.
package erpstock
