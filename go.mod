module github.com/ipswich-retail/commerce

go 1.26.0
