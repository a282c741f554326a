package containers_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/testing/containers"
)

func TestSourceThatCannotBeHadFailsClearly(t *testing.T) {
	t.Parallel()
	const (
		noBin    = "COMMERCE_TEST_POSTGRES_BIN=/nonexistent"
		noImage  = "COMMERCE_TEST_POSTGRES_IMAGE=not/An/Image" // Capitals: refused before anything is pulled.
		noServer = "COMMERCE_TEST_DSN=postgres://nobody@127.0.0.1:1/postgres?connect_timeout=5"
	)
	tests := map[string]struct {
		test string
		env  []string
		want []string
	}{
		"unknown source": {
			env:  []string{"COMMERCE_TEST_POSTGRES=podman"},
			want: []string{`COMMERCE_TEST_POSTGRES="podman"`, "dsn, local and docker"},
		},
		"dsn that is not given": {
			env:  []string{"COMMERCE_TEST_POSTGRES=dsn", "COMMERCE_TEST_DSN="},
			want: []string{"COMMERCE_TEST_DSN is not set", "how to get one"},
		},
		"dsn that does not answer": {
			env:  []string{"COMMERCE_TEST_POSTGRES=", noServer},
			want: []string{"dsn: connect", "how to get one"},
		},
		"dsn for a test that kills its server": {
			test: "TestStoppedServerComesBack",
			env:  []string{"COMMERCE_TEST_POSTGRES=dsn", noServer},
			want: []string{"unset COMMERCE_TEST_POSTGRES or set it to local or docker"},
		},
		"local without binaries": {
			env:  []string{"COMMERCE_TEST_POSTGRES=local", noBin},
			want: []string{"local: the folder /nonexistent does not hold", "apt-get install postgresql"},
		},
		"docker without image": {
			env:  []string{"COMMERCE_TEST_POSTGRES=docker", noImage},
			want: []string{"docker: ", "how to get one"},
		},
		"none of all": {
			env:  []string{"COMMERCE_TEST_POSTGRES=", "COMMERCE_TEST_DSN=", noBin, noImage},
			want: []string{"local: ", "docker: ", "how to get one"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test := tt.test
			if test == "" {
				test = "TestServerAnswers"
			}
			out, err := child(t, test, tt.env...).CombinedOutput()
			if err == nil {
				t.Fatalf("the test passed:\n%s", out)
			}
			for _, want := range tt.want {
				if !strings.Contains(string(out), want) {
					t.Errorf("the output does not say %q:\n%s", want, out)
				}
			}
			if strings.Contains(string(out), "SKIP") || strings.Contains(string(out), "panic") {
				t.Errorf("not a plain failure:\n%s", out)
			}
		})
	}
}

func TestServerOfOthersServesTheSameTests(t *testing.T) {
	t.Parallel()
	server := containers.NewPostgres(t)
	execute(t, server.DSN(), `CREATE ROLE maker LOGIN PASSWORD 'secret' CREATEDB; CREATE ROLE guest LOGIN PASSWORD 'secret'`)
	address := connect(t, server.DSN()).Config()
	const tests = "(TestDatabaseIsEmptyAndUTF8|TestClones.*|TestDatabaseIsDroppedWithItsTest|TestSharedServer.*|TestLocalServer.*)"
	for name, dsn := range map[string]string{
		"superuser": server.DSN(),
		"CREATEDB and keywords": "host=" + address.Host + " port=" + strconv.Itoa(int(address.Port)) +
			" user=maker password=secret dbname=postgres sslmode=disable",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			passes(t, tests, "COMMERCE_TEST_POSTGRES=dsn", "COMMERCE_TEST_DSN="+dsn)
		})
	}
	t.Run("role without the right", func(t *testing.T) {
		t.Parallel()
		dsn := strings.Replace(server.DSN(), "//postgres:"+address.Password, "//guest:secret", 1)
		out, err := child(t, "TestServerAnswers", "COMMERCE_TEST_POSTGRES=dsn", "COMMERCE_TEST_DSN="+dsn).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "give it CREATEDB") {
			t.Errorf("%v:\n%s", err, out)
		}
	})
}
