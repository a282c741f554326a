module github.com/ipswich-retail/commerce/testing/integration

go 1.26.0

require (
	github.com/ipswich-retail/commerce v0.0.0
	github.com/ipswich-retail/commerce/adapters/bun v0.0.0
	github.com/ipswich-retail/commerce/testing/containers v0.0.0
	pgregory.net/rapid v1.3.0
)

replace github.com/ipswich-retail/commerce => ../..

replace github.com/ipswich-retail/commerce/adapters/bun => ../../adapters/bun

replace github.com/ipswich-retail/commerce/testing/containers => ../containers
