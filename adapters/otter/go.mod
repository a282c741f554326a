module github.com/ipswich-retail/commerce/adapters/otter

go 1.26.0

require (
	github.com/ipswich-retail/commerce v0.0.0
	github.com/maypok86/otter/v2 v2.4.0
)

replace github.com/ipswich-retail/commerce => ../..
