module github.com/ipswich-retail/commerce/examples

go 1.26.0

require github.com/ipswich-retail/commerce v0.0.0

replace github.com/ipswich-retail/commerce => ..
