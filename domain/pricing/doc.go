// Package pricing is the context of what things cost. It names what it prices by variant id and knows nothing else
// of the catalogue, which in turn holds no money.
package pricing
