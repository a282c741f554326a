package integration_test

import (
	"os"
	"testing"

	"github.com/ipswich-retail/commerce/testing/containers"
)

func TestMain(m *testing.M) { os.Exit(containers.Main(m)) }
