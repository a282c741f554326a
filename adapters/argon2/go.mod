module github.com/ipswich-retail/commerce/adapters/argon2

go 1.26.0

require (
	github.com/ipswich-retail/commerce v0.0.0
	golang.org/x/crypto v0.59.0
)

require golang.org/x/sys v0.50.0 // indirect

replace github.com/ipswich-retail/commerce => ../..
